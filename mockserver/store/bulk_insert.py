"""Records inserted into a layer in bulk, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from mockserver.seed.records import (
    Activity,
    Channel,
    Contact,
    Message,
    Tag,
    Team,
    Ticket,
    User,
    Workspace,
)
from mockserver.store.counts import count
from mockserver.store.database.schema import UNASSIGNED
from mockserver.store.database.transaction import Transaction
from mockserver.store.render import Renderer
from mockserver.store.search_text import folded, search_text

_BATCH = 500
"""Tickets in one batch."""

Values = dict[str, Any]


Progress = Callable[[int], None]
"""Is called with the number of tickets inserted so far."""


class BulkInsert:
    def __init__(self, renderer: Renderer) -> None:
        self._render = renderer

    def insert_workspaces(
        self,
        transaction: Transaction,
        layer: int,
        workspaces: Iterable[Workspace],
        progress: Progress | None = None,
    ) -> None:
        tickets = tokens = 0
        for workspace in workspaces:
            self._insert_people(transaction, layer, workspace, tokens)
            tokens += len(workspace.tokens)
            rest = iter(workspace.tickets)
            while batch := list(islice(rest, _BATCH)):
                self.insert_tickets(transaction, layer, workspace.id, batch)
                tickets += len(batch)
                if progress is not None:
                    progress(tickets)

    def insert_tickets(
        self, transaction: Transaction, layer: int, workspace: int, batch: list[Ticket]
    ) -> None:
        """Insert tickets with everything that belongs to them."""
        texts = [
            search_text(each.subject, (message.body_html for message in each.messages))
            for each in batch
        ]
        keys = insert_texts(transaction, texts)
        rows = [_ticket(workspace, *each) for each in zip(batch, keys, strict=True)]
        _insert(transaction, "tickets", layer, rows)
        _insert(transaction, "items", layer, map(self._item, batch))
        _insert(transaction, "ticket_tags", layer, (row for each in batch for row in _tags(each)))
        count(transaction, layer, rows)
        thread = [(ticket.id, message) for ticket in batch for message in ticket.messages]
        self.insert_messages(transaction, layer, thread)
        log = (self._activity(t.id, activity) for t in batch for activity in t.activities)
        _insert(transaction, "activities", layer, log)

    def insert_messages(
        self, transaction: Transaction, layer: int, thread: list[tuple[int, Message]]
    ) -> None:
        """Insert messages, each with the id of its ticket."""
        _insert(transaction, "messages", layer, (self._message(*each) for each in thread))
        files = (row for _, message in thread for row in _attachments(message))
        _insert(transaction, "attachments", layer, files)

    def _insert_people(
        self, transaction: Transaction, layer: int, workspace: Workspace, position: int
    ) -> None:
        _insert(transaction, "workspaces", layer, [{"id": workspace.id, "name": workspace.name}])
        for table in ("teams", "channels", "tags", "contacts"):
            for record in getattr(workspace, table):
                insert_record(transaction, table, layer, workspace.id, record)
        _insert(transaction, "users", layer, (self._user(workspace.id, u) for u in workspace.users))
        _insert(transaction, "tokens", layer, _tokens(workspace, position))

    def _user(self, workspace: int, user: User) -> Values:
        return {
            "id": user.id,
            "workspace": workspace,
            "name": user.name,
            "email": user.email,
            "avatar_url": user.avatar_url,
            "timezone": user.timezone,
            "has_left": int(user.left),
            "role": user.role,
            "assignee": self._render.assignee(user),
            "actor": self._render.actor(user),
        }

    def _item(self, ticket: Ticket) -> Values:
        item, rest = self._render.item(ticket), self._render.rest_of_item(ticket)
        return {"id": ticket.id, "item": item, "rest": rest}

    def _message(self, ticket: int, message: Message) -> Values:
        by_user = isinstance(message.sender, User)
        return {
            "id": message.id,
            "ticket": ticket,
            "created": int(message.created_at.timestamp()),
            "ulid": message.ulid,
            "type": message.type,
            "user_id": message.sender.id if by_user else None,
            "contact": None if by_user else message.sender.id,
            "forward": int(message.is_forward),
            "body": self._render.message(message),
            "rest": self._render.rest_of_message(message),
        }

    def _activity(self, ticket: int, activity: Activity) -> Values:
        return {
            "ticket": ticket,
            "created": int(activity.created_at.timestamp()),
            "type": activity.type,
            "user_id": activity.user.id if activity.user else None,
            "body": self._render.activity(activity),
        }


def insert_record(
    transaction: Transaction,
    table: str,
    layer: int,
    workspace: int,
    record: Team | Channel | Tag | Contact,
) -> None:
    """Insert a record whose columns are its fields, and what a contact is found by."""
    fields = {name: getattr(record, name) for name in record.__slots__}
    if isinstance(record, Contact):
        fields["search_name"] = folded(record.name or "")
        fields["search_email"] = folded(record.email)
    _insert(transaction, table, layer, [{"workspace": workspace, **fields}])


def insert_texts(transaction: Transaction, texts: list[str]) -> list[int]:
    """Insert search texts and return their keys."""
    if transaction.is_sqlite:
        highest = transaction.value("SELECT coalesce(max(key), 0) FROM texts")
        keys = list(range(highest + 1, highest + 1 + len(texts)))
    else:
        next_key = "nextval(pg_get_serial_sequence('texts', 'key'))"
        sql = f"SELECT {next_key} FROM generate_series(1, :number)"
        keys = [int(row[0]) for row in transaction.all(sql, number=len(texts))]
    rows = [{"key": key, "text": text} for key, text in zip(keys, texts, strict=True)]
    transaction.insert("texts", rows)
    return keys


def _insert(transaction: Transaction, table: str, layer: int, rows: Iterable[Values]) -> None:
    transaction.insert(table, [{"layer": layer, **row} for row in rows])


def _ticket(workspace: int, ticket: Ticket, text: int) -> Values:
    return {
        "id": ticket.id,
        "workspace": workspace,
        "ulid": ticket.ulid.upper(),
        "status": ticket.status,
        "channel": ticket.channel.id,
        "assignee": ticket.assignee.id if ticket.assignee else UNASSIGNED,
        "contact": ticket.contact.id,
        "team": ticket.team and ticket.team.id,
        "created": int(ticket.created_at.timestamp()),
        "updated": int(ticket.updated_at.timestamp()),
        "active": int(ticket.last_activity_at.timestamp()),
        "text": text,
    }


def _tags(ticket: Ticket) -> Iterator[Values]:
    for position, tag in enumerate(ticket.tags):
        yield {"ticket": ticket.id, "tag": tag.id, "position": position}


def _tokens(workspace: Workspace, position: int) -> Iterator[Values]:
    for number, token in enumerate(workspace.tokens, position):
        yield {
            "token": token.token,
            "position": number,
            "user_id": token.user_id,
            "state": token.state,
            "readonly": int(token.readonly),
        }


def _attachments(message: Message) -> Iterator[Values]:
    for position, attachment in enumerate(message.attachments):
        fields = {name: getattr(attachment, name) for name in attachment.__slots__}
        yield {"message": message.id, "position": position, **fields}
