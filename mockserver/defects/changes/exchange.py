"""An exchange as a lie sees it: the request, the honest app to ask, and the reply."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

import orjson
from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from mockserver.defects.changes.state import Memory
    from mockserver.defects.changes.tokens import Tokens

Pairs = tuple[tuple[str, str], ...]
Row = dict[str, Any]
"""A ticket as a reply carries it."""

LIST, DETAIL = "listTickets", "getTicket"
STATUS, ASSIGNEE = "updateTicketStatus", "updateTicketAssignee"
ELSEWHERE = ""
"""A request that is no operation of the contract."""

LISTED, DETAILED = frozenset({LIST}), frozenset({DETAIL})
READS, WRITES = LISTED | DETAILED, frozenset({STATUS, ASSIGNEE})
OPERATIONS = READS | WRITES

_MOST = 100
"""Tickets of the largest page."""


@dataclass(frozen=True, slots=True)
class Ask:
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
        """The body, or None where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """The body's fields; none where it is no JSON object."""
        found = self.json
        return found if isinstance(found, dict) else {}

    def param(self, name: str) -> str | None:
        """Return the last value given for a query parameter."""
        return dict(self.query).get(name)

    def without(self, *names: str) -> "Ask":
        return replace(self, query=tuple(pair for pair in self.query if pair[0] not in names))

    def with_param(self, name: str, value: object) -> "Ask":
        return replace(self, query=(*self.without(name).query, (name, str(value))))

    def with_path(self, path: str) -> "Ask":
        return replace(self, path=path)

    def with_method(self, method: str) -> "Ask":
        return replace(self, method=method)

    def with_json(self, body: Any) -> "Ask":
        # Not orjson, which refuses large numbers: what a client sent, a lie passes on.
        return replace(self, body=json.dumps(body).encode())

    def with_token(self, token: str) -> "Ask":
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
        """Spell the query as it came, unless a lie has changed it."""
        given: str = self.environ.get("QUERY_STRING", "")
        return given if query_of(given) == self.query else urlencode(self.query)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole response; its Content-Length always fits its body."""

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
    """One request that a defect answers, and what it needs to answer it."""

    ask: Ask
    app: "WSGIApplication" = field(repr=False)
    memory: "Memory"
    tokens: "Tokens" = field(repr=False)
    picks: Callable[[Row], bool]
    """Whether the defect's rarity strikes a ticket."""

    def send(self, ask: Ask | None = None) -> Reply:
        """Return what the honest app answers, to this request or to another."""
        chunks, status, headers = run_wsgi_app(
            self.app, (ask or self.ask).to_environ(), buffered=True
        )
        return Reply(int(status.split()[0]), headers, b"".join(chunks))

    def get(self, path: str, query: Iterable[tuple[str, str]] = (), token: str = "") -> Reply:
        ask = replace(self.ask, method="GET", path=path, query=tuple(query), body=b"")
        return self.send(ask.with_token(token) if token else ask)

    def ticket(self, id: object) -> Row | None:
        """Return a ticket's detail; None: this caller is not shown it."""
        reply = self.get(f"/api/tickets/{quote(str(id))}")
        return reply.json["ticket"] if reply.good else None

    def rows(self, ask: Ask) -> list[Row]:
        """Return every ticket a list request stands for, whatever its page."""
        found: list[Row] = []
        ask = ask.with_param("per_page", _MOST)
        page: Any = {"meta": {"last_page": 1}}
        number = 0
        while number < page["meta"]["last_page"]:
            number += 1
            reply = self.send(ask.with_param("page", number))
            if not reply.good:
                return found
            page = reply.json
            found += page["data"]
        return found


def query_of(text: str) -> Pairs:
    return tuple(parse_qsl(text, keep_blank_values=True, errors="replace"))
