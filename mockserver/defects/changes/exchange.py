"""An exchange that a defect changes: the client's request and the mock's response."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

import orjson
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from mockserver.defects.changes.tokens import Tokens
    from mockserver.defects.state import WorldState

Pairs = tuple[tuple[str, str], ...]
Row = dict[str, Any]
"""A ticket in a response."""

LIST, DETAIL = "listTickets", "getTicket"
STATUS, ASSIGNEE = "updateTicketStatus", "updateTicketAssignee"
HEAD = "head"
"""A HEAD request, whatever its path."""
ELSEWHERE = ""
"""A request that is not an operation of the contract."""

LISTED, DETAILED = frozenset({LIST}), frozenset({DETAIL})
READS, WRITES = LISTED | DETAILED, frozenset({STATUS, ASSIGNEE})
OPERATIONS = READS | WRITES

_MOST = 100
"""Tickets of the largest page."""


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A request; `operation` is its operationId, `ticket` the id in its path or empty."""

    operation: str
    method: str
    path: str
    ticket: str
    query: Pairs
    body: bytes
    authorization: str | None
    environ: Mapping[str, Any] = field(repr=False)

    @property
    def token(self) -> str:
        scheme, _, token = (self.authorization or "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def world(self) -> str:
        return self.token.partition("@")[2]

    @property
    def page(self) -> int:
        given = self.param("page") or "1"
        return int(given) if given.isdecimal() and len(given) < 10 else 1

    @property
    def json(self) -> Any:
        """The body, None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """The body's fields, empty if it is not a JSON object."""
        found = self.json
        return found if isinstance(found, dict) else {}

    def param(self, name: str) -> str | None:
        """Return the last value given for a query parameter."""
        return dict(self.query).get(name)

    def without(self, *names: str) -> "ClientRequest":
        return replace(self, query=tuple(pair for pair in self.query if pair[0] not in names))

    def with_param(self, name: str, value: object) -> "ClientRequest":
        return replace(self, query=(*self.without(name).query, (name, str(value))))

    def with_path(self, path: str) -> "ClientRequest":
        return replace(self, path=path)

    def with_method(self, method: str) -> "ClientRequest":
        return replace(self, method=method)

    def with_json(self, body: Any) -> "ClientRequest":
        # Not orjson, which rejects large numbers that a client may have sent.
        return replace(self, body=json.dumps(body).encode())

    def with_token(self, token: str) -> "ClientRequest":
        return replace(self, authorization=f"Bearer {token}")

    def to_environ(self) -> "WSGIEnvironment":
        environ = dict(self.environ) | {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path,
            "QUERY_STRING": self._query_string(),
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.input": BytesIO(self.body),
        }
        environ.pop("HTTP_AUTHORIZATION", None)
        if self.authorization is not None:
            environ["HTTP_AUTHORIZATION"] = self.authorization
        return environ

    def _query_string(self) -> str:
        """Return the query string as received, unless the query was changed."""
        given: str = self.environ.get("QUERY_STRING", "")
        return given if query_of(given) == self.query else urlencode(self.query)


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; its Content-Length always matches its body."""

    status: int
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    def with_json(self, value: Any) -> "Reply":
        return self.with_body(orjson.dumps(value))

    def with_body(self, body: bytes, content_type: str | None = None) -> "Reply":
        headers = Headers(self.headers)
        headers["Content-Length"] = str(len(body))
        if content_type is not None:
            headers["Content-Type"] = content_type
        return replace(self, body=body, headers=headers)

    def with_status(self, status: int) -> "Reply":
        return replace(self, status=status)

    def with_header(self, name: str, value: str) -> "Reply":
        headers = Headers(self.headers)
        headers[name] = value
        return replace(self, headers=headers)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that a defect answers, with the mock, the state and the tokens it uses."""

    request: ClientRequest
    app: "WSGIApplication" = field(repr=False)
    state: "WorldState"
    tokens: "Tokens" = field(repr=False)
    picks: Callable[[Row], bool]
    """Whether the defect's rarity selects a ticket."""

    def send(self, request: ClientRequest | None = None) -> Reply:
        """Return the mock's response to this request or another."""
        environ = (request or self.request).to_environ()
        response = Response.from_app(self.app, environ, buffered=True)
        return Reply(response.status_code, response.headers, response.data)

    def get(self, path: str, query: Iterable[tuple[str, str]] = (), token: str = "") -> Reply:
        request = replace(self.request, method="GET", path=path, query=tuple(query), body=b"")
        return self.send(request.with_token(token) if token else request)

    def ticket(self, id: object) -> Row | None:
        """Return a ticket's detail, None if the caller may not see it."""
        reply = self.get(f"/api/tickets/{quote(str(id))}")
        return reply.json["ticket"] if reply.good else None

    def rows(self, request: ClientRequest) -> list[Row]:
        """Return the tickets of all pages of a list request."""
        found: list[Row] = []
        request = request.with_param("per_page", _MOST)
        page: Any = {"meta": {"last_page": 1}}
        number = 0
        while number < page["meta"]["last_page"]:
            number += 1
            reply = self.send(request.with_param("page", number))
            if not reply.good:
                return found
            page = reply.json
            found += page["data"]
        return found


def query_of(text: str) -> Pairs:
    return tuple(parse_qsl(text, keep_blank_values=True, errors="replace"))
