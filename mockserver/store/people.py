"""The members, channels, tags and contacts of a world."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, func, select

from mockserver.seed.records import Channel, Contact, Tag, Ticket, Token, User, Workspace
from mockserver.store.database import Database
from mockserver.store.database.schema import (
    channels,
    contacts,
    tags,
    ticket_tags,
    tickets,
    tokens,
    users,
)
from mockserver.store.database.schema import workspaces as workspaces_
from mockserver.store.database.transaction import Row, Statement, Transaction
from mockserver.store.world import World

_USER = ("id", "name", "email", "avatar_url", "timezone", "left", "workspace")
_CONTACT = ("id", "ulid", "name", "email", "avatar_url", "workspace")


@dataclass(frozen=True, slots=True)
class Directory:
    """Users, channels, tags and contacts by id, and the workspace of each in `homes`."""

    users: dict[int, User]
    channels: dict[int, Channel]
    tags: dict[int, Tag]
    contacts: dict[int, Contact]
    homes: dict[str, dict[int, int]]

    def of(self, workspace: int, noun: str) -> tuple[Any, ...]:
        """Return the users, channels, tags or contacts of one workspace, ids ascending."""
        home = self.homes[noun]
        found: dict[int, Any] = getattr(self, noun)
        return tuple(record for id, record in found.items() if home[id] == workspace)


class People:
    """Reads within the caller's transaction, from a world's own layer and its base."""

    def __init__(self, database: Database) -> None:
        self._workspaces = of_world(database, workspaces_, ("id", "name"), "id")
        self._users = of_world(database, users, _USER, "id")
        self._tokens = of_world(
            database, tokens, ("token", "user", "state", "readonly"), "position"
        )
        labels = ("name", "color", "workspace")
        self._channels = of_world(database, channels, ("id", *labels, "type"), "id")
        self._tags = of_world(database, tags, ("id", *labels, "ulid"), "id")
        self._contacts = of_world(database, contacts, _CONTACT, "id")
        here = (in_world(contacts), contacts.c.workspace == bindparam("workspace"))
        chosen = select(*(contacts.c[name] for name in _CONTACT[:-1])).order_by(contacts.c.id)
        by_email = func.lower(contacts.c.email) == bindparam("email")
        self._by_email = database.compile(chosen.where(*here, by_email).limit(1))
        self._at = database.compile(chosen.where(*here).limit(1).offset(bindparam("position")))
        self._count = database.compile(select(func.count()).where(*here))
        of_ticket = select(tickets.c.contact).where(
            in_world(tickets), tickets.c.id == bindparam("id")
        )
        self._contact_of = database.compile(
            chosen.where(in_world(contacts), contacts.c.id.in_(of_ticket))
        )
        self._tags_of = database.compile(
            select(ticket_tags.c.tag)
            .where(ticket_tags.c.layer == bindparam("of"), ticket_tags.c.ticket == bindparam("id"))
            .order_by(ticket_tags.c.position)
        )

    def directory(
        self, transaction: Transaction, world: World, *, with_contacts: bool
    ) -> Directory:
        def read(statement: Statement) -> list[Row]:
            return transaction.all(statement, **layers_of(world))

        members, channel_rows, tag_rows = map(read, (self._users, self._channels, self._tags))
        contact_rows = read(self._contacts) if with_contacts else []
        return Directory(
            users={row[0]: _user(row) for row in members},
            channels={row[0]: Channel(row[0], row[1], row[4], row[2]) for row in channel_rows},
            tags={row[0]: Tag(row[0], row[4], row[1], row[2]) for row in tag_rows},
            contacts={row[0]: Contact(*row[:5]) for row in contact_rows},
            homes={
                "users": {row[0]: row[6] for row in members},
                "channels": {row[0]: row[3] for row in channel_rows},
                "tags": {row[0]: row[3] for row in tag_rows},
                "contacts": {row[0]: row[5] for row in contact_rows},
            },
        )

    def workspaces(
        self,
        transaction: Transaction,
        world: World,
        directory: Directory,
        tickets_by_workspace: dict[int, list[Ticket]] | None = None,
    ) -> list[Workspace]:
        """Return the workspaces with these people, and with tickets by workspace."""
        rows = transaction.all(self._tokens, **layers_of(world))
        keys = [Token(row[0], row[1], row[2], bool(row[3])) for row in rows]
        homes, found = directory.homes["users"], tickets_by_workspace or {}
        return [
            Workspace(
                id=id,
                name=name,
                users=directory.of(id, "users"),
                channels=directory.of(id, "channels"),
                tags=directory.of(id, "tags"),
                contacts=directory.of(id, "contacts"),
                tokens=tuple(key for key in keys if homes[key.user_id] == id),
                tickets=tuple(found.get(id, ())),
                ticket_count=len(found.get(id, ())),
            )
            for id, name in transaction.all(self._workspaces, **layers_of(world))
        ]

    def contact_of(self, transaction: Transaction, world: World, ticket: int) -> Contact:
        row = transaction.one(self._contact_of, **layers_of(world), id=ticket)
        assert row is not None, "a ticket has a contact, and none is deleted"
        return Contact(*row)

    def contact(
        self, transaction: Transaction, world: World, workspace: int, email: str
    ) -> Contact | None:
        """Return the contact with this e-mail address, whatever its case."""
        values = layers_of(world) | {"workspace": workspace, "email": email.lower()}
        row = transaction.one(self._by_email, **values)
        return Contact(*row) if row else None

    def any_contact(
        self, transaction: Transaction, world: World, workspace: int, chance: float
    ) -> Contact | None:
        """Return the contact that `chance`, from 0 to below 1, selects; None if there is none."""
        values = layers_of(world) | {"workspace": workspace}
        count = (transaction.one(self._count, **values) or (0,))[0]
        row = transaction.one(self._at, **values, position=int(chance * count))
        return Contact(*row) if row else None

    def tags_of(self, transaction: Transaction, layer: int, ticket: int) -> list[int]:
        """Return the tags of a ticket whose current row is in `layer`, in their order."""
        return [row[0] for row in transaction.all(self._tags_of, of=layer, id=ticket)]


def _user(row: Row) -> User:
    id, name, email, avatar_url, timezone, left, _ = row
    return User(id, name, email, avatar_url, timezone, bool(left))


def in_world(table: Table) -> Any:
    return table.c.layer.in_([bindparam("layer"), bindparam("base")])


def of_world(database: Database, table: Table, names: Iterable[str], *order: str) -> Statement:
    """Compile a query for the rows of a world: its own layer's and its base's."""
    chosen = select(*(table.c[name] for name in names)).where(in_world(table))
    return database.compile(chosen.order_by(*(table.c[name] for name in order)))


def layers_of(world: World) -> dict[str, int]:
    return {"layer": world.layer, "base": world.base}
