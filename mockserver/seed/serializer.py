"""Serialization of records by the contract's schemas: its fields, in its order."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from mockserver.contract.operations import Contract
from mockserver.contract.sample import documented
from mockserver.seed.records import Channel, Contact, Tag, User

Writer = Callable[[Any], Any]

_SENDERS = {User: "user", Contact: "contact"}
_SHARED = (User, Contact, Channel, Tag)
"""Records that many tickets and messages refer to; their JSON is cached."""

_REMEMBERED = 10_000


class Shapes:
    """Creates writers: functions from a record to the JSON value of its schema.

    A dict is an object whose values are records. Fields that the schema does not name are omitted.
    A property that the record does not have gets the default or example of its schema, or is
    omitted.
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
        stated = {name: documented(schema) for name, schema in properties.items()}
        fill = {name: values[0] for name, values in stated.items() if values}
        writers: dict[type, Writer] = {}

        def write(record: Any) -> Any:
            if record is None:
                return None
            if isinstance(record, dict):
                return {name: part(record[name]) for name, part in parts if name in record}
            kind = type(record)
            if kind not in writers:
                writers[kind] = _writer_of(kind, parts, fill)
            return writers[kind](record)

        return write

    def _solid(self, schema: Any) -> dict[str, Any]:
        """Return the schema behind references and behind "this or null"."""
        node = self._contract.resolve(schema)
        branches = [self._contract.resolve(branch) for branch in node.get("anyOf", ())]
        solid = [branch for branch in branches if branch.get("type") != "null"]
        return self._solid(solid[0]) if len(solid) == 1 else node


def _writer_of(kind: type, parts: Sequence[tuple[str, Writer]], fill: dict[str, Any]) -> Writer:
    """Return the writer of one type of record, with a cache for shared records."""
    types = {field.name: field.type for field in fields(kind)}
    constant = {"type": _SENDERS[kind]} if kind in _SENDERS else {}
    constant = fill | constant
    known = [(name, part) for name, part in parts if name in types or name in constant]
    mine = [(n, _quick(part, types[n])) for n, part in known if n in types]
    fetch = attrgetter(*(name for name, _ in mine)) if mine else lambda _: ()
    together = len(mine) != 1
    form = {name: constant.get(name) for name, _ in known}

    def write(record: Any) -> Any:
        values = fetch(record) if together else (fetch(record),)
        written = form.copy()
        for (name, part), value in zip(mine, values, strict=True):
            written[name] = part(value) if part else value
        return written

    return _once(write) if kind in _SHARED else write


def _once(write: Writer) -> Writer:
    """Cache the JSON of records by identity."""
    written: dict[int, tuple[Any, Any]] = {}

    def remembered(record: Any) -> Any:
        found = written.get(id(record))
        if found is None or found[0] is not record:
            if len(written) >= _REMEMBERED:
                written.clear()
            found = written[id(record)] = (record, write(record))
        return found[1].copy()

    return remembered


def _quick(part: Writer, kind: Any) -> Writer | None:
    """Return the writer of a field, None if its value needs no conversion."""
    if part is not _plain:
        return part
    return datetime.isoformat if kind is datetime else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
