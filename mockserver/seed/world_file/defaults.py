"""Records of a world file's users, channels, tags and contacts, with defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mockserver.seed.records import (
    Channel,
    Contact,
    Tag,
    Team,
    Token,
    User,
)
from mockserver.seed.ulid import EPOCH, derived_ulid

Written = dict[str, Any]

CHANNEL_COLORS = ("#3b82f6", "#10b981", "#f59e0b", "#8b5cf6", "#ef4444", "#14b8a6")
TAG_COLORS = ("blue", "green", "yellow", "purple", "orange", "pink", "gray", "red")


@dataclass(frozen=True, slots=True)
class Records:
    """The records that tickets of a workspace refer to, by id."""

    users: Mapping[int, User]
    channels: Mapping[int, Channel]
    tags: Mapping[int, Tag]
    contacts: Mapping[int, Contact]
    teams: Mapping[int, Team]


def read_records(workspace: Written) -> Records:
    """Return the users, channels, tags, contacts and teams of a workspace in the file."""
    return Records(
        users={user["id"]: _user(user) for user in workspace.get("users", ())},
        channels={channel["id"]: _channel(channel) for channel in workspace.get("channels", ())},
        tags={tag["id"]: _tag(tag) for tag in workspace.get("tags", ())},
        contacts={
            contact["id"]: read_contact(contact) for contact in workspace.get("contacts", ())
        },
        teams={team["id"]: Team(team["id"], team["name"]) for team in workspace.get("teams", ())},
    )


def read_tokens(workspace: Written) -> tuple[Token, ...]:
    """Return the tokens of all users, in the order of the file."""
    return tuple(token for user in workspace.get("users", ()) for token in _tokens(user))


def _tokens(user: Written) -> Iterator[Token]:
    if "token" in user:
        yield Token(user["token"], user["id"])
    for token in user.get("tokens", ()):
        state, readonly = token.get("state", "active"), token.get("readonly", False)
        yield Token(token["token"], user["id"], state, readonly)


def _user(user: Written) -> User:
    return User(
        id=user["id"],
        name=user["name"],
        email=user["email"],
        avatar_url=user.get("avatar_url"),
        timezone=user.get("timezone", "UTC"),
        left=user.get("left", False),
        role=user.get("role", "agent"),
    )


def _channel(channel: Written) -> Channel:
    color = CHANNEL_COLORS[(channel["id"] - 1) % len(CHANNEL_COLORS)]
    return Channel(
        id=channel["id"],
        name=channel["name"],
        type=channel.get("type", "email"),
        color=channel.get("color", color),
    )


def _tag(tag: Written) -> Tag:
    color = TAG_COLORS[(tag["id"] - 1) % len(TAG_COLORS)]
    return Tag(
        id=tag["id"],
        ulid=tag.get("ulid") or labelled_ulid("tag", tag["id"]),
        name=tag["name"],
        color=tag.get("color", color),
    )


def read_contact(contact: Written) -> Contact:
    return Contact(
        id=contact["id"],
        ulid=contact.get("ulid") or labelled_ulid("contact", contact["id"]),
        name=contact.get("name"),
        email=contact["email"],
        avatar_url=contact.get("avatar_url"),
        notes=contact.get("notes"),
    )


def labelled_ulid(noun: str, id: int) -> str:
    """Return the ULID of a contact or tag; ULIDs sort like the ids."""
    return derived_ulid(noun, id, EPOCH + timedelta(minutes=id % 500_000_000))
