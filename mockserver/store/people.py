"""The users, teams, channels, tags and contacts of a world.

Every function works within the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.seed.records import Channel, Contact, Tag, Team, Ticket, Token, User, Workspace
from mockserver.store.database.transaction import Row, Transaction

IN_WORLD = "layer IN (:layer, :base)"
"""A condition on the rows of a world: those of its own layer, and those of its base."""

_USER = (
    "SELECT id, name, email, avatar_url, timezone, has_left, role, workspace FROM users"
    f" WHERE {IN_WORLD}"
)
_USERS = f"{_USER} ORDER BY id"
_USER_BY_ID = f"{_USER} AND id = :id"
_HAS_TEAM = f"SELECT 1 FROM teams WHERE {IN_WORLD} AND workspace = :workspace AND id = :id"
_TEAMS = f"SELECT id, name, workspace FROM teams WHERE {IN_WORLD} ORDER BY id"
_CHANNELS = f"SELECT id, name, type, color, workspace FROM channels WHERE {IN_WORLD} ORDER BY id"
_TAGS = f"SELECT id, ulid, name, color, workspace FROM tags WHERE {IN_WORLD} ORDER BY id"
CONTACT = (
    f"SELECT id, ulid, name, email, avatar_url, notes, workspace FROM contacts WHERE {IN_WORLD}"
)
_CONTACTS = f"{CONTACT} ORDER BY id"
_TOKENS = f"SELECT token, user_id, state, readonly FROM tokens WHERE {IN_WORLD} ORDER BY position"
_WORKSPACES = f"SELECT id, name FROM workspaces WHERE {IN_WORLD} ORDER BY id"

_TAGS_OF_TICKET = (
    "SELECT tag FROM ticket_tags WHERE layer = :layer AND ticket = :ticket ORDER BY position"
)


@dataclass(frozen=True, slots=True)
class Directory:
    """Users, teams, channels, tags and contacts by id, and the workspace of each in `homes`."""

    users: dict[int, User]
    teams: dict[int, Team]
    channels: dict[int, Channel]
    tags: dict[int, Tag]
    contacts: dict[int, Contact]
    homes: dict[str, dict[int, int]]

    def of(self, workspace: int, noun: str) -> tuple[Any, ...]:
        """Return the users, teams, channels, tags or contacts of a workspace, ids ascending."""
        home = self.homes[noun]
        found: dict[int, Any] = getattr(self, noun)
        return tuple(record for id, record in found.items() if home[id] == workspace)


def read_directory(transaction: Transaction, *, with_contacts: bool) -> Directory:
    rows = {
        "users": transaction.all(_USERS),
        "teams": transaction.all(_TEAMS),
        "channels": transaction.all(_CHANNELS),
        "tags": transaction.all(_TAGS),
        "contacts": transaction.all(_CONTACTS) if with_contacts else [],
    }
    return Directory(
        users={row[0]: _user(row) for row in rows["users"]},
        teams={row[0]: Team(*row[:2]) for row in rows["teams"]},
        channels={row[0]: Channel(*row[:4]) for row in rows["channels"]},
        tags={row[0]: Tag(*row[:4]) for row in rows["tags"]},
        contacts={row[0]: Contact(*row[:6]) for row in rows["contacts"]},
        homes={noun: {row[0]: row[-1] for row in found} for noun, found in rows.items()},
    )


def read_workspaces(
    transaction: Transaction,
    directory: Directory,
    tickets: Mapping[int, Sequence[Ticket]] | None = None,
) -> list[Workspace]:
    """Return the workspaces with the people of `directory`, and with `tickets` by workspace."""
    rows = transaction.all(_TOKENS)
    tokens = [Token(token, user, state, bool(readonly)) for token, user, state, readonly in rows]
    homes = directory.homes["users"]
    found = tickets or {}
    return [
        Workspace(
            id=id,
            name=name,
            users=directory.of(id, "users"),
            teams=directory.of(id, "teams"),
            channels=directory.of(id, "channels"),
            tags=directory.of(id, "tags"),
            contacts=directory.of(id, "contacts"),
            tokens=tuple(token for token in tokens if homes[token.user_id] == id),
            tickets=tuple(found.get(id, ())),
            ticket_count=len(found.get(id, ())),
        )
        for id, name in transaction.all(_WORKSPACES)
    ]


def user(transaction: Transaction, id: int) -> User:
    """Return a user that is known to exist."""
    row = transaction.one(_USER_BY_ID, id=id)
    assert row is not None, "no user is deleted"
    return _user(row)


def has_team(transaction: Transaction, workspace: int, id: int) -> bool:
    return transaction.one(_HAS_TEAM, workspace=workspace, id=id) is not None


def tags_of(transaction: Transaction, layer: int, ticket: int) -> list[int]:
    """Return the tags of a ticket whose current row is in `layer`, in their order."""
    return [row[0] for row in transaction.all(_TAGS_OF_TICKET, layer=layer, ticket=ticket)]


def _user(row: Row) -> User:
    id, name, email, avatar_url, timezone, has_left, role, _ = row
    return User(id, name, email, avatar_url, timezone, bool(has_left), role)
