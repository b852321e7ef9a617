"""The users, teams, channels, tags and contacts of a world.

Every function works within the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from mockserver.seed.records import Channel, Contact, Role, Tag, Team, Token, User, Workspace
from mockserver.store.database.transaction import Transaction

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
_TOKENS = f"""
SELECT token, user_id, state, readonly, workspace FROM tokens
JOIN users ON users.layer = tokens.layer AND users.id = user_id
WHERE tokens.{IN_WORLD} ORDER BY position
"""
_WORKSPACES = f"SELECT id, name FROM workspaces WHERE {IN_WORLD} ORDER BY id"

_TAGS_OF_TICKET = (
    "SELECT tag FROM ticket_tags WHERE layer = :layer AND ticket = :ticket ORDER BY position"
)


def read_workspaces(transaction: Transaction, *, with_contacts: bool) -> list[Workspace]:
    """Return the workspaces without tickets, and without contacts if these are not wanted."""

    def read(sql: str, make: Callable[..., Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for *fields, workspace in transaction.all(sql):
            found[workspace].append(make(*fields))
        return found

    users, tokens, teams = read(_USERS, _user), read(_TOKENS, _token), read(_TEAMS, Team)
    channels, tags = read(_CHANNELS, Channel), read(_TAGS, Tag)
    contacts = read(_CONTACTS, Contact) if with_contacts else defaultdict(list)
    return [
        Workspace(
            id=id,
            name=name,
            users=tuple(users[id]),
            teams=tuple(teams[id]),
            channels=tuple(channels[id]),
            tags=tuple(tags[id]),
            contacts=tuple(contacts[id]),
            tokens=tuple(tokens[id]),
        )
        for id, name in transaction.all(_WORKSPACES)
    ]


def user(transaction: Transaction, id: int) -> User:
    """Return a user that is known to exist."""
    row = transaction.one(_USER_BY_ID, id=id)
    assert row is not None, "no user is deleted"
    return _user(*row[:-1])


def has_team(transaction: Transaction, workspace: int, id: int) -> bool:
    return transaction.one(_HAS_TEAM, workspace=workspace, id=id) is not None


def tags_by_id(transaction: Transaction) -> dict[int, Tag]:
    """Return the tags of all workspaces."""
    return {row[0]: Tag(*row[:-1]) for row in transaction.all(_TAGS)}


def tags_of(transaction: Transaction, layer: int, ticket: int) -> list[int]:
    """Return the tags of a ticket whose current row is in `layer`, in their order."""
    return [row[0] for row in transaction.all(_TAGS_OF_TICKET, layer=layer, ticket=ticket)]


def _user(
    id: int, name: str, email: str, avatar: str | None, timezone: str, left: int, role: Role
) -> User:
    return User(id, name, email, avatar, timezone, bool(left), role)


def _token(token: str, user_id: int, state: Any, readonly: int) -> Token:
    return Token(token, user_id, state, bool(readonly))
