"""Pages of tickets: what passes the filters, in order, and how many there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, select, union_all
from sqlalchemy.sql import ClauseElement

from mockserver.choices import Choices
from mockserver.store.database import Database, Statement, Transaction
from mockserver.store.filters import SORT_KEYS, Filters, Scope, order
from mockserver.store.tables import tickets
from mockserver.store.worlds import Caller

_KEPT = 2_000
"""Statements and totals remembered; far more than one application asks for."""

_BASE_MESSAGES = ("base",)
_ALL_MESSAGES = ("layer", "base")


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
    """Lists the tickets of a world: its base layer under its own.

    A ticket with a row in the world's own layer is that row; the base's is then
    shadowed. The base never changes, so what was counted there once stays true.
    """

    def __init__(self, database: Database, choices: Choices) -> None:
        self._database = database
        self._choices = choices
        self._statements: dict[Any, Statement] = {}
        self._base_totals: dict[Any, int] = {}

    def page(
        self, caller: Caller, given: Mapping[str, Any], sort: Sequence[str], number: int, size: int
    ) -> Page:
        """Return a page: `given` maps filters to typed values, `sort` such as `-created_at`."""
        filters = Filters(given, caller.user, self._choices)
        values = _values(caller) | filters.values
        changed = caller.world.changes > 0
        with self._database.read() as transaction:
            total = self._total(transaction, caller, filters, values)
            skip = (number - 1) * size
            if skip >= total:
                return Page([], number, size, total)
            build = _merged_rows if changed else _base_rows
            statement = self._compiled(
                (build, tuple(sort), filters.shape), lambda: build(filters, sort)
            )
            found = transaction.all(statement, **values, size=size, skip=skip)
        return Page([row[0] for row in found], number, size, total)

    def _total(
        self, transaction: Transaction, caller: Caller, filters: Filters, values: dict[str, Any]
    ) -> int:
        total = self._base_total(transaction, caller, filters, values)
        if not caller.world.changes:
            return total
        own = self._compiled((_own_count, filters.shape), lambda: _own_count(filters))
        shadowed = self._compiled(
            (_shadowed_count, filters.shape), lambda: _shadowed_count(filters)
        )
        return total + _count(transaction, own, values) - _count(transaction, shadowed, values)

    def _base_total(
        self, transaction: Transaction, caller: Caller, filters: Filters, values: dict[str, Any]
    ) -> int:
        key = (caller.world.base, caller.workspace, filters.key)
        if key not in self._base_totals:
            statement = self._compiled((_base_count, filters.shape), lambda: _base_count(filters))
            _bound(self._base_totals)
            self._base_totals[key] = _count(transaction, statement, values)
        return self._base_totals[key]

    def _compiled(self, key: Any, build: Callable[[], ClauseElement]) -> Statement:
        if key not in self._statements:
            _bound(self._statements)
            self._statements[key] = self._database.compile(build())
        return self._statements[key]


def _base_rows(filters: Filters, sort: Sequence[str]) -> ClauseElement:
    chosen = _where(select(tickets.c.item), tickets, "base", filters)
    return _sliced(chosen.order_by(*order(sort, tickets.c)))


def _merged_rows(filters: Filters, sort: Sequence[str]) -> ClauseElement:
    """Both layers, each in the order of its index, so that the database merges as it reads."""
    keys = [SORT_KEYS[key.removeprefix("-")] for key in dict.fromkeys(sort)]
    columns = [tickets.c.item, *dict.fromkeys([*keys, tickets.c.id])]
    own = _where(select(*columns), tickets, "layer", filters)
    base = _where(select(*columns), tickets, "base", filters).where(~_shadow())
    both = union_all(own, base)
    return _sliced(both.order_by(*order(sort, both.selected_columns)))


def _base_count(filters: Filters) -> ClauseElement:
    return _where(select(func.count()).select_from(tickets), tickets, "base", filters)


def _own_count(filters: Filters) -> ClauseElement:
    return _where(select(func.count()).select_from(tickets), tickets, "layer", filters)


def _shadowed_count(filters: Filters) -> ClauseElement:
    newer = tickets.alias("newer")
    own = select(newer.c.id).where(newer.c.layer == bindparam("layer"))
    counted = _where(select(func.count()).select_from(tickets), tickets, "base", filters)
    return counted.where(tickets.c.id.in_(own))


def _where(chosen: Select[Any], rows: Any, layer: str, filters: Filters) -> Select[Any]:
    scope = Scope(rows, _BASE_MESSAGES if layer == "base" else _ALL_MESSAGES)
    place = (rows.c.layer == bindparam(layer), rows.c.workspace == bindparam("workspace"))
    return chosen.where(*place, *filters.conditions(scope))


def _shadow() -> Any:
    newer = tickets.alias("newer")
    return exists().where(newer.c.layer == bindparam("layer"), newer.c.id == tickets.c.id)


def _sliced(chosen: Any) -> ClauseElement:
    sliced: ClauseElement = chosen.limit(bindparam("size")).offset(bindparam("skip"))
    return sliced


def _values(caller: Caller) -> dict[str, Any]:
    world = caller.world
    return {"layer": world.layer, "base": world.base, "workspace": caller.workspace}


def _count(transaction: Transaction, statement: Statement, values: dict[str, Any]) -> int:
    row = transaction.one(statement, **values)
    return int(row[0]) if row else 0


def _bound(kept: dict[Any, Any]) -> None:
    """Make room: the oldest half goes, which costs nothing until it is asked for again."""
    if len(kept) >= _KEPT:
        for key in list(kept)[: _KEPT // 2]:
            kept.pop(key, None)
