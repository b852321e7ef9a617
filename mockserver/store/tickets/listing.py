"""Pages of tickets: which pass the filters, in order, and how many there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, func, literal_column, select, union_all

from mockserver.contract.choices import Choices
from mockserver.store.database import Database
from mockserver.store.database.schema import items, ticket_counts, tickets
from mockserver.store.database.transaction import Statement, Transaction
from mockserver.store.tickets.filters import SORT_KEYS, Context, Filters
from mockserver.store.world import Caller

_SHAPES = 1_000
"""Compiled statements kept; far more than one application asks for."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rendered tickets of page `number` (from 1) among the `total` that pass the filters."""

    rows: list[bytes]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))


class Listing:
    """Lists the tickets of a world: the rows of its own layer, and the seeded ones not in it."""

    def __init__(self, database: Database, choices: Choices) -> None:
        self._database = database
        self._choices = choices
        self._statement = lru_cache(maxsize=_SHAPES)(self._compile)

    def page(
        self, caller: Caller, given: Mapping[str, Any], sort: Sequence[str], number: int, size: int
    ) -> Page:
        """Return a page: `given` maps filters to typed values, `sort` such as `-created_at`."""
        context = Context(caller.user, self._choices, sqlite=self._database.is_sqlite)
        query = _Query(Filters(given, context), tuple(sort), caller.world.changes > 0)
        values = {
            "base": caller.world.base,
            "layer": caller.world.layer,
            "workspace": caller.workspace,
            **query.filters.values,
        }
        wanted = slice((number - 1) * size, number * size)
        read = self._counted if query.filters.counted else self._found
        with self._database.read() as transaction:
            rows, total = read(transaction, query, values, wanted)
        return Page(rows, number, size, total)

    def _counted(
        self, transaction: Transaction, query: "_Query", values: Mapping[str, Any], wanted: slice
    ) -> tuple[list[bytes], int]:
        """Read the total from the counts, and the page from the end that is nearer."""
        counted = transaction.one(self._statement("count", query), **values)
        total = int(counted[0] or 0) if counted else 0
        stop = min(wanted.stop, total)
        if wanted.start >= stop:
            return [], total
        backwards = wanted.start > total // 2
        offset = total - stop if backwards else wanted.start
        statement = self._statement("backwards" if backwards else "page", query)
        limits = {"limit": stop - wanted.start, "offset": offset}
        rows = [row[0] for row in transaction.all(statement, **values, **limits)]
        return (rows[::-1] if backwards else rows), total

    def _found(
        self, transaction: Transaction, query: "_Query", values: Mapping[str, Any], wanted: slice
    ) -> tuple[list[bytes], int]:
        """Read a page and the total together, where tickets must be found to be counted."""
        limits = {"limit": wanted.stop - wanted.start, "offset": wanted.start}
        rows = transaction.all(self._statement("found", query), **values, **limits)
        if rows or not wanted.start:
            return [row[0] for row in rows], int(rows[0][1]) if rows else 0
        counted = transaction.one(self._statement("count", query), **values)
        return [], int(counted[0]) if counted else 0

    def _compile(self, kind: str, query: "_Query") -> Statement:
        if kind == "count":
            return self._database.compile(query.count())
        if kind == "found":
            return self._database.compile(query.found())
        return self._database.compile(query.page(backwards=kind == "backwards"))


class _Query:
    """A list to build statements for; equal to every other of the same shape."""

    def __init__(self, filters: Filters, sort: tuple[str, ...], changed: bool) -> None:
        self.filters = filters
        self._changed = changed
        self._shape = (filters.shape, sort, changed)
        # Ties are broken by id, as the last key runs; of a key given twice, the first counts.
        keys = [(SORT_KEYS[key.removeprefix("-")], key.startswith("-")) for key in sort]
        self._falling = {**dict(reversed(keys)), "id": keys[-1][1]}
        self._order = [*dict(keys), "id"]

    def __hash__(self) -> int:
        return hash(self._shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Query) and self._shape == other._shape

    def count(self) -> Any:
        if not self.filters.counted:
            return select(func.count()).select_from(self._rows().subquery())
        names = ("base", "layer") if self._changed else ("base",)
        layers: list[Any] = [bindparam(name) for name in names]
        return select(func.sum(ticket_counts.c.tickets)).where(
            ticket_counts.c.layer.in_(layers),
            ticket_counts.c.workspace == bindparam("workspace"),
            *self.filters.conditions(ticket_counts, "base"),
        )

    def page(self, *, backwards: bool) -> Any:
        """Return the items of a page, in order."""
        order = self._ordered(lambda name: literal_column(name, Integer), backwards=backwards)
        page = self._rows().order_by(*order).limit(bindparam("limit")).offset(bindparam("offset"))
        return self._items(page.subquery("page"), backwards=backwards)

    def found(self) -> Any:
        """Return the items of a page, in order, each with the number of all that were found."""
        found = self._rows().cte("found")  # used twice, it is computed once
        page = (
            select(*found.c)
            .order_by(*self._ordered(lambda name: found.c[name]))
            .limit(bindparam("limit"))
            .offset(bindparam("offset"))
        )
        total = select(func.count()).select_from(found).scalar_subquery()
        return self._items(page.subquery("page")).add_columns(total)

    def _items(self, page: Any, *, backwards: bool = False) -> Any:
        return (
            select(items.c.item)
            .select_from(page)
            .join(items, and_(items.c.layer == page.c.layer, items.c.id == page.c.id))
            .order_by(*self._ordered(lambda name: page.c[name], backwards=backwards))
        )

    def _ordered(self, column: Callable[[str], Any], *, backwards: bool = False) -> list[Any]:
        return [
            column(name).desc() if self._falling[name] is not backwards else column(name).asc()
            for name in self._order
        ]

    def _rows(self) -> Any:
        """Choose the rows that pass, and of a ticket the row of the world's own layer."""
        columns = [tickets.c.layer, *(tickets.c[name] for name in self._order)]
        seeded = self._choose("base", columns)
        if not self._changed:
            return seeded
        own = tickets.alias("own")
        replaced = exists().where(own.c.layer == bindparam("layer"), own.c.id == tickets.c.id)
        return union_all(seeded.where(~replaced), self._choose("layer", columns))

    def _choose(self, layer: str, columns: list[Any]) -> Any:
        # As parts of expressions, these columns keep SQLite from reading every row in the order
        # of another index, with a lookup of each text among those found.
        place = {
            name: tickets.c[name] + 0 if self.filters.indexed else tickets.c[name]
            for name in ("layer", "workspace")
        }
        return select(*columns).where(
            place["layer"] == bindparam(layer),
            place["workspace"] == bindparam("workspace"),
            *self.filters.conditions(tickets, layer),
        )
