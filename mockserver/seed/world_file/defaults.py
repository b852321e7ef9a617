"""Records of a world file's users, teams, channels, tags and contacts, with defaults.

The fields of the file, which its schema has checked, are those of the records.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from mockserver.seed.records import Channel, Contact, Tag, Team, Token, User, Workspace
from mockserver.seed.ulid import EPOCH, derived_ulid

Written = dict[str, Any]

CHANNEL_COLORS = ("#3b82f6", "#10b981", "#f59e0b", "#8b5cf6", "#ef4444", "#14b8a6")
TAG_COLORS = ("blue", "green", "yellow", "purple", "orange", "pink", "gray", "red")


def read_workspace(workspace: Written) -> Workspace:
    """Return a workspace of the file without its tickets."""
    return Workspace(
        id=workspace["id"],
        name=workspace["name"],
        users=tuple(map(_user, workspace.get("users", ()))),
        teams=tuple(Team(**team) for team in workspace.get("teams", ())),
        channels=tuple(map(_channel, workspace.get("channels", ()))),
        tags=tuple(map(_tag, workspace.get("tags", ()))),
        contacts=tuple(map(read_contact, workspace.get("contacts", ()))),
        tokens=read_tokens(workspace),
    )


def read_tokens(workspace: Written) -> tuple[Token, ...]:
    """Return the tokens of all users, in the order of the file."""
    return tuple(token for user in workspace.get("users", ()) for token in _tokens(user))


def _tokens(user: Written) -> Iterator[Token]:
    if "token" in user:
        yield Token(user["token"], user["id"])
    for token in user.get("tokens", ()):
        yield Token(user_id=user["id"], **token)


def _user(user: Written) -> User:
    return User(**{name: user[name] for name in user if name not in ("token", "tokens")})


def _channel(channel: Written) -> Channel:
    color = CHANNEL_COLORS[(channel["id"] - 1) % len(CHANNEL_COLORS)]
    return Channel(**{"type": "email", "color": color, **channel})


def _tag(tag: Written) -> Tag:
    color = TAG_COLORS[(tag["id"] - 1) % len(TAG_COLORS)]
    return Tag(**{"ulid": ulid_from_id("tag", tag["id"]), "color": color, **tag})


def read_contact(contact: Written) -> Contact:
    default = {"ulid": ulid_from_id("contact", contact["id"]), "name": None}
    return Contact(**{**default, **contact})


def ulid_from_id(noun: str, id: int) -> str:
    """Return the ULID of a contact or tag; ULIDs sort like the ids."""
    return derived_ulid(noun, id, EPOCH + timedelta(minutes=id % 500_000_000))
