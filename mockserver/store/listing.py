"""Pages of tickets: what passes the filters, in order, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import Any

from pyroaring import BitMap
from sqlalchemy import select
from sqlalchemy.sql import ClauseElement

from mockserver.contract.choices import Choices
from mockserver.store.among import Among
from mockserver.store.catalogue import Catalogues, Order
from mockserver.store.database import Database
from mockserver.store.filters import SORT_KEYS, Filters, Scope
from mockserver.store.merging import Merged
from mockserver.store.own import Own, OwnRows, in_workspace
from mockserver.store.rows import Rows, in_order, one_of_some, some
from mockserver.store.shelf import Place, Shelf
from mockserver.store.tables import tickets
from mockserver.store.transaction import Row, Transaction
from mockserver.store.world import Caller, World

_BASE_MESSAGES = ("base",)


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
    hidden. The base is looked up in its catalogue, the few rows on top by SQL. Lists
    are made one at a time, as each may learn of changes for the next.
    """

    def __init__(self, database: Database, choices: Choices) -> None:
        self._database = database
        self._choices = choices
        self._catalogues = Catalogues(Shelf(database))
        self._rows = Rows(database)
        self._own = OwnRows(database)
        self._verified = database.compile(_verified(self._holding("")))
        self._turn = Lock()

    def prepare(self, base: int) -> None:
        """Read beforehand what the first lists upon a seeded layer would wait for."""
        keys = [column.name for column in SORT_KEYS.values()]
        with self._database.read() as transaction, self._turn:
            self._catalogues.prepare(transaction, base, keys)

    def page(
        self, caller: Caller, given: Mapping[str, Any], sort: Sequence[str], number: int, size: int
    ) -> Page:
        """Return a page: `given` maps filters to typed values, `sort` such as `-created_at`."""
        filters = Filters(given, caller.user, self._choices)
        key = SORT_KEYS[sort[0].removeprefix("-")].name
        with self._database.read() as transaction, self._turn:
            place = Place(caller.world.base, caller.workspace)
            order = self._catalogues.open(transaction, place).order(transaction, key)
            if caller.world.changes or len(sort) > 1:
                order.read_times(transaction)
            own = self._own.of(transaction, caller, filters, order)
            merged = Merged(order, self._chosen(transaction, order, filters), own)
            start, stop = (number - 1) * size, min(number * size, len(merged))
            if start >= stop:
                return Page([], number, size, len(merged))
            rows = self._read(transaction, caller.world, (merged, own), sort, slice(start, stop))
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
        place = order.catalogue.place
        values = {"base": place.layer, "workspace": place.workspace, **self._holding(term).values}
        parts = (transaction.all(self._verified, **values, **these) for these in some(ids))
        return [row[0] for rows in parts for row in rows]

    def _holding(self, term: str) -> Filters:
        return Filters({"search": term}, 0, replace(self._choices, search="substring"))

    def _read(
        self,
        transaction: Transaction,
        world: World,
        found: tuple[Merged, Own],
        sort: Sequence[str],
        wanted: slice,
    ) -> list[Row]:
        """Return the rows of a part of the list, in the order asked for."""
        merged, changed = found
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
        touched = {id: changed.touched[id] for id in own}
        rows += self._rows.own(transaction, world.layer, touched)
        skip = last - stop if falling else start - first
        return in_order(rows, sort)[skip : skip + stop - start]


def _verified(filters: Filters) -> ClauseElement:
    conditions = filters.conditions(Scope(tickets, _BASE_MESSAGES))
    return select(tickets.c.id).where(*in_workspace("base"), *conditions, one_of_some())
