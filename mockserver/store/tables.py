"""The tables. Every row belongs to a layer: an immutable seed, or one world's changes."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy import Integer as _Integer

VERSION = 5
"""Of the tables below; a database with another is refused."""

# SQLite numbers rows by itself only where the type is spelled INTEGER.
Serial = BigInteger().with_variant(_Integer, "sqlite")

metadata = MetaData()

about = Table(
    "about",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

layers = Table(
    "layers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("seed", Text),  # what made it, in words, for a seeded layer
    Column("fingerprint", Text, unique=True),  # equal for layers of equal rows
    sqlite_autoincrement=True,  # no number is given twice: totals are remembered by it
)

plantings = Table(
    "plantings",
    metadata,
    Column("layer", BigInteger, ForeignKey("layers.id"), primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("asked", Text, nullable=False),  # what to make it from again
    Column("done", BigInteger, nullable=False),  # groups of steps that stand
)

worlds = Table(
    "worlds",
    metadata,
    Column("layer", BigInteger, ForeignKey("layers.id"), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("base", BigInteger, ForeignKey("layers.id"), nullable=False),
    Column("changes", BigInteger, nullable=False),  # writes so far; 0: the seed as it is
    Column("state", BigInteger, nullable=False),  # counts on whatever happens; none comes back
    Column("cleared", BigInteger, nullable=False),  # the state since which no row of its own went
    Column("clock", BigInteger),  # the world's own time; null: the server's
    Column("since", BigInteger),  # the real time since which it runs; null: it stands still
    Column("first_clock", BigInteger),  # its own time when it was made
    Column("acts", BigInteger, nullable=False),  # of busy colleagues, so far
    Column("created", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("layer", BigInteger, ForeignKey("layers.id"), primary_key=True, autoincrement=False),
    Column("world", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("base", BigInteger, ForeignKey("layers.id"), nullable=False),
    Column("changes", BigInteger, nullable=False),
    Column("clock", BigInteger),
    Column("since", BigInteger),
    Column("acts", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("world", "name"),
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("avatar_url", Text),
    Column("timezone", Text),
    Column("left", SmallInteger, nullable=False),
    Column("assignee", LargeBinary, nullable=False),  # rendered as a ticket's assignee
    Column("actor", LargeBinary, nullable=False),  # rendered as an activity's user
)

tokens = Table(
    "tokens",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("token", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),  # in the world file
    Column("user", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("readonly", SmallInteger, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("color", Text, nullable=False),
)

tags = Table(
    "tags",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, nullable=False),
    Column("ulid", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("color", Text, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, nullable=False),
    Column("ulid", Text, nullable=False),
    Column("name", Text),
    Column("email", Text, nullable=False),
    Column("avatar_url", Text),
    Index("contacts_by_email", "layer", "email"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, nullable=False),
    Column("ulid", Text, nullable=False),  # upper case
    Column("status", Text, nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("assignee", BigInteger),
    Column("contact", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),  # seconds since 1970, as all times
    Column("updated", BigInteger, nullable=False),
    Column("active", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),  # folded for search
    Column("item", LargeBinary, nullable=False),  # the list item, rendered
    Column("rest", LargeBinary),  # what the contract's list item leaves out, if anything
    Column("touched", BigInteger),  # the state that a world's own row came with; null: seeded
    Index("tickets_by_ulid", "layer", "ulid"),
)
# As an Index it would name each dialect, and so import all the drivers that SQLAlchemy knows.
_by_touch = "CREATE INDEX tickets_by_touch ON tickets (layer, touched) WHERE touched IS NOT NULL"
event.listen(tickets, "after_create", DDL(_by_touch))  # type: ignore[no-untyped-call]  # theirs

tagged = Table(
    "tagged",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, primary_key=True, autoincrement=False),
    Column("position", SmallInteger, nullable=False),  # among the ticket's tags
    Index("tagged_by_ticket", "layer", "ticket"),
    sqlite_with_rowid=False,
)

messages = Table(
    "messages",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("ulid", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("user", BigInteger),  # who sent it: a user,
    Column("contact", BigInteger),  # or a contact
    Column("forward", SmallInteger, nullable=False),
    Column("text", Text, nullable=False),  # without tags, folded for search
    Column("body", LargeBinary, nullable=False),  # rendered
    Column("rest", LargeBinary),  # what the contract's message leaves out, if anything
    Index("messages_by_ticket", "layer", "ticket", "created", "id"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, nullable=False),
    Column("position", SmallInteger, nullable=False),  # among the message's attachments
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mime_type", Text, nullable=False),
)

activities = Table(
    "activities",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("layer", BigInteger, nullable=False),
    Column("ticket", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("user", BigInteger),
    Column("body", LargeBinary, nullable=False),  # rendered
    Index("activities_by_ticket", "layer", "ticket", "created", "id"),
)

catalogue = Table(
    "catalogue",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("piece", BigInteger, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

OF_A_LAYER = (
    workspaces,
    users,
    tokens,
    channels,
    tags,
    contacts,
    tickets,
    tagged,
    messages,
    attachments,
    activities,
    catalogue,
)
"""What goes when a layer goes."""
