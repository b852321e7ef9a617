"""Records inserted into a layer in bulk, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import TextClause, insert, text

from mockserver.seed.records import (
    Activity,
    Channel,
    Contact,
    Message,
    Tag,
    Ticket,
    User,
    Workspace,
)
from mockserver.store.counts import Counts
from mockserver.store.database import Database
from mockserver.store.database.schema import OF_A_LAYER, UNASSIGNED, activities, texts
from mockserver.store.database.transaction import Transaction
from mockserver.store.render import Renderer
from mockserver.store.search_text import search_text

_BATCH = 500
"""Tickets in one batch."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of a seeded layer, and the number of tickets up to its end."""

    write: Callable[[Transaction], None]
    tickets: int


class BulkInsert:
    def __init__(self, database: Database, renderer: Renderer) -> None:
        self._render = renderer
        self._counts = Counts(database)
        self._text_keys = database.compile(_next_keys(sqlite=database.is_sqlite))
        self._texts = database.compile(insert(texts).values(key=None, text=None))
        self._insert = {table.name: _insertion(database, table) for table in OF_A_LAYER}

    def insert_workspaces(
        self, transaction: Transaction, layer: int, workspaces: Iterable[Workspace]
    ) -> None:
        for batch in self.batches(layer, workspaces):
            batch.write(transaction)

    def batches(self, layer: int, workspaces: Iterable[Workspace]) -> Iterator[Batch]:
        """Yield what to write, in order; the caller skips what is written already."""
        tickets = tokens = 0
        for workspace in workspaces:
            yield Batch(partial(self._people, layer, workspace, tokens), tickets)
            tokens += len(workspace.tokens)
            for some in _batches(workspace.tickets):
                tickets += len(some)
                yield Batch(partial(self._tickets, layer, workspace.id, some), tickets)

    def _people(
        self, layer: int, workspace: Workspace, position: int, transaction: Transaction
    ) -> None:
        for table, rows in _labels(layer, workspace).items():
            self.insert(transaction, table, rows)
        self.insert(transaction, "users", self._users(layer, workspace))
        self.insert(transaction, "tokens", _tokens(layer, workspace, position))

    def _tickets(
        self, layer: int, workspace: int, some: list[Ticket], transaction: Transaction
    ) -> None:
        self.insert_tickets(transaction, layer, workspace, some)

    def insert_tickets(
        self, transaction: Transaction, layer: int, workspace: int, batch: list[Ticket]
    ) -> None:
        """Insert tickets with everything that belongs to them."""
        keys = self._insert_texts(transaction, batch)
        rows = [
            self._ticket(layer, workspace, ticket, key)
            for ticket, key in zip(batch, keys, strict=True)
        ]
        self.insert(transaction, "tickets", rows)
        self.insert(transaction, "items", [self._item(layer, ticket) for ticket in batch])
        self.insert(transaction, "ticket_tags", _ticket_tags(layer, batch))
        self._counts.add(transaction, layer, rows)
        thread = [(ticket.id, message) for ticket in batch for message in ticket.messages]
        self.insert_messages(transaction, layer, thread)
        log = [self._activity(layer, t.id, activity) for t in batch for activity in t.activities]
        self.insert(transaction, "activities", log)

    def insert_messages(
        self, transaction: Transaction, layer: int, thread: list[tuple[int, Message]]
    ) -> None:
        """Insert messages, each with the id of its ticket."""
        rows = [self._message(layer, ticket, message) for ticket, message in thread]
        self.insert(transaction, "messages", rows)
        files = [row for _, message in thread for row in _attachments(layer, message)]
        self.insert(transaction, "attachments", files)

    def insert(self, transaction: Transaction, table: str, rows: list[Values]) -> None:
        """Insert rows into a table by its name."""
        if rows:
            transaction.many(self._insert[table], rows)

    def _users(self, layer: int, workspace: Workspace) -> list[Values]:
        return [
            {
                "layer": layer,
                "workspace": workspace.id,
                "id": user.id,
                "name": user.name,
                "email": user.email,
                "avatar_url": user.avatar_url,
                "timezone": user.timezone,
                "left": int(user.left),
                "assignee": self._render.assignee(user),
                "actor": self._render.actor(user),
            }
            for user in workspace.users
        ]

    def _ticket(self, layer: int, workspace: int, ticket: Ticket, text: int) -> Values:
        return {
            "layer": layer,
            "id": ticket.id,
            "workspace": workspace,
            "ulid": ticket.ulid.upper(),
            "status": ticket.status,
            "channel": ticket.channel.id,
            "assignee": ticket.assignee.id if ticket.assignee else UNASSIGNED,
            "contact": ticket.contact.id,
            "created": int(ticket.created_at.timestamp()),
            "updated": int(ticket.updated_at.timestamp()),
            "active": int(ticket.last_activity_at.timestamp()),
            "text": text,
        }

    def _item(self, layer: int, ticket: Ticket) -> Values:
        item, rest = self._render.item(ticket), self._render.rest_of_item(ticket)
        return {"layer": layer, "id": ticket.id, "item": item, "rest": rest}

    def _insert_texts(self, transaction: Transaction, batch: list[Ticket]) -> list[int]:
        """Insert the search texts of tickets, and return their keys."""
        keys = [int(row[0]) for row in transaction.all(self._text_keys, number=len(batch))]
        found = (
            search_text(each.subject, (message.body_html for message in each.messages))
            for each in batch
        )
        rows = [{"key": key, "text": text} for key, text in zip(keys, found, strict=True)]
        transaction.many(self._texts, rows)
        return keys

    def _message(self, layer: int, ticket: int, message: Message) -> Values:
        return {
            "layer": layer,
            "id": message.id,
            "ticket": ticket,
            "created": int(message.created_at.timestamp()),
            "ulid": message.ulid,
            "type": message.type,
            "user": message.sender.id if isinstance(message.sender, User) else None,
            "contact": None if isinstance(message.sender, User) else message.sender.id,
            "forward": int(message.is_forward),
            "body": self._render.message(message),
            "rest": self._render.rest_of_message(message),
        }

    def _activity(self, layer: int, ticket: int, activity: Activity) -> Values:
        return {
            "layer": layer,
            "ticket": ticket,
            "created": int(activity.created_at.timestamp()),
            "type": activity.type,
            "user": activity.user.id if activity.user else None,
            "body": self._render.activity(activity),
        }


