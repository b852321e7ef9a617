"""Records of the help desk, created by the seed and kept by the store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

MessageType = Literal["inbound", "outbound", "note"]
TokenState = Literal["active", "expired", "revoked"]
Role = Literal["owner", "admin", "agent"]


@dataclass(frozen=True, slots=True)
class User:
    """A user of the help desk; one who has left cannot be assigned."""

    id: int
    name: str
    email: str
    avatar_url: str | None = None
    timezone: str | None = "UTC"
    left: bool = False
    role: Role = "agent"


@dataclass(frozen=True, slots=True)
class Contact:
    id: int
    ulid: str
    name: str | None
    email: str
    avatar_url: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A group of users; a ticket can be assigned to it besides its assignee."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    id: int
    name: str
    type: str
    color: str


@dataclass(frozen=True, slots=True)
class Tag:
    id: int
    ulid: str
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on a message; its size is in bytes."""

    id: int
    name: str
    url: str
    size: int
    mime_type: str


@dataclass(frozen=True, slots=True)
class Message:
    id: int
    ulid: str
    type: MessageType
    body_html: str
    sender: User | Contact
    created_at: datetime
    attachments: tuple[Attachment, ...] = ()
    is_forward: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """An entry of the activity log; an automation has no user."""

    type: str
    user: User | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with messages and activities, oldest first; times are UTC in whole seconds."""

    id: int
    ulid: str
    subject: str
    status: str
    channel: Channel
    assignee: User | None
    contact: Contact
    tags: tuple[Tag, ...]
    latest_message_preview: str | None
    summary: str | None
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    messages: tuple[Message, ...] = ()
    activities: tuple[Activity, ...] = ()
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token of one user; a read-only one may not write."""

    token: str
    user_id: int
    state: TokenState = "active"
    readonly: bool = False


@dataclass(frozen=True, slots=True)
class Workspace:
    """The data of one company; `tickets` are by ascending id and may be a generator."""

    id: int
    name: str
    users: tuple[User, ...]
    channels: tuple[Channel, ...]
    tags: tuple[Tag, ...]
    contacts: tuple[Contact, ...]
    tokens: tuple[Token, ...]
    tickets: Iterable[Ticket] = field(default=())
    ticket_count: int = 0
    teams: tuple[Team, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """The records that tickets refer to, by id."""

    users: Mapping[int, User]
    teams: Mapping[int, Team]
    channels: Mapping[int, Channel]
    tags: Mapping[int, Tag]
    contacts: Mapping[int, Contact]

    @classmethod
    def of(cls, *workspaces: Workspace) -> "Records":
        return cls(
            **{
                noun: {each.id: each for home in workspaces for each in getattr(home, noun)}
                for noun in cls.__slots__
            }
        )
