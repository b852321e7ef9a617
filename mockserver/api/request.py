"""Parsing and validation of a Flask request: typed input that conforms to the contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Request

from mockserver.api.query import Pairs, QueryReader
from mockserver.api.request_body import body_as_query, read_body
from mockserver.contract.choices import Choices
from mockserver.contract.errors import Forbidden, NotFound
from mockserver.contract.operation import Operation
from mockserver.seed.records import Workspace
from mockserver.store import Caller, Store, TicketRow

_ID = re.compile(r"[0-9]{1,19}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE)


class Key(NamedTuple):
    """A parameter of a path: as it came, and as the id or the ULID that the choices accept."""

    text: str
    id: int | None = None
    ulid: str | None = None
    """In upper case."""


@dataclass(slots=True)
class OperationRequest:
    """The input of an operation: the caller, the ticket, and typed parameters."""

    caller: Caller
    store: Store
    located: TicketRow | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: list[str] = field(default_factory=list)
    numbers: Mapping[str, int] = field(default_factory=dict)
    query: Pairs = field(default_factory=list)
    path: Mapping[str, Key] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        """The caller's workspace, without contacts and tickets."""
        return self.store.workspace(self.caller.world, self.caller.workspace)

    @property
    def ticket(self) -> TicketRow:
        """The ticket in the path, of an operation that has one there."""
        assert self.located is not None
        return self.located


class RequestParser:
    """Checks requests in the framework's order: ticket (404), permission (403), input (422)."""

    def __init__(
        self, operation: Operation, store: Store, choices: Choices, *, of_ticket: bool
    ) -> None:
        """With `of_ticket` the first parameter of the path is the id of a ticket."""
        self._operation = operation
        self._of_ticket = of_ticket
        self._store = store
        self._choices = choices
        self._queries = QueryReader(operation, choices)

    def parse(self, request: Request, path: Mapping[str, str], caller: Caller) -> OperationRequest:
        keys = {name: self._key(text) for name, text in path.items()}
        located = self._locate(caller, next(iter(keys.values()))) if self._of_ticket else None
        if caller.readonly and self._operation.method != "GET":
            raise Forbidden
        more = self._query_in_body(request)
        text = b"&".join(
            filter(None, (request.query_string, urlencode(more, errors="replace").encode()))
        )
        asked = self._queries.read(text)
        return OperationRequest(
            caller=caller,
            store=self._store,
            located=located,
            body=self._body(request, asked.fields),
            numbers=asked.numbers,
            filters=asked.filters,
            sort=asked.sort,
            query=asked.pairs[: len(asked.pairs) - len(more)],
            path=keys,
        )

    def _query_in_body(self, request: Request) -> Pairs:
        """Return the parameters in the body of a GET request, if they count."""
        if self._operation.method != "GET" or self._choices.get_body == "ignore":
            return []
        return body_as_query(request.mimetype, request.get_data())

    def _body(
        self, request: Request, fallback: Mapping[str, str | list[str] | None]
    ) -> dict[str, Any]:
        if not self._operation.body:
            return {}
        data = request.get_data()
        return read_body(self._operation, request.mimetype, data, fallback, self._choices)

    def _locate(self, caller: Caller, key: Key) -> TicketRow:
        if key.id is not None:
            return self._store.find(caller, id=key.id)
        if key.ulid is not None:
            return self._store.find(caller, ulid=key.text)
        raise NotFound(self._store.not_found_message(key.text))

    def _key(self, text: str) -> Key:
        accepted = self._choices.path_id
        if accepted != "ulid" and _ID.fullmatch(text) and int(text) < 2**63:
            return Key(text, id=int(text))
        is_ulid = accepted != "integer" and _ULID.fullmatch(text)
        return Key(text, ulid=text.upper() if is_ulid else None)
