"""Rendered rows made again when the contract changes under a running mock."""

from typing import Any

from mockserver.seed.records import Activity, Message, Ticket, User, Workspace
from mockserver.store.database.transaction import Transaction
from mockserver.store.export import export_world
from mockserver.store.render import Renderer
from mockserver.store.world import World

Values = dict[str, Any]

_PLACES = "SELECT layer, base FROM worlds UNION ALL SELECT layer, base FROM snapshots"
_UPDATE_USER = """
UPDATE users SET assignee = :assignee, actor = :actor WHERE layer = :layer AND id = :id
"""
_UPDATE_ITEM = "UPDATE items SET item = :item, rest = :rest WHERE layer = :layer AND id = :id"
_UPDATE_MESSAGE = "UPDATE messages SET body = :body, rest = :rest WHERE layer = :layer AND id = :id"
_UPDATE_ACTIVITY = """
UPDATE activities SET body = :body
WHERE layer = :layer AND ticket = :ticket AND created = :created AND type = :type
  AND coalesce(user_id, 0) = :user
"""
_UPDATE_FINGERPRINT = "UPDATE about SET value = :fingerprint WHERE key = 'contract'"


class Rerender:
    """Renders the rows of every layer as another contract shapes them."""

    def __init__(self, renderer: Renderer) -> None:
        self._render = renderer

    def run(self, transaction: Transaction, fingerprint: str) -> None:
        """Render all rows again, and store the new contract's fingerprint."""
        found = transaction.all(_PLACES)
        bases = {base for _, base in found}
        for layer, base in [*((base, base) for base in bases), *found]:
            for workspace in export_world(transaction, World("", layer, base, 0)):
                self._workspace(transaction, layer, workspace)
        transaction.run(_UPDATE_FINGERPRINT, fingerprint=fingerprint)

    def _workspace(self, transaction: Transaction, layer: int, workspace: Workspace) -> None:
        tickets = list(workspace.tickets)
        messages = (message for ticket in tickets for message in ticket.messages)
        activities = (
            self._activity(ticket.id, activity)
            for ticket in tickets
            for activity in ticket.activities
        )
        updates = {
            _UPDATE_USER: map(self._user, workspace.users),
            _UPDATE_ITEM: map(self._item, tickets),
            _UPDATE_MESSAGE: map(self._message, messages),
            _UPDATE_ACTIVITY: activities,
        }
        for sql, rows in updates.items():
            transaction.many(sql, [{"layer": layer, **row} for row in rows])

    def _user(self, user: User) -> Values:
        assignee, actor = self._render.assignee(user), self._render.actor(user)
        return {"id": user.id, "assignee": assignee, "actor": actor}

    def _item(self, ticket: Ticket) -> Values:
        item, rest = self._render.item(ticket), self._render.rest_of_item(ticket)
        return {"id": ticket.id, "item": item, "rest": rest}

    def _message(self, message: Message) -> Values:
        body, rest = self._render.message(message), self._render.rest_of_message(message)
        return {"id": message.id, "body": body, "rest": rest}

    def _activity(self, ticket: int, activity: Activity) -> Values:
        return {
            "ticket": ticket,
            "created": int(activity.created_at.timestamp()),
            "type": activity.type,
            "user": activity.user.id if activity.user else 0,
            "body": self._render.activity(activity),
        }
