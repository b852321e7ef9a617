"""A world's own layer as it is written: one writer at a time, seeded rows copied up first.

Every function works within the caller's transaction.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from mockserver.seed.clock import Clock, format_time
from mockserver.store.bulk_insert import insert_texts
from mockserver.store.database.transaction import Transaction
from mockserver.store.tickets.counts import recount
from mockserver.store.tickets.queries import TicketRow, ticket_by_id
from mockserver.store.worlds.layers import copy_rows, lock_world
from mockserver.store.worlds.world import World

_COUNT_CHANGE = "UPDATE worlds SET changes = changes + 1 WHERE layer = :layer"
_MEMBER = """
SELECT {} FROM users WHERE layer = :base AND id = :id AND workspace = :workspace AND has_left = 0
"""
_UPDATE = """
UPDATE tickets SET status = :status, assignee = :assignee, team = :team, updated = :updated,
    text = :text, active = CASE WHEN text = :text THEN active ELSE :updated END
WHERE layer = :layer AND id = :id
"""
_UPDATE_ITEM = "UPDATE items SET item = :item WHERE layer = :layer AND id = :id"
_DELETE_UNUSED_TEXT = """
DELETE FROM texts WHERE key = :key AND NOT EXISTS (SELECT 1 FROM tickets WHERE text = :key)
"""

STATUS_CHANGED = "status_changed"
"""Type of an activity, shown by the page."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a ticket at one moment.

    `fields` are those of its list item, `columns` those of its row, `log` the type and user of
    its activities; `text` is its new search text, which comes with a message. Unless it `touches`
    the ticket, `updated_at` stays.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    log: tuple[tuple[str, int | None], ...] = ()
    text: str | None = None
    touches: bool = True


class Overlay:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self, world: World, after: int = 0) -> int:
        """Return the world's time, or `after` if that is later: times never go back."""
        return max(self._clock.now(world.clock, world.since), after)

    def apply(self, transaction: Transaction, row: TicketRow, change: Change) -> TicketRow:
        """Write a change, and return the ticket's row after it."""
        now = self.now(transaction.world, row.updated) if change.touches else row.updated
        fields = {"updated_at": format_time(now)} | change.fields
        shown = orjson.loads(row.item)
        item = orjson.dumps(shown | {n: value for n, value in fields.items() if n in shown})
        count_change(transaction)
        _copy_up(transaction, row)
        text = row.text if change.text is None else insert_texts(transaction, [change.text])[0]
        after = replace(
            row, layer=transaction.world.layer, updated=now, text=text, item=item, **change.columns
        )
        _update(transaction, row, after)
        for kind, user in change.log:
            _append(transaction, after, kind, user)
        return after


def lock_ticket(transaction: Transaction, id: int) -> TicketRow:
    """Lock the world, then return the current row of a ticket that is known to exist."""
    lock_world(transaction)
    row = ticket_by_id(transaction, id)
    assert row is not None, "a ticket is found before it is changed, and none is deleted"
    return row


def count_change(transaction: Transaction) -> None:
    transaction.run(_COUNT_CHANGE)


def member(transaction: Transaction, workspace: int, id: int, form: str) -> Any:
    """Return a present member as `assignee` or `actor`; None if there is no such member."""
    row = transaction.one(_MEMBER.format(form), workspace=workspace, id=id)
    return orjson.loads(row[0]) if row else None


def next_id(transaction: Transaction, table: str) -> int:
    """Return the id after the highest that the world has in a table."""
    sql = f"SELECT max(id) FROM {table} WHERE layer = :layer"
    layers = (transaction.world.layer, transaction.world.base)
    highest = [transaction.value(sql, layer=layer) for layer in layers]
    return 1 + max(id or 0 for id in highest)


def _copy_up(transaction: Transaction, row: TicketRow) -> None:
    """Give the world its own row of a ticket that only the seed has."""
    world = transaction.world
    if row.layer != world.layer:
        for table, column in (("tickets", "id"), ("items", "id"), ("ticket_tags", "ticket")):
            where = f"AND {column} = :ticket"
            copy_rows(transaction, table, world.base, world.layer, where, ticket=row.id)


def _update(transaction: Transaction, before: TicketRow, after: TicketRow) -> None:
    """Write the row, the item and the counts of a ticket, and drop a text that it leaves."""
    place = {"layer": after.layer, "id": after.id}
    transaction.run(
        _UPDATE,
        **place,
        status=after.status,
        assignee=after.assignee,
        team=after.team,
        updated=after.updated,
        text=after.text,
    )
    transaction.run(_UPDATE_ITEM, **place, item=after.item)
    if after.text != before.text:
        transaction.run(_DELETE_UNUSED_TEXT, key=before.text)
    recount(transaction, after.layer, _group(before), _group(after))


def _group(row: TicketRow) -> tuple[Any, ...]:
    return row.workspace, row.status, row.channel, row.assignee


def _append(transaction: Transaction, row: TicketRow, kind: str, user: int | None) -> None:
    actor = user and member(transaction, row.workspace, user, "actor")
    body = orjson.dumps({"type": kind, "user": actor, "created_at": format_time(row.updated)})
    entry = {"layer": row.layer, "ticket": row.id, "created": row.updated, "type": kind}
    transaction.insert("activities", [{**entry, "user_id": user, "body": body}])
