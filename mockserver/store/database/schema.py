"""The tables. Every row belongs to a layer: an immutable seed, or the changes of one world."""

import hashlib
from pathlib import Path
from typing import Any

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

VERSION = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
"""A hash of this module; a database with other tables is refused."""

UNASSIGNED = 0
"""In `assignee`, where a comparison with NULL would need a condition of its own."""

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
    Column("seed", Text),  # what a seeded layer was generated from, in words
    Column("fingerprint", Text, unique=True),  # equal for layers of equal rows
    sqlite_autoincrement=True,  # no number is used twice
)

seed_jobs = Table(
    "seed_jobs",
    metadata,
    Column("layer", BigInteger, ForeignKey("layers.id"), primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("request", Text, nullable=False),  # what to generate it from again
    Column("done", BigInteger, nullable=False),  # committed groups of batches
)

worlds = Table(
    "worlds",
    metadata,
    Column("layer", BigInteger, ForeignKey("layers.id"), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("base", BigInteger, ForeignKey("layers.id"), nullable=False),
    Column("changes", BigInteger, nullable=False),  # writes so far; 0: the seed as it is
    Column("clock", BigInteger),  # the world's own time; null: the server's
    Column("since", BigInteger),  # the real time since which it runs; null: it is frozen
    Column("first_clock", BigInteger),  # its own time when it was opened
    Column("acts", BigInteger, nullable=False),  # of simulated activity, so far
    Column("named", SmallInteger, nullable=False),  # 1: opened or imported by name
    Column("created", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),  # microseconds since 1970
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

texts = Table(
    "texts",
    metadata,
    Column("key", Serial, primary_key=True),
    Column("text", Text, nullable=False),  # subject and messages, case-folded, for search
)

# Narrow rows: lists are filtered and sorted on the indexes alone.
tickets = Table(
    "tickets",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, nullable=False),
    Column("ulid", Text, nullable=False),  # upper case
    Column("status", Text, nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("assignee", BigInteger, nullable=False),  # or UNASSIGNED
    Column("contact", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),  # seconds since 1970, as all times
    Column("updated", BigInteger, nullable=False),
    Column("active", BigInteger, nullable=False),
    Column("text", BigInteger, nullable=False),  # a key of texts; worlds share the seed's
    *(
        Index(
            f"tickets_by_{time}", "layer", "workspace", time, "id", "status", "channel", "assignee"
        )
        for time in ("created", "updated", "active")
    ),
    Index("tickets_by_ulid", "layer", "ulid"),
    Index(
        "tickets_by_text",
        *("text", "layer", "workspace", "status", "channel", "assignee"),
        *("created", "updated", "active"),
    ),
    sqlite_with_rowid=False,
)

items = Table(
    "items",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("item", LargeBinary, nullable=False),  # the list item as JSON
    Column("rest", LargeBinary),  # what the contract's list item leaves out, if anything
)

ticket_tags = Table(
    "ticket_tags",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, primary_key=True, autoincrement=False),
    Column("tag", BigInteger, primary_key=True, autoincrement=False),
    Column("position", SmallInteger, nullable=False),  # among the ticket's tags
    Index("ticket_tags_by_tag", "layer", "tag", "ticket"),
    sqlite_with_rowid=False,
)

# Totals without counting rows; those of a world's own layer may be negative.
ticket_counts = Table(
    "ticket_counts",
    metadata,
    Column("layer", BigInteger, primary_key=True, autoincrement=False),
    Column("workspace", BigInteger, primary_key=True, autoincrement=False),
    Column("status", Text, primary_key=True),
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    Column("assignee", BigInteger, primary_key=True, autoincrement=False),
    Column("tickets", BigInteger, nullable=False),
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
    Column("user", BigInteger),  # the sender: a user,
    Column("contact", BigInteger),  # or a contact
    Column("forward", SmallInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the message as JSON
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
    Column("body", LargeBinary, nullable=False),  # the activity as JSON
    Index("activities_by_ticket", "layer", "ticket", "created", "id"),
)

faults = Table(
    "faults",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("world", Text, nullable=False),  # its name, or * for every world
    Column("fault", Text, nullable=False),  # as it is written
    Column("kept", SmallInteger, nullable=False),  # 1: outlives a reset of its world
    Index("faults_by_world", "world"),
    sqlite_autoincrement=True,  # no number is used twice
)

OF_A_LAYER = (
    workspaces,
    users,
    tokens,
    channels,
    tags,
    contacts,
    tickets,
    items,
    ticket_tags,
    ticket_counts,
    messages,
    attachments,
    activities,
)
"""Tables whose rows are copied and removed with their layer."""

_TRIGRAM_INDEX = """
CREATE VIRTUAL TABLE texts_fts
USING fts5(text, content='texts', content_rowid='key', tokenize='trigram case_sensitive 1');
CREATE TRIGGER texts_added AFTER INSERT ON texts
BEGIN INSERT INTO texts_fts(rowid, text) VALUES (new.key, new.text) END;
CREATE TRIGGER texts_removed AFTER DELETE ON texts
BEGIN INSERT INTO texts_fts(texts_fts, rowid, text) VALUES ('delete', old.key, old.text) END;
"""
"""Trigrams find any term of three characters or more; the triggers keep the index current."""

for _statement in _TRIGRAM_INDEX.split(";\n")[:-1]:
    _ddl: Any = DDL(_statement.replace(") END", "); END"))  # type: ignore[no-untyped-call]  # theirs
    event.listen(texts, "after_create", _ddl.execute_if(dialect="sqlite"))
