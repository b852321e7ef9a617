"""A header that every request must carry; a refusal names it, and --header supplies it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Adaptation, Learnt, Node, Place
from contract_tests.observations.exchange import Exchange, Request
from mockserver.contract.document.references import node_at

_REFUSALS = (400, 401, 403, 412, 422, 428)
_NAME = re.compile(r"\b(?:[A-Z][A-Za-z0-9]*-)+[A-Z][A-Za-z0-9]*\b|\b[xX](?:-[A-Za-z0-9]+)+\b")
_WANTED = re.compile(r"required|missing|must|need|send|provide|without|absent", re.IGNORECASE)
_OURS = {"authorization", "accept", "content-type", "user-agent"}


@dataclass(frozen=True)
class Header(Adaptation):
    """`actual` is the header's name; its value is the user's, and secret."""

    kind = "header"
    change = "added"
    difference = "every request must carry the header {actual}"
    consequence = "a client that sends only the documented headers is refused everything"
    statement = "access.accepted"

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        own = {"name": self.actual, "in": "header", "required": True, "schema": {"type": "string"}}
        places: list[Place] = [("paths", path, "parameters") for path in document["paths"]]
        return {place: [*(node_at(document, place) or []), own] for place in places}

    def is_missing(self, exchange: Exchange) -> bool:
        return (detect(exchange) or "").lower() == self.actual.lower()

    def explains(self, exchange: Exchange) -> bool:
        return self.is_missing(exchange)

    def concerns(self, request: Request) -> bool:
        return request.purpose != WITHOUT


WITHOUT = "the list without the additional header"
"""The purpose of the request that shows whether a header is required."""


def detect(exchange: Exchange) -> str | None:
    """Return the header that a refusal asks for."""
    if exchange.status not in _REFUSALS:
        return None
    text = " ".join([*refusal.field_names(exchange), refusal.words(exchange)])
    if not re.search("header", text, re.IGNORECASE) or not _WANTED.search(text):
        return None
    named = {name for name in _NAME.findall(text) if name.lower() not in _OURS}
    return min(named) if len({name.lower() for name in named}) == 1 else None


def recorded(exchanges: Sequence[Exchange]) -> list[Learnt]:
    """Return the header that refusals ask for, if other requests were accepted."""
    refused = [(name, e) for e in exchanges if (name := detect(e)) is not None]
    names = {name.lower() for name, _ in refused}
    if len(names) != 1 or not any(exchange.successful for exchange in exchanges):
        return []
    name, first = refused[0]
    return [(Header("(none)", name), first)]
