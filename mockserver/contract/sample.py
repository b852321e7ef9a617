"""Sample values of a schema: its examples, or values generated from it, the same each time."""

from typing import Any
from zlib import crc32

from mockserver.contract.document.references import Node
from mockserver.contract.operations import Contract

_DEEPEST = 8
"""Levels of nesting, beyond which only required properties are generated."""
_FORMATS: dict[str, str] = {
    "date": "2026-05-01",
    "date-time": "2026-05-01T09:00:00+00:00",
    "email": "jane@example.com",
    "time": "09:00:00",
    "uri": "https://example.com/",
    "uuid": "0190a1f0-0000-7000-8000-000000000000",
}


def documented(node: Node) -> tuple[Any, ...]:
    """Return the example or default that a schema, parameter or media type states, if any."""
    for key in ("example", "const", "default"):
        if key in node:
            return (node[key],)
    examples = node.get("examples") or []
    if isinstance(examples, dict):  # by name, in a media type
        return tuple(example["value"] for example in examples.values() if "value" in example)[:1]
    return tuple(examples[:1])


class Sampler:
    """Generates values that fit a schema of the contract; patterns need an example."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def value(self, schema: Node, name: str = "", depth: int = 0) -> Any:
        node = self._contract.resolve(schema)
        stated = documented(node) or tuple(node.get("enum", ())[:1])
        if stated:
            return stated[0]
        for key in ("oneOf", "anyOf"):
            if key in node:
                return self.value(node[key][0], name, depth)
        kinds = node.get("type", "object" if self._contract.properties(node) else "string")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        if kind == "object":
            return self._object(node, depth)
        if kind == "array":
            item = self.value(node.get("items", {}), name, depth + 1)
            return [item] * max(1, node.get("minItems", 1))
        return _scalar(kind, node, name)

    def _object(self, node: Node, depth: int) -> dict[str, Any]:
        required = node.get("required", ())
        return {
            name: self.value(schema, name, depth + 1)
            for name, schema in self._contract.properties(node).items()
            if depth < _DEEPEST or name in required
        }


def _scalar(kind: str, node: Node, name: str) -> Any:
    if kind in ("integer", "number"):
        return node.get("minimum", min(1, node.get("maximum", 1)))
    if kind == "boolean":
        return True
    return None if kind == "null" else _string(node, name)


def _string(node: Node, name: str) -> str:
    if node.get("format") in _FORMATS:
        return _FORMATS[node["format"]]
    from faker import Faker  # noqa: PLC0415 - keeps starting quick

    faker = Faker()
    faker.seed_instance(crc32(name.encode()))
    text = faker.name() if name.endswith("name") else faker.sentence(4)
    text = text.ljust(node.get("minLength", 0), ".")
    return text[: node.get("maxLength", len(text))]
