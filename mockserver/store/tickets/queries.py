"""One ticket found in a world: its current row, its messages and its activities.

Every function works within the caller's transaction.
"""

from dataclasses import dataclass

from mockserver.store.database.transaction import Row, Transaction
from mockserver.store.people import IN_WORLD
from mockserver.store.render import detail

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


def ticket_by_id(transaction: Transaction, id: int) -> TicketRow | None:
    return _ticket_row(transaction.one(_BY_ID, id=id))


def ticket_by_ulid(transaction: Transaction, ulid: str) -> TicketRow | None:
    return _ticket_row(transaction.one(_BY_ULID, ulid=ulid.upper()))


def ticket_detail(transaction: Transaction, row: TicketRow, *, newest_first: bool) -> bytes:
    """Return the rendered ticket with its messages, and activities in the order chosen."""
    messages = [found[0] for found in transaction.all(_MESSAGES, id=row.id)]
    activities = ticket_activities(transaction, row, newest_first=newest_first)
    return detail(row.item, messages, activities)


def ticket_activities(
    transaction: Transaction, row: TicketRow, *, newest_first: bool
) -> list[bytes]:
    """Return the rendered activities of a ticket in the order chosen."""
    rows = transaction.all(_ACTIVITIES, id=row.id)
    return [found[0] for found in (reversed(rows) if newest_first else rows)]


def has_message(transaction: Transaction, ticket: int, id: int) -> bool:
    return transaction.one(_HAS_MESSAGE, ticket=ticket, id=id) is not None


def _ticket_row(row: Row | None) -> TicketRow | None:
    return None if row is None else TicketRow(*row)
