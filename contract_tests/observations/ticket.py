"""A page and a detail as laws see them: an exchange with its parts within reach."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from html import unescape
from typing import Any, TypeGuard

from contract_tests.observations.exchange import Exchange
from contract_tests.observations.search_matches import folded

Row = dict[str, Any]
_TAG = re.compile(r"<[^>]*>")
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_WITHIN = re.compile(
    r"(?<=\w)</?(?:a|b|code|em|font|i|mark|s|small|span|strong|su[bp]|u|wbr)\b[^>]*>(?=\w)",
    re.IGNORECASE,
)
"""Markup within a word, which readers see in one piece, and some searches as two words."""

_UNSEARCHED = {"ulid", "created_at", "updated_at", "color", "avatar_url", "url"}
"""Fields that a search does not look into, although they contain every digit."""


@dataclass(frozen=True)
class Detail:
    """A detail answer of status 200 whose ticket has an id."""

    exchange: Exchange

    @property
    def number(self) -> int:
        return self.exchange.number

    @property
    def ticket(self) -> Row:
        ticket: Row = self.exchange.document["ticket"]
        return ticket

    @property
    def id(self) -> int:
        return int(self.ticket["id"])

    @cached_property
    def messages(self) -> list[Row]:
        return _entries(self.ticket.get("messages"))

    @cached_property
    def activities(self) -> list[Row]:
        return _entries(self.ticket.get("activities"))

    @cached_property
    def texts(self) -> list[str]:
        """The text of each message, without markup; words that it runs through hold a joiner."""
        bodies = (text_in(message, "body_html") for message in self.messages)
        return [plain_text(_WITHIN.sub("\N{WORD JOINER}", body)) for body in bodies]

    @cached_property
    def everything(self) -> str:
        """All text of the ticket, `folded`, for what must not be found anywhere."""
        joined = [stripped_text(text_in(message, "body_html")) for message in self.messages]
        return folded(" ".join([*_strings(self.ticket), *self.texts, *joined]))


def assignee_id(row: Row) -> Any:
    assignee = row.get("assignee")
    return assignee.get("id") if isinstance(assignee, dict) else assignee


def actor_of(entry: Row) -> Any:
    """Return the id of the user whom a log entry or a message names."""
    user = entry.get("user")
    return user.get("id") if isinstance(user, dict) else None


def traits_of(entry: Row) -> tuple[str, Any, Any]:
    """Return what of a log entry stays: its type, the id of its user, and its time."""
    return str(entry.get("type")), actor_of(entry), entry.get("created_at")


def sender_of(message: Row) -> tuple[Any, Any]:
    """Return who sent a message, by kind and id."""
    sender = message.get("sender")
    return (sender.get("type"), sender.get("id")) if isinstance(sender, dict) else (None, None)


def shown(exchange: Exchange, ticket: int) -> Row | None:
    """Return a ticket as a list or a detail shows it to the token given."""
    if exchange.request.who != "main" or not exchange.successful or exchange.stale:
        return None
    return next((row for row in tickets_in(exchange.document) if row["id"] == ticket), None)


def tickets_in(document: Any) -> list[Row]:
    """Return the tickets with an id in the body of a list or of a detail."""
    if not isinstance(document, dict):
        return []
    data = document.get("data")
    rows = data if isinstance(data, list) else [document.get("ticket")]
    return [row for row in rows if has_id(row)]


def has_id(row: Any) -> TypeGuard[Row]:
    return isinstance(row, dict) and is_integer(row.get("id"))


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def text_in(node: Row, name: str) -> str:
    """Return a text of a ticket or a message; an empty one in place of null."""
    found = node.get(name)
    return "" if found is None else str(found)


def plain_text(html: str) -> str:
    """Return the text of a piece of HTML, its blanks made single."""
    return " ".join(unescape(_TAG.sub(" ", _HIDDEN.sub(" ", html))).split())


def stripped_text(html: str) -> str:
    """Return the text with the markup taken out and nothing else, as simple servers do it."""
    return unescape(_TAG.sub("", html))


def text_pieces(html: str) -> list[str]:
    """Return the runs of text between tags: a phrase within one is contiguous in the source."""
    return [piece for piece in _TAG.split(_HIDDEN.sub(" ", html)) if piece.strip()]


def moment(value: Any) -> datetime | None:
    """Return a date-time with offset, or None for anything else."""
    try:
        parsed = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return parsed if parsed.tzinfo is not None else None


def in_utc(value: Any) -> Any:
    """Return a moment as the contract's examples spell it; anything else as it is."""
    found = moment(value)
    try:
        return found.astimezone(UTC).isoformat() if found is not None else value
    except OverflowError:  # in the first or the last year
        return value


def _entries(value: Any) -> list[Row]:
    """Return the messages or log entries in a list, with their times in one spelling."""
    found = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return [
        {**item, "created_at": in_utc(item["created_at"])} if "created_at" in item else item
        for item in found
    ]


def _strings(node: Any) -> list[str]:
    """Return the texts in a piece of JSON that a search could find."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        node = [item for name, item in node.items() if name not in _UNSEARCHED]
    return [text for item in node for text in _strings(item)] if isinstance(node, list) else []


def ids_of(row: Row, name: str) -> Iterator[int]:
    """Yield the ids of a row's channel, assignee or tags."""
    node = row.get(name)
    for item in node if isinstance(node, list) else [node]:
        if isinstance(item, dict) and isinstance(item.get("id"), int):
            yield item["id"]
