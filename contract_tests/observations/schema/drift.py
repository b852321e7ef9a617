"""Drift: undocumented fields, values and headers that a deployment sends; they are allowed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.observations.exchange import Exchange, operation_of
from contract_tests.observations.history import History
from mockserver.contract.document.references import node_at, steps
from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract

Node = dict[str, Any]
Place = tuple[str, ...]
Properties = tuple[Place, dict[str, tuple[Node, Place]]]
"""Where an undocumented property would be added, and each documented one with its schema."""
ORDINARY_HEADERS = {
    "access-control-allow-credentials", "access-control-allow-origin",
    "access-control-expose-headers", "age", "allow", "alt-svc", "cache-control", "connection",
    "content-encoding", "content-language", "content-length", "content-security-policy",
    "content-type", "date", "etag", "expires",
    "keep-alive", "last-modified", "permissions-policy", "pragma", "referrer-policy", "server",
    "set-cookie", "strict-transport-security", "transfer-encoding", "vary", "via",
    "www-authenticate", "x-content-type-options", "x-frame-options", "x-powered-by",
    "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after",
    "x-request-id", "x-xss-protection", "cross-origin-opener-policy", "x-mock-hint",
    "cross-origin-resource-policy",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z][A-Za-z_-]{0,29}")


@dataclass(frozen=True)
class Addition:
    """A field, value or header that no document mentions; `where` is its schema, or its operation.

    A value is one that an enumeration of the contract does not list.
    """

    kind: str
    where: str
    name: str
    type: str
    exchange: int


@dataclass(frozen=True)
class Sighting:
    """One time that an addition was seen; `place` is the part of the document to extend."""

    kind: str
    where: str
    name: str
    type: str
    place: Place
    exchange: int

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.where, self.name.lower() if self.kind == "header" else self.name


def additions(history: History) -> list[Addition]:
    """Return each addition once, with the first exchange that shows it."""
    found: dict[tuple[str, str, str], Addition] = {}
    for s in observations(history.contract, history.exchanges):
        found.setdefault(s.key, Addition(s.kind, s.where, s.name, s.type, s.exchange))
    return list(found.values())


def observations(contract: Contract, exchanges: Iterable[Exchange]) -> Iterator[Sighting]:
    """Yield every addition as often as it was seen."""
    properties: dict[Place, Properties] = {}
    named: dict[str, tuple[Node, str, Place]] = {}
    for exchange in exchanges:
        operation = operation_of(contract, exchange)
        if operation is None or exchange.status != operation.success:
            continue
        yield from _headers(contract, operation, exchange)
        place = (*_response(contract, operation), "content", "application/json", "schema")
        schema = operation.responses[operation.success] or {}
        reader = _Reader(contract, exchange.number, properties, named)
        yield from reader.read(schema, exchange.document, operation.id, place)


def _headers(contract: Contract, operation: Operation, exchange: Exchange) -> Iterator[Sighting]:
    place = _response(contract, operation)
    response = node_at(contract.document, place)
    known = ORDINARY_HEADERS | {name.lower() for name in response.get("headers", {})}
    for name, value in exchange.headers:
        if name.lower() not in known:
            yield Sighting("header", operation.id, name, kind_of(value), place, exchange.number)


def _response(contract: Contract, operation: Operation) -> Place:
    """Return where the successful response of an operation stands in the document."""
    method, status = operation.method.lower(), str(operation.success)
    place = ("paths", operation.path, method, "responses", status)
    reference = node_at(contract.document, place).get("$ref")
    return steps(reference) if reference else place


@dataclass(frozen=True)
class _Reader:
    """Reads one answer beside its schema."""

    contract: Contract
    number: int
    properties: dict[Place, Properties]
    """Those read before, by the place of their schema."""
    named: dict[str, tuple[Node, str, Place]]
    """What references lead to, its name and place."""

    def read(self, schema: Node, value: Any, where: str, place: Place) -> Iterator[Sighting]:
        """Yield what the schema does not name, wherever it stands in the value."""
        schema, where, place = self._named(schema, where, place)
        if isinstance(value, list):
            inside = (*place, "items")
            for item in value if "items" in schema else ():
                yield from self.read(schema["items"], item, where, inside)
        elif isinstance(value, dict):
            yield from self._object(schema, value, where, place)
        elif isinstance(value, str) and value not in schema.get("enum", [value]):
            name = value if _WORD.fullmatch(value) else "(no word)"
            yield Sighting("value", where, name, "string", place, self.number)

    def _object(self, schema: Node, value: Node, where: str, place: Place) -> Iterator[Sighting]:
        if place not in self.properties:
            self.properties[place] = self._properties(schema, place)
        home, known = self.properties[place]
        if not known:
            return
        for name, inner in value.items():
            if name in known:
                yield from self.read(known[name][0], inner, f"{where}/{name}", known[name][1])
            else:
                yield Sighting("field", where, name, kind_of(inner), home, self.number)

    def _properties(self, schema: Node, place: Place) -> Properties:
        """Return the documented properties; none where a schema allows any name."""
        branches = list(self._branches(schema, place))
        if not branches or any("additionalProperties" in branch for _, branch in branches):
            return place, {}
        known = {name: (node, (*at, "properties", name)) for at, branch in branches
                 for name, node in branch["properties"].items()}  # fmt: skip
        return branches[-1][0], known

    def _branches(self, schema: Node, place: Place) -> Iterator[tuple[Place, Node]]:
        """Yield every part of a schema that has properties, the schema's own ones last."""
        schema, _, place = self._named(schema, "", place)
        for key in ("allOf", "anyOf", "oneOf"):
            for index, part in enumerate(schema.get(key, [])):
                yield from self._branches(part, (*place, key, str(index)))
        if "properties" in schema:
            yield place, schema

    def _named(self, schema: Node, where: str, place: Place) -> tuple[Node, str, Place]:
        reference = schema.get("$ref")
        if reference is None:
            return schema, where, place
        if reference not in self.named:
            home = steps(reference)
            self.named[reference] = self.contract.resolve(schema), home[-1], home
        return self.named[reference]


def kind_of(value: Any) -> str:
    """Return the JSON type of a value."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return "null" if value is None else names.get(type(value), "object")
