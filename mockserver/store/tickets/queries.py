"""One ticket found in a world: its current row, its messages and its activities.

Every function works within the caller's transaction.
"""

from dataclasses import dataclass

from mockserver.store.database.transaction import Row, Transaction
from mockserver.store.people import IN_WORLD, layers_of
from mockserver.store.render import detail
from mockserver.store.world import World

# A world's own layer is always younger than its base, and so has the higher number.
_CURRENT = """
SELECT layer, id, workspace, status, channel, assignee, team, updated, text, item
FROM tickets JOIN items USING (layer, id)
WHERE layer IN (:layer, :base) AND {} ORDER BY layer DESC LIMIT 1
"""
_BY_ID = _CURRENT.format("id = :id")
_BY_ULID = _CURRENT.format("ulid = :ulid")

_MESSAGES = f"SELECT body FROM messages WHERE {IN_WORLD} AND ticket = :id ORDER BY created, id"
_ACTIVITIES = f"SELECT body FROM activities WHERE {IN_WORLD} AND ticket = :id ORDER BY created, id"
_HAS_MESSAGE = f"SELECT 1 FROM messages WHERE {IN_WORLD} AND ticket = :ticket AND id = :id"


@dataclass(frozen=True, slots=True)
class TicketRow:
    """The current row of a ticket, and the layer that it is in; `assignee` is 0 for none."""

    layer: int
    id: int
    workspace: int
    status: str
    channel: int
    assignee: int
    team: int | None
    updated: int
    text: int
    item: bytes


def ticket_by_id(transaction: Transaction, world: World, id: int) -> TicketRow | None:
    return _ticket_row(transaction.one(_BY_ID, **layers_of(world), id=id))


def ticket_by_ulid(transaction: Transaction, world: World, ulid: str) -> TicketRow | None:
    return _ticket_row(transaction.one(_BY_ULID, **layers_of(world), ulid=ulid.upper()))


def ticket_detail(
    transaction: Transaction, world: World, row: TicketRow, *, newest_first: bool
) -> bytes:
    """Return the rendered ticket with its messages, and activities in the order chosen."""
    values = layers_of(world) | {"id": row.id}
    messages = [found[0] for found in transaction.all(_MESSAGES, **values)]
    activities = ticket_activities(transaction, world, row, newest_first=newest_first)
    return detail(row.item, messages, activities)


def ticket_activities(
    transaction: Transaction, world: World, row: TicketRow, *, newest_first: bool
) -> list[bytes]:
    """Return the rendered activities of a ticket in the order chosen."""
    rows = transaction.all(_ACTIVITIES, **layers_of(world), id=row.id)
    return [found[0] for found in (reversed(rows) if newest_first else rows)]


def has_message(transaction: Transaction, world: World, ticket: int, id: int) -> bool:
    values = layers_of(world) | {"ticket": ticket, "id": id}
    return transaction.one(_HAS_MESSAGE, **values) is not None


def _ticket_row(row: Row | None) -> TicketRow | None:
    return None if row is None else TicketRow(*row)
