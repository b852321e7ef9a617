"""Records written as the contract shapes them: its fields, in its order."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any

from mockserver.records import Contact, User
from mockserver.spec import Contract

Writer = Callable[[Any], Any]


class Shapes:
    """Makes writers: functions from a record to the JSON value its schema describes.

    A field that the schema does not name is left out, and so is a property that
    the record does not have: the check of the reply tells when it was required.
    """

    def __init__(self, contract: Contract, ulid_case: str) -> None:
        self._contract = contract
        self._ulid: Writer = str.lower if ulid_case == "lower" else str.upper

    def writer(self, schema: Any, name: str = "") -> Writer:
        if name == "ulid":
            return self._ulid
        node = self._solid(schema)
        if node.get("type") == "array":
            item = self.writer(node.get("items", {}))
            return lambda values: [item(value) for value in values]
        if properties := self._contract.properties(node):
            return self._record(properties)
        return _plain

    def _record(self, properties: dict[str, Any]) -> Writer:
        parts = [(name, self.writer(schema, name)) for name, schema in properties.items()]

        parts_of: dict[type, list[tuple[str, Writer]]] = {}

        def write(record: Any) -> Any:
            if record is None:
                return None
            kind = type(record)
            if kind not in parts_of:
                names = _names(kind)
                parts_of[kind] = [(name, part) for name, part in parts if name in names]
            return {name: part(_get(record, name)) for name, part in parts_of[kind]}

        return write

    def _solid(self, schema: Any) -> dict[str, Any]:
        """Return the schema behind references and behind "this or null"."""
        node = self._contract.resolve(schema)
        branches = [self._contract.resolve(branch) for branch in node.get("anyOf", ())]
        solid = [branch for branch in branches if branch.get("type") != "null"]
        return self._solid(solid[0]) if len(solid) == 1 else node


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _names(record: Any) -> set[str]:
    names = {field.name for field in fields(record)}
    return names | {"type"} if record in (User, Contact) else names


def _get(record: Any, name: str) -> Any:
    if name == "type" and isinstance(record, User | Contact):
        return "user" if isinstance(record, User) else "contact"
    return getattr(record, name)
