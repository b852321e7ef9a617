"""Local references of the bundled document, such as `#/components/schemas/Ticket`."""

from collections.abc import Iterable
from typing import Any

from mockserver.contract.errors import SpecError

Node = dict[str, Any]

METHODS = ("get", "put", "post", "patch", "delete")
"""Keys of the operations of a path."""


def references(node: Any) -> list[str]:
    """Return every local pointer inside `node`."""
    if isinstance(node, list):
        return [pointer for item in node for pointer in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [pointer for item in node.values() for pointer in references(item)]


def resolve(document: Node, node: Any) -> Any:
    """Return `node`, or what its local `$ref` points to; a string is taken as the pointer."""
    seen: set[str] = set()
    pointer = node if isinstance(node, str) else _pointer(node)
    while pointer is not None:
        if pointer in seen:
            raise SpecError(f"$ref {pointer!r} is circular")
        seen.add(pointer)
        node = _follow(document, pointer)
        pointer = _pointer(node)
    return node


def _pointer(node: Any) -> str | None:
    pointer: str | None = node.get("$ref") if isinstance(node, dict) else None
    return pointer


def _follow(document: Node, pointer: str) -> Any:
    found = node_at(document, steps(pointer))
    if found is None:
        raise SpecError(f"$ref {pointer!r} does not exist")
    return found


def steps(pointer: str) -> tuple[str, ...]:
    """Return the steps of a JSON pointer, such as `#/components/schemas/Ticket` or `/data/0`."""
    parts = pointer.removeprefix("#").removeprefix("/").split("/")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def node_at(node: Any, place: Iterable[str]) -> Any:
    """Return what some steps lead to in a JSON value; None if it is not there."""
    for step in place:
        if isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        elif isinstance(node, dict):
            node = node.get(step)
        else:
            return None
    return node
