"""One ticket found in a world: its current row, its messages and its activities."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.sql import ClauseElement

from mockserver.contract.choices import Choices
from mockserver.store.database import Database
from mockserver.store.database.schema import UNASSIGNED, activities, items, messages, tickets
from mockserver.store.database.transaction import Statement, Transaction
from mockserver.store.render import detail
from mockserver.store.world import World

_COLUMNS = ("layer", "id", "workspace", "status", "channel", "assignee", "updated", "text")


@dataclass(frozen=True, slots=True)
class TicketRow:
    """The current row of a ticket, and the layer that it is in."""

    layer: int
    id: int
    workspace: int
    status: str
    channel: int
    assignee: int | None
    updated: int
    text: int
    item: bytes


class TicketQueries:
    """Finds tickets within the caller's transaction."""

    def __init__(self, database: Database, choices: Choices) -> None:
        compile_ = database.compile
        self._by_id = compile_(_current(tickets.c.id == bindparam("id")))
        self._by_ulid = compile_(_current(tickets.c.ulid == bindparam("ulid")))
        self._messages = compile_(_entries(messages, newest_first=False))
        newest_first = choices.activity_order == "newest_first"
        self._activities = compile_(_entries(activities, newest_first=newest_first))

    def by_id(self, transaction: Transaction, world: World, id: int) -> TicketRow | None:
        return self._one(transaction, self._by_id, world, id=id)

    def by_ulid(self, transaction: Transaction, world: World, ulid: str) -> TicketRow | None:
        return self._one(transaction, self._by_ulid, world, ulid=ulid.upper())

    def detail(self, transaction: Transaction, world: World, row: TicketRow) -> bytes:
        """Return the rendered ticket with its messages and activities."""
        where = {"layer": world.layer, "base": world.base, "id": row.id}
        thread = [entry[0] for entry in transaction.all(self._messages, **where)]
        log = [entry[0] for entry in transaction.all(self._activities, **where)]
        return detail(row.item, thread, log)

    def _one(
        self, transaction: Transaction, statement: Statement, world: World, **key: Any
    ) -> TicketRow | None:
        row = transaction.one(statement, layer=world.layer, base=world.base, **key)
        if row is None:
            return None
        layer, id, workspace, status, channel, assignee, updated, text, item = row
        assignee = None if assignee == UNASSIGNED else assignee
        return TicketRow(layer, id, workspace, status, channel, assignee, updated, text, item)


def _current(condition: Any) -> ClauseElement:
    """A world's own layer is always younger than its base, and so has the higher number."""
    in_layers = tickets.c.layer.in_([bindparam("layer"), bindparam("base")])
    return (
        select(*(tickets.c[name] for name in _COLUMNS), items.c.item)
        .join(items, (items.c.layer == tickets.c.layer) & (items.c.id == tickets.c.id))
        .where(in_layers, condition)
        .order_by(tickets.c.layer.desc())
        .limit(1)
    )


def _entries(table: Table, *, newest_first: bool) -> ClauseElement:
    in_layers = table.c.layer.in_([bindparam("layer"), bindparam("base")])
    order = [table.c.created, table.c.id]
    return (
        select(table.c.body)
        .where(in_layers, table.c.ticket == bindparam("id"))
        .order_by(*(column.desc() if newest_first else column for column in order))
    )
