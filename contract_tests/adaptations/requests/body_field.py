"""The field of a write's body with another name, which a refusal gives."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import (
    Adaptation,
    Learnt,
    Node,
    Place,
    Proposal,
    with_key_renamed,
)
from contract_tests.observations.exchange import Exchange, Request, operation_id
from contract_tests.observations.ticket import assignee_id
from contract_tests.observations.write import KEYS, read_write
from mockserver.contract.document.references import node_at


@dataclass(frozen=True)
class BodyField(Adaptation):
    """`documented` is status or user_id."""

    kind = "body_field"
    difference = "the body of a write names {actual!r} instead of {documented!r}"
    consequence = "a client that sends {documented!r} is refused, and nothing is stored"

    def requirement(self, _operations: Collection[str]) -> str:
        return "status.accepted" if self.documented == KEYS["status"] else "assignee.accepted"

    def outgoing(self, request: Request) -> Request:
        return self._renamed(request, self.documented, self.actual)

    def documented_form(self, request: Request) -> Request:
        return self._renamed(request, self.actual, self.documented)

    def _renamed(self, request: Request, old: str, new: str) -> Request:
        body = _body(request)
        if body is None or _documented_field(request) != self.documented or old not in body:
            return request
        renamed = {new if k == old else k: value for k, value in body.items() if k != new}
        return replace(request, body=json.dumps(renamed).encode())

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        name = "StatusChange" if self.documented == KEYS["status"] else "AssigneeChange"
        place = ("components", "schemas", name)
        return {place: with_key_renamed(node_at(document, place), self.documented, self.actual)}


def recorded(exchanges: Sequence[Exchange]) -> list[Learnt]:
    """Return the undocumented fields whose values tickets have after a write."""
    found: list[Learnt] = []
    for documented in KEYS.values():
        own = [e for e in exchanges if _documented_field(e.request) == documented]
        named = [e for e in own if documented in (_body(e.request) or {})]
        actual = {name for e in own if e not in named for name in _taken(e, documented)}
        if len(actual) == 1 and not any(e.successful for e in named):
            refused = (e for e in named if e.status in (400, 422))
            found.append((BodyField(documented, actual.pop()), next(refused, None)))
    return found


def _taken(exchange: Exchange, documented: str) -> list[str]:
    """Return the fields of the body whose value the ticket has in the response."""
    ticket = exchange.member("ticket")
    if exchange.status != 200 or not isinstance(ticket, dict):
        return []
    is_status = documented == KEYS["status"]
    value = ticket.get("status") if is_status else assignee_id(ticket)
    body = _body(exchange.request) or {}
    return [name for name, given in body.items() if given == value and type(given) is type(value)]


def _documented_field(request: Request) -> str | None:
    """Return the documented field of the write that a request is."""
    operation = operation_id(request) if request.method == "PUT" else None
    return None if operation is None else KEYS[request.path.rpartition("/")[2]]


def _body(request: Request) -> dict[str, Any] | None:
    try:
        body = json.loads(request.body or b"")
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def detect(exchange: Exchange) -> list[Proposal]:
    """Return the field that a refusal of a valid write asks for."""
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