def _insertion(database: Database, table: Any) -> Any:
    generated = {"id"} if table is activities else set()
    names = [column.name for column in table.c if column.name not in generated]
    return database.compile(insert(table).values(dict.fromkeys(names)))


def _labels(layer: int, workspace: Workspace) -> dict[str, list[Values]]:
    """Return the rows of a workspace, its channels, tags and contacts, by table."""
    labels: dict[str, tuple[Channel | Tag | Contact, ...]] = {
        "channels": workspace.channels,
        "tags": workspace.tags,
        "contacts": workspace.contacts,
    }
    rows: dict[str, list[Values]] = {
        table: [label_row(layer, workspace.id, record) for record in records]
        for table, records in labels.items()
    }
    return {"workspaces": [{"layer": layer, "id": workspace.id, "name": workspace.name}]} | rows


def label_row(layer: int, workspace: int, record: Channel | Tag | Contact) -> Values:
    """Return the row of a record whose columns are its fields."""
    fields = {name: getattr(record, name) for name in record.__slots__}
    return {"layer": layer, "workspace": workspace, **fields}


def _tokens(layer: int, workspace: Workspace, position: int) -> list[Values]:
    return [
        {
            "layer": layer,
            "token": token.token,
            "position": position,
            "user": token.user_id,
            "state": token.state,
            "readonly": int(token.readonly),
        }
        for position, token in enumerate(workspace.tokens, position)
    ]


def _ticket_tags(layer: int, batch: list[Ticket]) -> list[Values]:
    return [
        {"layer": layer, "tag": tag.id, "ticket": ticket.id, "position": position}
        for ticket in batch
        for position, tag in enumerate(ticket.tags)
    ]


def _attachments(layer: int, message: Message) -> list[Values]:
    return [
        {
            "layer": layer,
            "message": message.id,
            "position": position,
            **{name: getattr(attachment, name) for name in attachment.__slots__},
        }
        for position, attachment in enumerate(message.attachments)
    ]


def _batches(found: Iterable[Ticket]) -> Iterator[list[Ticket]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _next_keys(*, sqlite: bool) -> TextClause:
    """Return the statement that reserves `number` keys of texts."""
    numbers = (
        "WITH RECURSIVE numbers(i) AS"
        " (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < :number)"
    )
    key = "nextval(pg_get_serial_sequence('texts', 'key'))"
    if sqlite:
        key = "(SELECT coalesce(max(key), 0) FROM texts) + i"
    return text(f"{numbers} SELECT {key} FROM numbers")  # noqa: S608 - constants
