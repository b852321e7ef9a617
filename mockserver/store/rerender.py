"""Rendered rows made again when the contract changes under a running mock."""

from mockserver.store.database.transaction import Transaction
from mockserver.store.export import export_world
from mockserver.store.render import Renderer
from mockserver.store.rows import RenderedRows
from mockserver.store.worlds.world import World

_PLACES = "SELECT layer, base FROM worlds UNION ALL SELECT layer, base FROM snapshots"
_UPDATE_USER = """
UPDATE users SET assignee = :assignee, actor = :actor WHERE layer = :layer AND id = :id
"""
_UPDATE_ITEM = "UPDATE items SET item = :item, rest = :rest WHERE layer = :layer AND id = :id"
_UPDATE_MESSAGE = "UPDATE messages SET body = :body, rest = :rest WHERE layer = :layer AND id = :id"
_UPDATE_ACTIVITY = """
UPDATE activities SET body = :body
WHERE layer = :layer AND ticket = :ticket AND created = :created AND type = :type
  AND coalesce(user_id, 0) = coalesce(:user_id, 0)
"""
_UPDATE_FINGERPRINT = "UPDATE about SET value = :fingerprint WHERE key = 'contract'"


def rerender(transaction: Transaction, renderer: Renderer, fingerprint: str) -> None:
    """Render the rows of every layer again, and store the fingerprint of their contract."""
    rows = RenderedRows(renderer)
    found = transaction.all(_PLACES)
    bases = {base for _, base in found}
    for layer, base in [*((base, base) for base in bases), *found]:
        for workspace in export_world(transaction.inside(World("", layer, base, 0))):
            tickets = list(workspace.tickets)
            updates = {
                _UPDATE_USER: (rows.user(workspace.id, user) for user in workspace.users),
                _UPDATE_ITEM: map(rows.item, tickets),
                _UPDATE_MESSAGE: (rows.message(t.id, each) for t in tickets for each in t.messages),
                _UPDATE_ACTIVITY: (
                    rows.activity(t.id, each) for t in tickets for each in t.activities
                ),
            }
            for sql, updated in updates.items():
                transaction.many(sql, [{"layer": layer, **row} for row in updated])
    transaction.run(_UPDATE_FINGERPRINT, fingerprint=fingerprint)
