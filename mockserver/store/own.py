"""A world's own rows in a list: what is known of them is kept up with the world's changes."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pyroaring import BitMap
from sqlalchemy import and_, bindparam, case, select, true
from sqlalchemy.sql import ClauseElement

from mockserver.store.catalogue import Order
from mockserver.store.database import Database
from mockserver.store.filters import Filters, Scope
from mockserver.store.rows import one_of_some, some
from mockserver.store.statements import Statements
from mockserver.store.tables import tickets
from mockserver.store.transaction import Row, Transaction
from mockserver.store.world import Caller, World

_LISTS = 300
"""Lists whose own rows are known."""

_ROWS = 50_000
"""Rows known, over all lists; one takes about 350 bytes."""

_ALL_MESSAGES = ("layer", "base")


class Entry(NamedTuple):
    """One of a world's own rows in the list."""

    time: int
    id: int


class Own:
    """A world's own rows of a workspace under some filters, up to a state of the world."""

    def __init__(self) -> None:
        self.state = -1
        self.entries: list[Entry] = []
        """Those that pass, ascending."""
        self.ranks: list[int] = []
        """How many of the base's tickets come before each of them."""
        self.hidden = BitMap()
        """Ranks of the base's tickets that rows hide, whether they pass or not."""
        self.touched: dict[int, int] = {}
        """By the id of a ticket: the state that its row came with."""
        self._times: dict[int, int] = {}

    def hear(self, order: Order, rows: Iterable[Row]) -> None:
        """Take in new and changed rows: time, id, state they came with, whether they pass."""
        for time, id, touched, passes in sorted(map(tuple, rows)):
            self._drop(id)
            if passes:
                self._add(order, Entry(time, id))
            self.touched[id] = touched
            if (place := order.places[id]) is not None:
                self.hidden.add(place)

    def _add(self, order: Order, entry: Entry) -> None:
        at = bisect_left(self.entries, entry)
        self.entries.insert(at, entry)
        self.ranks.insert(at, order.place(*entry))
        self._times[entry.id] = entry.time

    def _drop(self, id: int) -> None:
        if (time := self._times.pop(id, None)) is not None:
            at = bisect_left(self.entries, Entry(time, id))
            del self.entries[at], self.ranks[at]


class OwnRows:
    """Finds the own rows of worlds; those of one list must not be asked for by two at a time."""

    def __init__(self, database: Database) -> None:
        self._statements = Statements(database)
        self._known: OrderedDict[Any, Own] = OrderedDict()

    def of(self, transaction: Transaction, caller: Caller, filters: Filters, order: Order) -> Own:
        """Return what passes of a caller's world and workspace, in an order of its base."""
        world = caller.world
        if not world.changes:
            return Own()
        key = (world.layer, caller.workspace, order.key, filters.key)
        own = self._remembered(world, key)
        if own.state != world.state:
            values = {"layer": world.layer, "base": world.base, "workspace": caller.workspace}
            changed = self._statements.of(
                ("own", order.key, filters.shape), lambda: _changed(order, filters)
            )
            rows = transaction.all(changed, since=own.state, **values, **filters.values)
            self._place(transaction, order, [row[1] for row in rows], values)
            own.hear(order, rows)
            own.state = -1 if world.state is None else world.state
        return own

    def _remembered(self, world: World, key: Any) -> Own:
        """Return what is known, if it holds in this state of the world or an earlier one."""
        known = self._known.get(key)
        if world.state is None or (known is not None and known.state > world.state):
            return Own()
        if known is None or known.state < world.cleared:
            known = self._known[key] = Own()
            self._make_room()
        self._known.move_to_end(key)
        return known

    def _make_room(self) -> None:
        rows = sum(len(own.touched) for own in self._known.values())
        while len(self._known) > 1 and (len(self._known) > _LISTS or rows > _ROWS):
            _, gone = self._known.popitem(last=False)
            rows -= len(gone.touched)

    def _place(
        self, transaction: Transaction, order: Order, ids: Sequence[int], values: dict[str, Any]
    ) -> None:
        """Find out where tickets stand in the base; what is found once stays true."""
        missing = [id for id in ids if id not in order.places]
        below = self._statements.of(("below", order.key), lambda: _below(order))
        for these in some(missing):
            found = transaction.all(below, **values, **these)
            order.places.update({id: order.place(time, id) for time, id in found})
        for id in missing:
            order.places.setdefault(id, None)


def _changed(order: Order, filters: Filters) -> ClauseElement:
    passes = and_(true(), *filters.conditions(Scope(tickets, _ALL_MESSAGES)))
    columns = (tickets.c[order.key], tickets.c.id, tickets.c.touched, case((passes, 1), else_=0))
    return select(*columns).where(*in_workspace("layer"), tickets.c.touched > bindparam("since"))


def _below(order: Order) -> ClauseElement:
    """The base's rows of tickets that a world has rows of, too."""
    return select(tickets.c[order.key], tickets.c.id).where(*in_workspace("base"), one_of_some())


def in_workspace(layer: str) -> tuple[Any, ...]:
    return tickets.c.layer == bindparam(layer), tickets.c.workspace == bindparam("workspace")
