"""Pages of tickets: what passes the filters, in order, and how many there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pyroaring import BitMap
from sqlalchemy import and_, bindparam, case, select, true
from sqlalchemy.sql import ClauseElement

from mockserver.choices import Choices
from mockserver.store.among import Among
from mockserver.store.catalogue import Catalogues, Order
from mockserver.store.database import Database
from mockserver.store.filters import SORT_KEYS, Filters, Scope
from mockserver.store.merging import NOTHING, Entry, Merged, Own
from mockserver.store.rows import Rows, in_order, one_of_some, some
from mockserver.store.shelf import Place, Shelf
from mockserver.store.tables import tickets
from mockserver.store.transaction import Row, Statement, Transaction
from mockserver.store.worlds import Caller, World

_KEPT = 2_000
"""Statements remembered; far more than one application asks for."""

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
    hidden. The base is looked up in its catalogue, the few rows on top by SQL.
    """

    def __init__(self, database: Database, choices: Choices) -> None:
        self._database = database
        self._choices = choices
        self._catalogues = Catalogues(Shelf(database))
        self._rows = Rows(database)
        self._statements: dict[Any, Statement] = {}

    def page(
        self, caller: Caller, given: Mapping[str, Any], sort: Sequence[str], number: int, size: int
    ) -> Page:
        """Return a page: `given` maps filters to typed values, `sort` such as `-created_at`."""
        filters = Filters(given, caller.user, self._choices)
        key = SORT_KEYS[sort[0].removeprefix("-")].name
        with self._database.read() as transaction:
            place = Place(caller.world.base, caller.workspace)
            order = self._catalogues.open(transaction, place).order(transaction, key)
            if caller.world.changes or len(sort) > 1:
                order.read_times(transaction)
            own = self._own(transaction, caller, filters, order)
            merged = Merged(order, self._chosen(transaction, order, filters), own)
            start, stop = (number - 1) * size, min(number * size, len(merged))
            if start >= stop:
                return Page([], number, size, len(merged))
            rows = self._read(transaction, caller.world, merged, sort, slice(start, stop))
        return Page([row[0] for row in rows], number, size, len(merged))

    def _chosen(self, transaction: Transaction, order: Order, filters: Filters) -> BitMap:
        """Return the tickets of the base that pass, by their rank."""
        if not filters.shape:
            return order.all
        among = Among(order, transaction, partial(self._verify, transaction, order))
        return order.remember(filters.key, lambda: filters.chosen(among))

    def _verify(
        self, transaction: Transaction, order: Order, ids: Sequence[int], term: str
    ) -> list[int]:
        """Return those of the base's tickets that hold a term, from their texts."""
        reading = Filters({"search": term}, 0, replace(self._choices, search="substring"))
        statement = self._statement(("verify", reading.shape), lambda: _verify(reading))
        place = order.catalogue.place
        values = {"base": place.layer, "workspace": place.workspace, **reading.values}
        return [
            row[0] for these in some(ids) for row in transaction.all(statement, **values, **these)
        ]

    def _own(self, transaction: Transaction, caller: Caller, filters: Filters, order: Order) -> Own:
        """Return the world's own rows that pass, and which tickets of the base they hide."""
        world = caller.world
        if not world.changes:
            return NOTHING
        values = {"layer": world.layer, "base": world.base, "workspace": caller.workspace}
        key, shape = order.key, filters.shape
        own = self._statement(("own", key, shape), lambda: _own(key, filters))
        rows = transaction.all(own, **(values | filters.values))
        self._place(transaction, order, [row[1] for row in rows], values)
        places = [order.places[row[1]] for row in rows]
        return Own(
            sorted(Entry(time, id) for time, id, passes in rows if passes),
            BitMap(place for place in places if place is not None),
        )

    def _place(
        self, transaction: Transaction, order: Order, ids: Sequence[int], values: dict[str, Any]
    ) -> None:
        """Find out where tickets stand in the base; what is found once stays true."""
        if all(id in order.places for id in ids):
            return
        below = self._statement(("below", order.key), lambda: _below(order.key))
        found = {id: order.place(time, id) for time, id in transaction.all(below, **values)}
        order.places.update({id: found.get(id) for id in ids})

    def _read(
        self,
        transaction: Transaction,
        world: World,
        merged: Merged,
        sort: Sequence[str],
        wanted: slice,
    ) -> list[Row]:
        """Return the rows of a part of the list, in the order asked for."""
        falling = sort[0].startswith("-")
        start, stop = wanted.start, wanted.stop
        if falling:
            start, stop = len(merged) - stop, len(merged) - start
        alone = len(sort) == 1
        # Tickets that are tied by the first of several keys may stand on other pages.
        first, last = (start, stop) if alone else merged.widened(start, stop)
        own, base = merged.between(first, last)
        rows = self._rows.seeded(transaction, world.base, base)
        if alone and not own:
            return rows[::-1] if falling else rows
        rows += self._rows.own(transaction, world.layer, own)
        skip = last - stop if falling else start - first
        return in_order(rows, sort)[skip : skip + stop - start]

    def _statement(self, key: Any, build: Callable[[], ClauseElement]) -> Statement:
        if key not in self._statements:
            _bound(self._statements)
            self._statements[key] = self._database.compile(build())
        return self._statements[key]


def _own(key: str, filters: Filters) -> ClauseElement:
    passes = and_(true(), *filters.conditions(Scope(tickets, _ALL_MESSAGES)))
    columns = (tickets.c[key], tickets.c.id, case((passes, 1), else_=0))
    return select(*columns).where(*_in_workspace("layer"))


def _below(key: str) -> ClauseElement:
    """The base's rows of the tickets that the world has rows of, too."""
    own = tickets.alias("own")
    newer = select(own.c.id).where(own.c.layer == bindparam("layer"))
    return select(tickets.c[key], tickets.c.id).where(
        *_in_workspace("base"), tickets.c.id.in_(newer)
    )


def _verify(filters: Filters) -> ClauseElement:
    conditions = filters.conditions(Scope(tickets, _BASE_MESSAGES))
    return select(tickets.c.id).where(*_in_workspace("base"), *conditions, one_of_some())


def _in_workspace(layer: str) -> tuple[Any, ...]:
    return tickets.c.layer == bindparam(layer), tickets.c.workspace == bindparam("workspace")


def _bound(kept: dict[Any, Any]) -> None:
    """Make room: the oldest half goes, which costs nothing until it is asked for again."""
    if len(kept) >= _KEPT:
        for key in list(kept)[: _KEPT // 2]:
            kept.pop(key, None)
