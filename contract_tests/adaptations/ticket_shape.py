"""Recognizes a ticket by its documented fields, wherever in a response it stands."""

from typing import Any

FIELDS = frozenset({
    "ulid", "subject", "status", "channel", "assignee", "contact", "tags",
    "latest_message_preview", "summary", "created_at", "updated_at",
})  # fmt: skip
_ENOUGH = 6
"""So many documented fields make an object a ticket, also when some are missing or renamed."""


def is_ticket(value: Any) -> bool:
    return isinstance(value, dict) and len(FIELDS & set(value)) >= _ENOUGH


def are_tickets(value: Any) -> bool:
    """Return whether a value is a list of tickets, with one at least."""
    return isinstance(value, list) and bool(value) and all(map(is_ticket, value))
