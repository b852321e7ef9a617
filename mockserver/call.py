"""A Flask request turned into a Call: input that is known to obey the contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Request

from mockserver.body import read_body
from mockserver.choices import Choices
from mockserver.errors import Forbidden, NotFound
from mockserver.query import Pairs, Query
from mockserver.spec import Operation
from mockserver.store import Caller, Store

_ID = re.compile(r"[0-9]{1,19}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation is called with: the caller, the ticket, and typed input."""

    caller: Caller
    store: Store
    ticket: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: list[str] = field(default_factory=list)
    numbers: Mapping[str, int] = field(default_factory=dict)
    query: Pairs = field(default_factory=list)


class CallReader:
    """Reads calls in the framework's order: ticket (404), right to write (403), input (422)."""

    def __init__(self, store: Store, choices: Choices) -> None:
        self._store = store
        self._choices = choices

    def read(
        self, operation: Operation, request: Request, path: Mapping[str, str], caller: Caller
    ) -> Call:
        ticket = self._locate(caller, path["id"]) if "id" in path else 0
        if caller.readonly and operation.method != "GET":
            raise Forbidden
        query = Query(operation, request.query_string.decode(errors="replace"), self._choices)
        return Call(
            caller=caller,
            store=self._store,
            ticket=ticket,
            body=self._body(operation, request, query),
            numbers=query.numbers(),
            filters=query.filters(),
            sort=query.sort(),
            query=query.pairs,
        )

    def _body(self, operation: Operation, request: Request, query: Query) -> dict[str, Any]:
        if not operation.body:
            return {}
        fallback = {field.name: query.field(field.name) for field in operation.body}
        return read_body(operation, request.mimetype, request.get_data(), fallback, self._choices)

    def _locate(self, caller: Caller, key: str) -> int:
        accepted = self._choices.path_id
        if accepted != "ulid" and _ID.fullmatch(key) and int(key) < 2**63:
            return self._store.locate(caller, id=int(key))
        if accepted != "integer" and _ULID.fullmatch(key):
            return self._store.locate(caller, ulid=key)
        raise NotFound(self._store.missing(key))
