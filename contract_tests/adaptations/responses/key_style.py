"""The style of keys in responses: createdAt instead of created_at."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from contract_tests.adaptations.adaptation import Adaptation, Node, Place, camel_case
from mockserver.contract.document.references import node_at

_ENOUGH = 3
_SAMPLE = 2
"""So many items of a list show the style of all."""
_DOCUMENTED = (
    "latest_message_preview", "created_at", "updated_at", "avatar_url", "body_html", "is_forward",
    "current_page", "last_page", "per_page", "user_id", "mime_type",
)  # fmt: skip


_KNOWN = {camel_case(name): name for name in _DOCUMENTED}


@dataclass(frozen=True)
class KeyStyle(Adaptation):
    """Documented keys of several words are written in camel case."""

    documented: str = "created_at"
    actual: str = "createdAt"

    kind = "key_style"
    rank = 9
    difference = "keys come in camel case instead of snake case: 'createdAt' for 'created_at'"
    consequence = "a client that reads a key of several words, such as 'created_at', finds nothing"
    statement = "list.data"

    def incoming(self, _operation: str, document: Any) -> Any:
        return _renamed(document) if _camel_cased(document) else document

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        place = ("components", "schemas")
        return {place: {name: _restyled(node) for name, node in node_at(document, place).items()}}


def detect(_operation: str, document: Any) -> list[KeyStyle]:
    """Return the style of a successful response if several of its keys are in camel case."""
    keys = set(_keys(document, most=_SAMPLE))
    camel = keys & set(_KNOWN)
    is_other = len(camel) >= _ENOUGH and not any(_KNOWN[name] in keys for name in camel)
    return [KeyStyle()] if is_other else []


def _camel_cased(document: Any) -> bool:
    return any(key in _KNOWN for key in _keys(document))


def _keys(node: Any, most: int | None = None) -> list[str]:
    """Return the keys of all objects in a value; of lists, `most` items are read."""
    if isinstance(node, list):
        return [key for item in node[:most] for key in _keys(item, most)]
    if not isinstance(node, dict):
        return []
    return [*node, *(key for item in node.values() for key in _keys(item, most))]


def _renamed(node: Any) -> Any:
    if isinstance(node, list):
        return [_renamed(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {_KNOWN.get(key, key): _renamed(value) for key, value in node.items()}


def _restyled(schema: Any) -> Any:
    """Return a schema whose properties are named in camel case."""
    if isinstance(schema, list):
        return [_restyled(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _restyled(value) for key, value in schema.items()}
    if isinstance(found.get("properties"), dict):
        found["properties"] = {camel_case(k): v for k, v in found["properties"].items()}
    if isinstance(found.get("required"), list):
        found["required"] = [camel_case(name) for name in found["required"]]
    return found
