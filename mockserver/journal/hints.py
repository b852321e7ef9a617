"""Hints: what the mock knows about a request that was probably not meant as it was sent."""

import re
from collections.abc import Sequence

from mockserver.contract.request_check import RequestValidator
from mockserver.journal.exchange import Exchange

HEADER = "X-Mock-Hint"

_LONGEST = 1000
"""Characters of the header."""


def hints_of(exchange: Exchange, validator: RequestValidator) -> Sequence[str]:
    """Return the findings of a request in words, and the reason why it was refused."""
    hints = validator.validate(exchange.request).hints
    return (exchange.reason, *hints) if exchange.reason else hints


def header_text(hints: Sequence[str]) -> str:
    """Return hints as the value of a header: printable ASCII."""
    return re.sub(r"[^ -~]", _escaped, " | ".join(hints))[:_LONGEST]


def printable(text: str) -> str:
    """Return a text without characters that would change what a terminal shows."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _escaped(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]
