"""Keeps the objects that repeat in a record's bodies once: a ticket stands in many lists."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]
REFERENCE = "$repeated"
_SHORT = 100
"""Characters of an object that is not worth a reference."""


def compact(record: Node) -> Node:
    """Return a record whose bodies refer to `repeated` for what they contain more than once."""
    texts = Counter(text for exchange in record["exchanges"] for text in _texts(exchange["body"]))
    numbers = {text: number for number, text in enumerate(t for t, n in texts.items() if n > 1)}
    exchanges = [
        {**exchange, "body": _referring(exchange["body"], numbers)}
        for exchange in record["exchanges"]
    ]
    repeated = [json.loads(text) for text in numbers]
    return {**record, "exchanges": exchanges, "repeated": repeated}


def expand(record: Node) -> Node:
    """Return a record as it was before `compact`; raises IndexError for a wrong reference."""
    repeated = record.get("repeated", [])
    exchanges = [
        {**exchange, "body": _whole(exchange["body"], repeated)} for exchange in record["exchanges"]
    ]
    return {**{k: v for k, v in record.items() if k != "repeated"}, "exchanges": exchanges}


def _texts(node: Any) -> Iterator[str]:
    """Yield each object that is worth a reference, as text; not what stands within it."""
    if isinstance(node, list):
        for inner in node:
            yield from _texts(inner)
    if isinstance(node, dict):
        if "id" in node and len(text := json.dumps(node)) > _SHORT:
            yield text
            return
        for inner in node.values():
            yield from _texts(inner)


def _referring(node: Any, numbers: dict[str, int]) -> Any:
    if isinstance(node, list):
        return [_referring(inner, numbers) for inner in node]
    if not isinstance(node, dict):
        return node
    number = numbers.get(json.dumps(node)) if "id" in node else None
    if number is not None:
        return {REFERENCE: number}
    return {name: _referring(inner, numbers) for name, inner in node.items()}


def _whole(node: Any, repeated: list[Any]) -> Any:
    if isinstance(node, list):
        return [_whole(inner, repeated) for inner in node]
    if not isinstance(node, dict):
        return node
    if node.keys() == {REFERENCE}:
        return repeated[node[REFERENCE]]
    return {name: _whole(inner, repeated) for name, inner in node.items()}
