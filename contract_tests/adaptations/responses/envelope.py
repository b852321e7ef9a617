"""The envelope: the key that contains a ticket, or the tickets of a page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from contract_tests.adaptations.adaptation import Adaptation, Node, Place, with_key_renamed
from mockserver.contract.document.references import node_at

AT_THE_TOP = "(no key)"
_FIELDS = frozenset({
    "ulid", "subject", "status", "channel", "assignee", "contact", "tags",
    "latest_message_preview", "summary", "created_at", "updated_at",
})  # fmt: skip
_ENOUGH = 6
"""So many documented fields make an object a ticket, also when some are missing or renamed."""
_DEEPEST = 2
_SCHEMA = ("content", "application/json", "schema")
_UPDATED: Place = ("components", "responses", "UpdatedTicket", *_SCHEMA)
_SCHEMAS: dict[str, Place] = {
    "listTickets": ("components", "schemas", "TicketPage"),
    "getTicket": ("paths", "/api/tickets/{id}", "get", "responses", "200", *_SCHEMA),
    "updateTicketStatus": _UPDATED,
    "updateTicketAssignee": _UPDATED,
}
"""Operation -> the schema of its successful response, in the contract as one document."""


@dataclass(frozen=True)
class Envelope(Adaptation):
    """`documented` is data in lists and ticket elsewhere; `actual` a key, or keys with dots."""

    kind = "envelope"
    rank = 9
    consequence = "a client that reads {documented!r} finds nothing"

    @property
    def words(self) -> str:
        thing = "the list of tickets" if self.documented == "data" else "the ticket"
        if self.actual == AT_THE_TOP:
            return f"{thing} comes without envelope instead of under {self.documented!r}"
        return f"{thing} comes under {self.actual!r} instead of {self.documented!r}"

    def requirement(self, operations: Collection[str]) -> str:
        if self.documented == "data":
            return "list.answer"
        return "detail.answer" if "getTicket" in operations else "update.answer"

    def incoming(self, operation: str, document: Any) -> Any:
        """Move the content of another key to the documented one."""
        if self.documented != documented_key(operation):
            return document
        if self.actual == AT_THE_TOP:
            return {self.documented: document} if _fits(self.documented, document) else document
        if not isinstance(document, dict):
            return document
        if self.documented in document and not self.actual.startswith(f"{self.documented}."):
            return document
        first, *deeper = self.actual.split(".")
        found = document.get(first)
        rest = {name: value for name, value in document.items() if name != first}
        for step in deeper:
            if not isinstance(found, dict) or step not in found:
                return document
            rest = {**rest, **{name: value for name, value in found.items() if name != step}}
            found = found[step]
        return document if found is None else {**rest, self.documented: found}

    def amended(self, document: Node, operations: Collection[str]) -> dict[Place, Any]:
        places = dict.fromkeys(_SCHEMAS[operation] for operation in operations)
        return {place: self._enveloped(node_at(document, place)) for place in places}

    def _enveloped(self, schema: Node) -> Node:
        """Return the schema of a response with the deployment's own envelope."""
        if self.actual == AT_THE_TOP:
            inner: Node = schema["properties"][self.documented]
            return inner
        first, *deeper = self.actual.split(".")
        renamed = with_key_renamed(schema, self.documented, [first, *deeper][-1])
        for step in reversed([first, *deeper][:-1]):
            renamed = {"type": "object", "required": [step], "properties": {step: renamed}}
        return renamed


def documented_key(operation: str) -> str:
    return "data" if operation == "listTickets" else "ticket"


def detect(operation: str, document: Any) -> list[Envelope]:
    """Return the envelope of a successful response if it is not the documented one."""
    key = documented_key(operation)
    if isinstance(document, dict) and _fits(key, document.get(key)):
        return []
    if _fits(key, document):
        return [Envelope(key, AT_THE_TOP)]
    if not isinstance(document, dict) or isinstance(document.get(key), list):
        return []
    places = list(_places(key, document, ()))
    return [Envelope(key, ".".join(places[0]))] if len(places) == 1 else []


def is_list(document: Any) -> bool:
    """Return whether a document is a list of tickets in some envelope, or an empty one."""
    data = document.get("data") if isinstance(document, dict) else None
    if isinstance(data, list):
        return not data or any(map(_is_ticket, data))
    return bool(detect("listTickets", document))


def shows(operation: str, document: Any) -> bool:
    """Return whether a document contains a ticket or a list of tickets, in any envelope."""
    key = documented_key(operation)
    known = isinstance(document, dict) and _fits(key, document.get(key))
    return known or bool(detect(operation, document))


def _places(key: str, node: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the paths in a document to what belongs under `key`."""
    if not isinstance(node, dict) or len(path) >= _DEEPEST:
        return []
    found: list[tuple[str, ...]] = []
    for name, inner in node.items():
        here = (*path, name)
        found += [here] if _fits(key, inner) else _places(key, inner, here)
    return found


def _fits(key: str, value: Any) -> bool:
    """Return whether a value is a ticket, or for `data` a list of at least one."""
    if key == "data":
        return isinstance(value, list) and bool(value) and all(map(_is_ticket, value))
    return _is_ticket(value)


def _is_ticket(value: Any) -> bool:
    return isinstance(value, dict) and len(_FIELDS & set(value)) >= _ENOUGH
