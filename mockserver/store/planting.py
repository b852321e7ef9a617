"""Seeded records written into a layer, in bulk and in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import insert

from mockserver.records import Activity, Message, Ticket, Workspace
from mockserver.store.database import Database, Transaction
from mockserver.store.render import Renderer, plain_text
from mockserver.store.tables import activities, messages, tagged, tickets, tokens, users

_BATCH = 500
"""Tickets held in memory at once."""

Values = dict[str, Any]
Progress = Callable[[int], None]


class Planter:
    """Writes workspaces; `progress`, when given, hears how many tickets stand so far."""

    def __init__(
        self, database: Database, renderer: Renderer, progress: Progress | None = None
    ) -> None:
        self._render = renderer
        self._progress = progress or (lambda _: None)
        tables = (users, tokens, tickets, tagged, messages, activities)
        self._insert = {table.name: _insertion(database, table) for table in tables}

    def plant(self, transaction: Transaction, layer: int, workspaces: Iterable[Workspace]) -> None:
        done = 0
        for workspace in workspaces:
            self._write(transaction, "users", self._users(layer, workspace))
            self._write(transaction, "tokens", _tokens(layer, workspace))
            for batch in _batches(workspace.tickets):
                self._plant_tickets(transaction, layer, workspace.id, batch)
                done += len(batch)
                self._progress(done)

    def _plant_tickets(
        self, transaction: Transaction, layer: int, workspace: int, batch: list[Ticket]
    ) -> None:
        rows = [self._ticket(layer, workspace, ticket) for ticket in batch]
        self._write(transaction, "tickets", rows)
        self._write(transaction, "tagged", _tags(layer, batch))
        thread = [self._message(layer, t.id, message) for t in batch for message in t.messages]
        self._write(transaction, "messages", thread)
        log = [self._activity(layer, t.id, activity) for t in batch for activity in t.activities]
        self._write(transaction, "activities", log)

    def _write(self, transaction: Transaction, table: str, rows: list[Values]) -> None:
        if rows:
            transaction.many(self._insert[table], rows)

    def _users(self, layer: int, workspace: Workspace) -> list[Values]:
        return [
            {
                "layer": layer,
                "id": user.id,
                "workspace": workspace.id,
                "left": int(user.left),
                "assignee": self._render.assignee(user),
                "actor": self._render.actor(user),
            }
            for user in workspace.users
        ]

    def _ticket(self, layer: int, workspace: int, ticket: Ticket) -> Values:
        return {
            "layer": layer,
            "id": ticket.id,
            "workspace": workspace,
            "ulid": ticket.ulid.upper(),
            "status": ticket.status,
            "channel": ticket.channel.id,
            "assignee": ticket.assignee.id if ticket.assignee else None,
            "created": int(ticket.created_at.timestamp()),
            "updated": int(ticket.updated_at.timestamp()),
            "active": int(ticket.last_activity_at.timestamp()),
            "subject": ticket.subject.casefold(),
            "item": self._render.item(ticket),
        }

    def _message(self, layer: int, ticket: int, message: Message) -> Values:
        return {
            "layer": layer,
            "id": message.id,
            "ticket": ticket,
            "created": int(message.created_at.timestamp()),
            "text": plain_text(message.body_html).casefold(),
            "body": self._render.message(message),
        }

    def _activity(self, layer: int, ticket: int, activity: Activity) -> Values:
        return {
            "layer": layer,
            "ticket": ticket,
            "created": int(activity.created_at.timestamp()),
            "body": self._render.activity(activity),
        }


def _insertion(database: Database, table: Any) -> Any:
    generated = {"id"} if table is activities else set()
    names = [column.name for column in table.c if column.name not in generated]
    return database.compile(insert(table).values(dict.fromkeys(names)))


def _tokens(layer: int, workspace: Workspace) -> list[Values]:
    return [
        {
            "layer": layer,
            "token": token.token,
            "user": token.user_id,
            "state": token.state,
            "readonly": int(token.readonly),
        }
        for token in workspace.tokens
    ]


def _tags(layer: int, batch: list[Ticket]) -> list[Values]:
    return [
        {"layer": layer, "tag": tag.id, "ticket": ticket.id}
        for ticket in batch
        for tag in ticket.tags
    ]


def _batches(found: Iterable[Ticket]) -> Iterator[list[Ticket]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch
