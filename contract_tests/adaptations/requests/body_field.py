"""The field of a write's body under another name, as the refusal gives it."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import (
    Adaptation,
    Node,
    Place,
    Proposal,
    at,
    with_key_renamed,
)
from contract_tests.observations.exchange import Exchange, Request
from contract_tests.observations.write import KEYS, read_write


@dataclass(frozen=True)
class BodyField(Adaptation):
    """`documented` is status or user_id."""

    kind = "body_field"

    @property
    def words(self) -> str:
        return f"the body of a write names {self.actual!r} instead of {self.documented!r}"

    @property
    def breaks(self) -> str:
        return f"a client that sends {self.documented!r} is refused, and nothing is stored"

    def requirement(self, _operations: Collection[str]) -> str:
        return "status.accepted" if self.documented == KEYS["status"] else "assignee.accepted"

    def outgoing(self, request: Request) -> Request:
        write = read_write(request)
        if write is None or KEYS[write.field] != self.documented:
            return request
        try:
            body = json.loads(request.body or b"")
        except ValueError:
            return request
        if not isinstance(body, dict) or self.documented not in body:
            return request
        renamed = {self.actual if k == self.documented else k: v for k, v in body.items()}
        return replace(request, body=json.dumps(renamed).encode())

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        name = "StatusChange" if self.documented == KEYS["status"] else "AssigneeChange"
        place = ("components", "schemas", name)
        return {place: with_key_renamed(at(document, place), self.documented, self.actual)}


def detect(exchange: Exchange) -> list[Proposal]:
    """Return the field to send instead, when a valid write is refused for want of another one."""
    write = read_write(exchange.request)
    if write is None or not write.valid or write.free:
        return []
    documented = KEYS[write.field]
    named = refusal.field_names(exchange)
    if not named:
        text = refusal.words(exchange)
        named = [name for name in refusal.names(text) if _is_quoted_or_compound(name, text)]
    if documented in named or len(named) != 1:
        return []
    return [(BodyField(documented, named[0]),)]


def _is_quoted_or_compound(name: str, text: str) -> bool:
    return "_" in name or any(f"{sign}{name}{sign}" in text for sign in "'\"`")
