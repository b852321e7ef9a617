"""Lone surrogates in JSON: allowed by its grammar (RFC 8259, 8.2), but no encoding has them."""

import re
from typing import Any

_ESCAPED = re.compile(
    rb"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]"
)
_LONE = re.compile("[\ud800-\udfff]")


def may_contain(body: bytes) -> bool:
    """Return whether a body holds an escape of a surrogate without the other half."""
    return _ESCAPED.search(body) is not None


def replaced(node: Any) -> Any:
    """Return a copy of a JSON value with U+FFFD in the place of each lone surrogate."""
    if isinstance(node, dict):
        return {replaced(key): replaced(value) for key, value in node.items()}
    if isinstance(node, list):
        return [replaced(item) for item in node]
    return _LONE.sub("\ufffd", node) if isinstance(node, str) else node
