"""The text of a refusal, the names in it, and which of these it allows."""

import re
from collections.abc import Iterator
from typing import Any

from contract_tests.observations.exchange import Exchange

_NAME = re.compile(r"[A-Za-z_][\w-]*(?:\[[\w-]+\])?")
_ALLOWED = re.compile(
    r"(?<!not )(?<!un)(?:allowed|allows|supported|accepted|available|known|expected|instead"
    r"|did you mean|use )",
    re.IGNORECASE,
)
LONGEST = 400
"""Characters of a refusal that are kept."""


def words(exchange: Exchange) -> str:
    """Return the text of a refusal: its messages, each once, in the order of the body."""
    found = list(dict.fromkeys(texts(exchange.document))) if exchange.is_json else []
    return " ".join(" ".join(found).split())[:LONGEST]


def field_names(exchange: Exchange) -> list[str]:
    """Return the fields of a validation error: the keys of `errors`, as received."""
    errors = exchange.as_received.member("errors")
    return list(errors) if isinstance(errors, dict) else []


def names(text: str) -> list[str]:
    """Return the words of a text that may be names, in order, each once."""
    return list(dict.fromkeys(_NAME.findall(text)))


def allowed_names(text: str) -> list[str]:
    """Return the names that a refusal lists as allowed; none where it lists none."""
    match = _ALLOWED.search(text)
    return names(text[match.end() :]) if match else []


def texts(node: Any) -> Iterator[str]:
    """Yield every text of a JSON value."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from texts(item)
