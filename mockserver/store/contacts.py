"""Contacts of a workspace: in lists, and single ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mockserver.seed.clock import moment
from mockserver.seed.records import Contact
from mockserver.store.database.database import Database
from mockserver.store.database.transaction import Row
from mockserver.store.people import CONTACT, IN_WORLD
from mockserver.store.render import Renderer
from mockserver.store.search_text import folded, like_pattern
from mockserver.store.tickets.listing import Page
from mockserver.store.worlds.world import Caller, World

CONTACT_FILTERS: dict[str, tuple[str, ...]] = {
    "name": ("search_name",),
    "email": ("search_email",),
    "search": ("search_name", "search_email"),
}
"""The columns in which a filter finds its text."""

CONTACT_SORT_KEYS: dict[str, str] = {
    "name": "search_name",
    "created_at": "id",  # no column holds the time, and ids are given in its order
    "last_activity": "coalesce(active, 0)",
}

_OWN = "SELECT 1 FROM tickets AS own WHERE own.layer = :layer AND own.id = tickets.id"
_ENTRIES = f"""
WITH current AS (
    SELECT contact, count(*) AS number, max(updated) AS active FROM tickets
    WHERE {IN_WORLD} AND workspace = :workspace AND (layer = :layer OR NOT EXISTS ({_OWN}))
    GROUP BY contact
)
SELECT id, ulid, name, email, avatar_url, notes, coalesce(number, 0), active
FROM contacts LEFT JOIN current ON contact = id
WHERE {IN_WORLD} AND workspace = :workspace AND {{condition}}
"""
_COUNT = f"SELECT count(*) FROM contacts WHERE {IN_WORLD} AND workspace = :workspace AND {{}}"

_BY_EMAIL = f"{CONTACT} AND workspace = :workspace AND search_email = :email ORDER BY id LIMIT 1"
_AT_POSITION = f"{CONTACT} AND workspace = :workspace ORDER BY id LIMIT 1 OFFSET :position"
_OF_TICKET = f"{CONTACT} AND id IN (SELECT contact FROM tickets WHERE {IN_WORLD} AND id = :ticket)"


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """A contact with what its tickets say of it; `last_activity_at` is their latest change."""

    id: int
    ulid: str
    name: str | None
    email: str
    avatar_url: str | None
    notes: str | None
    ticket_count: int
    last_activity_at: datetime | None


class Contacts:
    """Reads contacts; each method is one transaction."""

    def __init__(self, database: Database, renderer: Renderer) -> None:
        self._database = database
        self._render = renderer

    def page(
        self, caller: Caller, given: Mapping[str, str], sort: Sequence[str], number: int, size: int
    ) -> Page:
        """Return a page: `given` maps filters to texts, `sort` such as `-last_activity`."""
        values: dict[str, Any] = {"workspace": caller.workspace}
        values |= {name: like_pattern(folded(text)) for name, text in given.items()}
        condition = " AND ".join(map(_contains, given)) or "TRUE"
        order = ", ".join([*map(_ordered, sort), f"id {_direction(sort[-1])}"])
        entries = _ENTRIES.format(condition=condition)
        page = f"{entries} ORDER BY {order} LIMIT :size OFFSET :offset"
        with self._database.read(caller.world) as transaction:
            total = int(transaction.value(_COUNT.format(condition), **values))
            offset = min((number - 1) * size, total)
            rows = transaction.all(page, **values, size=size, offset=offset)
        return Page([self._render.contact(_entry(row)) for row in rows], number, size, total)

    def find(
        self, caller: Caller, *, id: int | None = None, ulid: str | None = None
    ) -> ContactEntry | None:
        """Return the contact of the caller's workspace with this id or ULID, if there is one."""
        condition = "id = :key" if id is not None else "upper(ulid) = :key"
        entry = _ENTRIES.format(condition=condition)
        key = ulid if id is None else id
        with self._database.read(caller.world) as transaction:
            row = transaction.one(entry, workspace=caller.workspace, key=key)
        return None if row is None else _entry(row)

    def by_email(self, world: World, workspace: int, email: str) -> Contact | None:
        """Return the contact with this e-mail address, whatever its case."""
        with self._database.read(world) as transaction:
            found = transaction.one(_BY_EMAIL, workspace=workspace, email=folded(email))
            return _contact(found)

    def pick(self, world: World, workspace: int, chance: float) -> Contact | None:
        """Return the contact that `chance`, from 0 to below 1, selects; None if there is none."""
        with self._database.read(world) as transaction:
            number = transaction.value(_COUNT.format("TRUE"), workspace=workspace)
            position = int(chance * number)
            return _contact(transaction.one(_AT_POSITION, workspace=workspace, position=position))

    def of_ticket(self, world: World, ticket: int) -> Contact:
        with self._database.read(world) as transaction:
            contact = _contact(transaction.one(_OF_TICKET, ticket=ticket))
        assert contact is not None, "a ticket has a contact, and none is deleted"
        return contact


def _contact(row: Row | None) -> Contact | None:
    return Contact(*row[:6]) if row else None


def _contains(name: str) -> str:
    either = (rf"{column} LIKE :{name} ESCAPE '\'" for column in CONTACT_FILTERS[name])
    return f"({' OR '.join(either)})"


def _ordered(key: str) -> str:
    return f"{CONTACT_SORT_KEYS[key.removeprefix('-')]} {_direction(key)}"


def _direction(key: str) -> str:
    return "DESC" if key.startswith("-") else "ASC"


def _entry(row: Row) -> ContactEntry:
    id, ulid, name, email, avatar_url, notes, number, active = row
    latest = None if active is None else moment(active)
    return ContactEntry(id, ulid, name, email, avatar_url, notes, number, latest)
