"""The tables. Every row belongs to a layer: an immutable seed, or one world's changes."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy import Integer as _Integer

VERSION = 1
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
    Column("seed", Text, unique=True),  # what made it, for a seeded layer
)

worlds = Table(
    "worlds",
    metadata,
    Column("layer", BigInteger, ForeignKey("layers.id"), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("base", BigInteger, ForeignKey("layers.id"), nullable=False),
    Column("changes", BigInteger, nullable=False),  # writes so far; 0: the seed as it is
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
    Column("created", BigInteger, nullable=False),  # seconds since 1970, as all times
    Column("updated", BigInteger, nullable=False),
    Column("active", BigInteger, nullable=False),
    Column("subject", Text, nullable=False),  # folded for search
    Column("item", LargeBinary, nullable=False),  # the list item, rendered
    Index("tickets_by_updated", "layer", "workspace", "updated", "id"),
    Index("tickets_by_created", "layer", "workspace", "created", "id"),
    Index("tickets_by_active", "layer", "workspace", "active", "id"),
    Index("tickets_by_ulid", "layer", "ulid"),
)

tagged = Table(
    "tagged",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, primary_key=True, autoincrement=False),
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
    Column("text", Text, nullable=False),  # without tags, folded for search
    Column("body", LargeBinary, nullable=False),  # rendered
    Index("messages_by_ticket", "layer", "ticket", "created", "id"),
)

activities = Table(
    "activities",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("layer", BigInteger, nullable=False),
    Column("ticket", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # rendered
    Index("activities_by_ticket", "layer", "ticket", "created", "id"),
)

users = Table(
    "users",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, nullable=False),
    Column("left", SmallInteger, nullable=False),
    Column("assignee", LargeBinary, nullable=False),  # rendered as a ticket's assignee
    Column("actor", LargeBinary, nullable=False),  # rendered as an activity's user
)

tokens = Table(
    "tokens",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("token", Text, primary_key=True),
    Column("user", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("readonly", SmallInteger, nullable=False),
)

OF_A_LAYER = (tickets, tagged, messages, activities, users, tokens)
"""What goes when a layer goes."""
