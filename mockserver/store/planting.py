"""Seeded records written into a layer, in bulk and in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import insert

from mockserver.contract.html_text import text_of
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
from mockserver.store.cataloguing import Cataloguer
from mockserver.store.database import Database
from mockserver.store.gathering import Gathered
from mockserver.store.render import Renderer
from mockserver.store.shelf import Place, Shelf
from mockserver.store.tables import OF_A_LAYER, activities
from mockserver.store.transaction import Transaction

_BATCH = 500
"""Tickets held in memory at once."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a planting, and how many tickets stand when it is written."""

    write: Callable[[Transaction], None]
    tickets: int


class Planter:
    def __init__(self, database: Database, renderer: Renderer) -> None:
        self._render = renderer
        self._cataloguer = Cataloguer(Shelf(database))
        self._insert = {table.name: _insertion(database, table) for table in OF_A_LAYER}

    def plant(self, transaction: Transaction, layer: int, workspaces: Iterable[Workspace]) -> None:
        for step in self.steps(layer, workspaces):
            step.write(transaction)

    def steps(self, layer: int, workspaces: Iterable[Workspace]) -> Iterator[Step]:
        """Yield what to write, in order; a step that stands already is passed over unwritten."""
        tickets = tokens = 0
        for workspace in workspaces:
            gathered, place = Gathered(), Place(layer, workspace.id)
            yield Step(partial(self._cast, place, workspace, tokens), tickets)
            tokens += len(workspace.tokens)
            for batch in _batches(workspace.tickets):
                gathered.add(batch)
                tickets += len(batch)
                yield Step(partial(self._batch, place, batch), tickets)
            yield Step(partial(self._catalogue, place, gathered), tickets)

    def _cast(
        self, place: Place, workspace: Workspace, position: int, transaction: Transaction
    ) -> None:
        for table, rows in _cast(place.layer, workspace).items():
            self.write(transaction, table, rows)
        self.write(transaction, "users", self._users(place.layer, workspace))
        self.write(transaction, "tokens", _tokens(place.layer, workspace, position))

    def _batch(self, place: Place, batch: list[Ticket], transaction: Transaction) -> None:
        self.plant_tickets(transaction, place.layer, place.workspace, batch)

    def _catalogue(self, place: Place, gathered: Gathered, transaction: Transaction) -> None:
        self._cataloguer.write(transaction, place, gathered)

    def plant_tickets(
        self,
        transaction: Transaction,
        layer: int,
        workspace: int,
        batch: list[Ticket],
        touched: int | None = None,
    ) -> None:
        """Write tickets whole; in a world's own layer with the state that they come with."""
        rows = [self._ticket(layer, workspace, ticket) | {"touched": touched} for ticket in batch]
        self.write(transaction, "tickets", rows)
        self.write(transaction, "tagged", _tagged(layer, batch))
        thread = [(ticket.id, message) for ticket in batch for message in ticket.messages]
        self.plant_messages(transaction, layer, thread)
        log = [self._activity(layer, t.id, activity) for t in batch for activity in t.activities]
        self.write(transaction, "activities", log)

    def plant_messages(
        self, transaction: Transaction, layer: int, thread: list[tuple[int, Message]]
    ) -> None:
        """Write messages, each with the id of its ticket."""
        rows = [self._message(layer, ticket, message) for ticket, message in thread]
        self.write(transaction, "messages", rows)
        files = [row for _, message in thread for row in _attachments(layer, message)]
        self.write(transaction, "attachments", files)

    def write(self, transaction: Transaction, table: str, rows: list[Values]) -> None:
        """Insert rows of a table by its name."""
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

    def _ticket(self, layer: int, workspace: int, ticket: Ticket) -> Values:
        return {
            "layer": layer,
            "id": ticket.id,
            "workspace": workspace,
            "ulid": ticket.ulid.upper(),
            "status": ticket.status,
            "channel": ticket.channel.id,
            "assignee": ticket.assignee.id if ticket.assignee else None,
            "contact": ticket.contact.id,
            "created": int(ticket.created_at.timestamp()),
            "updated": int(ticket.updated_at.timestamp()),
            "active": int(ticket.last_activity_at.timestamp()),
            "subject": ticket.subject.casefold(),
            "item": self._render.item(ticket),
            "rest": self._render.rest_of_item(ticket),
        }

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
            "text": text_of(message.body_html).casefold(),
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


def _cast(layer: int, workspace: Workspace) -> dict[str, list[Values]]:
    """Return the rows of a workspace, its channels, tags and contacts, by table."""
    labels: dict[str, tuple[Channel | Tag | Contact, ...]] = {
        "channels": workspace.channels,
        "tags": workspace.tags,
        "contacts": workspace.contacts,
    }
    rows: dict[str, list[Values]] = {
        table: [cast_row(layer, workspace.id, record) for record in records]
        for table, records in labels.items()
    }
    return {"workspaces": [{"layer": layer, "id": workspace.id, "name": workspace.name}]} | rows


def cast_row(layer: int, workspace: int, record: Channel | Tag | Contact) -> Values:
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


def _tagged(layer: int, batch: list[Ticket]) -> list[Values]:
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
