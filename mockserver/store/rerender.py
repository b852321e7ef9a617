"""Rendered rows made again when the contract changes under a running mock."""

from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select, union_all, update

from mockserver.seed.records import Activity, Message, Ticket, User, Workspace
from mockserver.store.database import Database
from mockserver.store.database.schema import (
    about,
    activities,
    items,
    messages,
    snapshots,
    users,
    worlds,
)
from mockserver.store.database.transaction import Transaction
from mockserver.store.export import Export
from mockserver.store.render import Renderer
from mockserver.store.world import World

Values = dict[str, Any]


class Rerender:
    """Renders the rows of every layer as another contract shapes them."""

    def __init__(self, database: Database, export: Export, renderer: Renderer) -> None:
        self._export = export
        self._render = renderer
        places = (select(each.c.layer, each.c.base) for each in (worlds, snapshots))
        self._places = database.compile(union_all(*places))
        of_ticket = items.c.id == bindparam("key")
        of_message = messages.c.id == bindparam("key")
        of_user = users.c.id == bindparam("key")
        alike = (
            activities.c.ticket == bindparam("key"),
            activities.c.created == bindparam("at"),
            activities.c.type == bindparam("kind"),
            activities.c.user.is_not_distinct_from(bindparam("by")),
        )
        self._update = {
            "items": database.compile(_set(items, ("item", "rest"), of_ticket)),
            "messages": database.compile(_set(messages, ("body", "rest"), of_message)),
            "activities": database.compile(_set(activities, ("body",), *alike)),
            "users": database.compile(_set(users, ("assignee", "actor"), of_user)),
        }
        self._store_fingerprint = database.compile(
            update(about).where(about.c.key == "contract").values(value=bindparam("fingerprint"))
        )

    def run(self, transaction: Transaction, fingerprint: str) -> None:
        """Render all rows again, and store the new contract's fingerprint."""
        found = transaction.all(self._places)
        bases = {base for _, base in found}
        for layer, base in [*((base, base) for base in bases), *found]:
            for workspace in self._export.workspaces(transaction, World("", layer, base, 0)):
                self._workspace(transaction, layer, workspace)
        transaction.run(self._store_fingerprint, fingerprint=fingerprint)

    def _workspace(self, transaction: Transaction, layer: int, workspace: Workspace) -> None:
        whole = list(workspace.tickets)
        rows: dict[str, Any] = {
            "users": map(self._user, workspace.users),
            "items": map(self._ticket, whole),
            "messages": (self._message(each) for ticket in whole for each in ticket.messages),
            "activities": (
                self._activity(ticket.id, each) for ticket in whole for each in ticket.activities
            ),
        }
        for table, values in rows.items():
            statement = self._update[table]
            transaction.many(statement, ({"of": layer, **each} for each in values))

    def _user(self, user: User) -> Values:
        assignee, actor = self._render.assignee(user), self._render.actor(user)
        return {"key": user.id, "new_assignee": assignee, "new_actor": actor}

    def _ticket(self, ticket: Ticket) -> Values:
        item, rest = self._render.item(ticket), self._render.rest_of_item(ticket)
        return {"key": ticket.id, "new_item": item, "new_rest": rest}

    def _message(self, message: Message) -> Values:
        body, rest = self._render.message(message), self._render.rest_of_message(message)
        return {"key": message.id, "new_body": body, "new_rest": rest}

    def _activity(self, ticket: int, activity: Activity) -> Values:
        return {
            "key": ticket,
            "at": int(activity.created_at.timestamp()),
            "kind": activity.type,
            "by": activity.user.id if activity.user else None,
            "new_body": self._render.activity(activity),
        }


def _set(table: Table, names: tuple[str, ...], *conditions: ColumnElement[bool]) -> Any:
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(table).where(table.c.layer == bindparam("of"), *conditions).values(new)
