"""Documented rows: tickets cut down to what the contract documents, in one spelling."""

from typing import Any

from contract_tests.observations.ticket import Row, in_utc
from mockserver.contract.operations import Contract

Node = dict[str, Any]
_PICTURE = "avatar_url"
_PREVIEW = "latest_message_preview"
_COMPARED = 50
"""Characters of a preview that are compared: how long one is, the page leaves open."""


class DocumentedRow:
    """Reads tickets so that two of them can be compared.

    A detail may show more of a person than a list does, two servers may write one moment as …Z and
    as …+00:00 or cut a preview elsewhere, and the address of a picture may be signed anew each
    time: none of it is a difference to a client that reads what is documented.
    """

    def __init__(self, contract: Contract) -> None:
        properties = contract.properties(contract.document["components"]["schemas"]["Ticket"])
        self._parts = {name: _parts(contract, node) for name, node in properties.items()}
        self._times = {name for name, node in properties.items() if _is_time(contract, node)}
        self.fields = tuple(properties)

    def of(self, row: Row) -> Row:
        """Return a ticket with undocumented members of its objects left out."""
        return {name: self._read(name, value) for name, value in row.items()}

    def _read(self, name: str, value: Any) -> Any:
        if name in self._times:
            return in_utc(value)
        if name == _PREVIEW and isinstance(value, str):
            return beginning(value)
        parts = self._parts.get(name)
        if not parts:
            return value
        if isinstance(value, list):
            return [_cut(item, parts) for item in value]
        return _cut(value, parts)


def beginning(preview: str) -> str:
    """Return the part of a preview that is compared, without the sign of what was left out."""
    return preview[:_COMPARED].removesuffix("…").removesuffix("...").rstrip()


def _parts(contract: Contract, node: Node) -> frozenset[str]:
    """Return the documented members of an object, or of the objects in a list."""
    node = contract.resolve(node)
    items = [node["items"]] if "items" in node else node.get("anyOf", [])
    inner = (name for item in items for name in contract.properties(item))
    return frozenset([*contract.properties(node), *inner])


def _is_time(contract: Contract, node: Node) -> bool:
    return bool(contract.resolve(node).get("format") == "date-time")


def _cut(value: Any, parts: frozenset[str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: part.partition("?")[0] if name == _PICTURE and isinstance(part, str) else part
        for name, part in value.items()
        if name in parts
    }
