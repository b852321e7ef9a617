"""Pages of tickets: which pass the filters, in order, and how many there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, func, literal_column, select, union_all
from sqlalchemy.sql import ClauseElement

from mockserver.contract.choices import Choices
from mockserver.store.database import Database
from mockserver.store.database.schema import items, ticket_counts, tickets
from mockserver.store.database.transaction import Statement, Transaction
from mockserver.store.tickets.filters import SORT_KEYS, Filters
from mockserver.store.world import Caller

_SHAPES = 1_000
"""Compiled statements kept; far more than one application asks for."""

_FEW = 1_000
"""Found texts that are sorted; of more, a page is read in order until it is full."""


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
    """Lists the tickets of a world: the rows of its own layer, and those below that they leave."""

    def __init__(self, database: Database, choices: Choices) -> None:
        self._database = database
        self._choices = choices
        self._statement = lru_cache(maxsize=_SHAPES)(self._compile)

    def page(
        self, caller: Caller, given: Mapping[str, Any], sort: Sequence[str], number: int, size: int
    ) -> Page:
        """Return a page: `given` maps filters to typed values, `sort` such as `-created_at`."""
        query = _Query(
            Filters(given, caller.user, self._choices, self._database.engine),
            tuple(sort),
            changed=caller.world.changes > 0,
        )
        values = {
            "base": caller.world.base,
            "layer": caller.world.layer,
            "workspace": caller.workspace,
            **query.filters.values,
        }
        with self._database.read() as transaction:
            if query.filters.scans and number == 1:
                # Every text may have to be compared for the page: then it is the whole list.
                rows = self._rows(transaction, query, values, slice(0, size), size)
                if len(rows) < size:
                    return Page(rows, number, size, len(rows))
            counted = transaction.one(self._statement("count", query), **values)
            total = int(counted[0] or 0) if counted else 0
            first = (number - 1) * size
            if first >= total:
                return Page([], number, size, total)
            wanted = slice(first, min(first + size, total))
            rows = self._rows(transaction, query, values, wanted, total)
        return Page(rows, number, size, total)

    def _rows(
        self,
        transaction: Transaction,
        query: "_Query",
        values: Mapping[str, Any],
        wanted: slice,
        total: int,
    ) -> list[bytes]:
        """Return the items of a part of the list, read from the end that is nearer."""
        backwards = wanted.start > total // 2
        first = total - wanted.stop if backwards else wanted.start
        by_text = query.filters.indexed and total <= _FEW
        statement = self._statement("page", query, backwards, by_text)
        limits = {"limit": wanted.stop - wanted.start, "offset": first}
        rows = [row[0] for row in transaction.all(statement, **values, **limits)]
        return rows[::-1] if backwards else rows

    def _compile(self, kind: str, query: "_Query", *how: bool) -> Statement:
        return self._database.compile(query.count() if kind == "count" else query.page(*how))


class _Query:
    """A list to build statements for; equal to every other of the same shape."""

    def __init__(self, filters: Filters, sort: tuple[str, ...], *, changed: bool) -> None:
        self.filters = filters
        self._sort = sort
        self._changed = changed
        self._shape = (filters.shape, sort, changed)

    def __hash__(self) -> int:
        return hash(self._shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Query) and self._shape == other._shape

    def count(self) -> Any:
        if self.filters.counted:
            names = ("base", "layer") if self._changed else ("base",)
            layers: list[Any] = [bindparam(name) for name in names]
            return select(func.sum(ticket_counts.c.tickets)).where(
                ticket_counts.c.layer.in_(layers),
                ticket_counts.c.workspace == bindparam("workspace"),
                *self.filters.conditions(ticket_counts, "base"),
            )
        by_text = self.filters.indexed
        if not self._changed:
            return self._base(by_text, func.count())
        rows = [each(by_text, tickets.c.id) for each in (self._base, self._own)]
        return select(func.count()).select_from(union_all(*rows).subquery())

    def page(self, backwards: bool, by_text: bool) -> ClauseElement:
        """Return the items of a page, in order; ties are broken by id, as the last key runs."""
        falling = {
            SORT_KEYS[key.removeprefix("-")]: key.startswith("-") for key in reversed(self._sort)
        }
        falling = dict(reversed(falling.items()))  # of a key given twice, the first counts
        falling["id"] = self._sort[-1].startswith("-")
        columns = [tickets.c.layer, *(tickets.c[name] for name in falling)]
        chosen: Any = self._base(by_text, *columns)
        if self._changed:
            chosen = union_all(chosen, self._own(by_text, *columns))

        def order(column: Callable[[str], Any]) -> list[Any]:
            return [
                column(name).desc() if down is not backwards else column(name).asc()
                for name, down in falling.items()
            ]

        by_name = order(lambda name: literal_column(name, Integer))
        page = chosen.order_by(*by_name).limit(bindparam("limit")).offset(bindparam("offset"))
        found = page.subquery("page")
        return (
            select(items.c.item)
            .select_from(found)
            .join(items, and_(items.c.layer == found.c.layer, items.c.id == found.c.id))
            .order_by(*order(lambda name: found.c[name]))
        )

    def _base(self, by_text: bool, *columns: Any) -> Any:
        """Choose among the seeded rows that no row of the world's own layer replaces."""
        chosen = self._choose("base", by_text, *columns)
        if not self._changed:
            return chosen
        own = tickets.alias("own")
        replaced = exists().where(own.c.layer == bindparam("layer"), own.c.id == tickets.c.id)
        return chosen.where(~replaced)

    def _own(self, by_text: bool, *columns: Any) -> Any:
        return self._choose("layer", by_text, *columns)

    def _choose(self, layer: str, by_text: bool, *columns: Any) -> Any:
        # As parts of expressions, these columns keep SQLite from reading every row in the order
        # of another index, with a lookup of each text among those found.
        place: dict[str, Any] = {"layer": bindparam(layer), "workspace": bindparam("workspace")}
        return (
            select(*columns)
            .select_from(tickets)
            .where(
                *(
                    (tickets.c[name] + 0 if by_text else tickets.c[name]) == value
                    for name, value in place.items()
                ),
                *self.filters.conditions(tickets, layer),
            )
        )
