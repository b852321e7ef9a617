"""Parsing and validation of a Flask request: typed input that conforms to the contract."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Request

from mockserver.api.query import Pairs, QueryReader
from mockserver.api.request_body import body_as_query, read_body
from mockserver.contract.choices import Choices
from mockserver.contract.errors import Forbidden, NotFound
from mockserver.contract.operations import Operation
from mockserver.store import Caller, Store, TicketRow

_ID = re.compile(r"[0-9]{1,19}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.IGNORECASE)


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
    path: Mapping[str, Any] = field(default_factory=dict)
    """Ids as integers, ULIDs as texts in upper case, and what is neither as it came."""

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
        located = self._locate(caller, next(iter(path.values()))) if self._of_ticket else None
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
            path={name: self._key(value) for name, value in path.items()},
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

    def _locate(self, caller: Caller, text: str) -> TicketRow:
        key = self._key(text)
        if isinstance(key, int):
            return self._store.find(caller, id=key)
        if self._choices.path_id != "integer" and _ULID.fullmatch(text):
            return self._store.find(caller, ulid=text)
        raise NotFound(self._store.missing(text))

    def _key(self, text: str) -> int | str:
        accepted = self._choices.path_id
        if accepted != "ulid" and _ID.fullmatch(text) and int(text) < 2**63:
            return int(text)
        return text.upper() if accepted != "integer" and _ULID.fullmatch(text) else text
