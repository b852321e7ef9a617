"""One request and what came back, as plain data that laws can read."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote

from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract

Who = Literal[
    "main", "other", "readonly", "withdrawn",
    "none", "wrong", "near", "cut", "longer", "empty", "scheme", "bare", "basic", "basic_user",
    "cookie",
]  # fmt: skip
"""Whose credentials a request carries: a token given, or a fault of the credentials."""
TOKEN_PARAMETERS = ("api_token", "access_token", "token")
"""Query parameters in which other APIs take a token."""


@dataclass(frozen=True)
class Request:
    """A request as the suite means it; the transport adds the token.

    `spelling` is the path as it leaves, where a deployment names tickets otherwise. `encoded`:
    commas leave as %2C, as most client libraries send them.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    who: Who = "main"
    body: bytes | None = None
    content_type: str = "application/json"
    purpose: str = ""
    spelling: str = ""
    encoded: bool = False

    @property
    def target(self) -> str:
        """The path and the query as they leave; brackets and commas stay readable."""
        path = self.spelling or self.path
        if not self.query:
            return path
        kept = "" if self.encoded else ","
        pairs = (f"{quote(k, safe='[]')}={quote(v, safe=kept)}" for k, v in self.query)
        return f"{path}?{'&'.join(pairs)}"

    @property
    def parameters(self) -> dict[str, str]:
        return dict(self.query)


def get(
    path: str, query: Mapping[str, Any] | None = None, purpose: str = "", **more: Any
) -> Request:
    """Return a GET request for `path`."""
    pairs = tuple((name, str(value)) for name, value in (query or {}).items())
    return Request("GET", path, pairs, purpose=purpose, **more)


def put(path: str, body: Any, purpose: str = "", who: Who = "main") -> Request:
    """Return a PUT request; bytes are sent as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("PUT", path, body=raw, purpose=purpose, who=who)


SHORTEST = "the shortest request found that shows a violation"
"""The purpose of a request that was shrunk; a report shows its answer before others."""
UNAVAILABLE = (502, 503, 504)
"""What gateways answer for a deployment that does not."""
RARE = ("cut", "repeated", "unread", "stale", "superseded")
"""Fields of an exchange that a record contains only when they are set."""


@dataclass(frozen=True)
class Exchange:
    """A request, its answer, and what the transport noticed; times are in seconds.

    `number` counts from 1 in the order sent; `status` is None when no answer came.
    `cut` says which limit the body was over, if any: it holds the first kilobytes then.
    `repeated` marks a 502, 503 or 504 after which the request was sent again, `unread` a large
    body that was not kept, `stale` one that did not show the last writes yet and was requested
    again, `superseded` a refused request that was sent again as the deployment takes it: none is
    judged.
    Where the suite adapted to a difference, `through` names the adaptations, `sent` is the request
    as it left, and `rewritten` the body as the laws read it.
    """

    number: int
    request: Request
    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    started: float = 0.0
    elapsed: float = 0.0
    notes: tuple[str, ...] = field(default=())
    phase: str = "reading"
    cut: str = ""
    repeated: bool = False
    unread: bool = False
    stale: bool = False
    superseded: bool = False
    through: tuple[str, ...] = ()
    sent: Request | None = None
    rewritten: bytes | None = None

    @cached_property
    def document(self) -> Any:
        """The JSON body, or None when the body is not JSON."""
        return self._parsed[0]

    def member(self, name: str) -> Any:
        """Return a member of the JSON object that the body is; None if there is none."""
        return self.document.get(name) if isinstance(self.document, dict) else None

    @property
    def is_json(self) -> bool:
        return self._parsed[1]

    @cached_property
    def _parsed(self) -> tuple[Any, bool]:
        """JSON is UTF-8 without a byte order mark (RFC 8259, 8.1), however lenient readers are."""
        if self.cut or self.unread:
            return None, False
        body = self.body if self.rewritten is None else self.rewritten
        try:
            found = json.loads(body.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            return None, False
        return (_without_surrogates(found) if _SURROGATE.search(body) else found), True

    @property
    def as_received(self) -> "Exchange":
        """The exchange with the body that came, whatever the laws read."""
        return self if self.rewritten is None else replace(self, rewritten=None)

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str:
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def answered(self) -> bool:
        """True for a response that the contract binds."""
        unjudged = self.repeated or self.unread or self.stale or self.superseded
        return self.status is not None and not unjudged

    @property
    def handled(self) -> bool:
        """True for an answer to the request itself, not of the rate limit."""
        return self.answered and self.status != 429

    @property
    def successful(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def client_error(self) -> bool:
        return self.status is not None and 400 <= self.status < 500

    @property
    def refused(self) -> bool:
        """True when the deployment refused the input (400, 404 or 422)."""
        return self.status in (400, 404, 422)

    @property
    def denied(self) -> bool:
        """True for a status that withholds what was asked for, for no passing reason.

        That is 2xx other than 200, and 4xx other than 401 and 429, which other laws judge.
        """
        withholds = self.client_error or (self.successful and self.status != 200)
        return withholds and self.status not in (401, 429)


_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _without_surrogates(document: Any) -> Any:
    """Return a document with U+FFFD for each lone surrogate, which no encoding can hold."""
    text = json.dumps(document, ensure_ascii=False)
    return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


LIST_PATH = "/api/tickets"
_DETAIL = re.compile(r"^/api/tickets/[^/]+$")


_UPDATE = re.compile(r"^/api/tickets/[^/]+/(status|assignee)$")


def operation_id(request: Request) -> str | None:
    """Return the operationId that a request is about, by method and path."""
    method = "GET" if request.method == "HEAD" else request.method
    if request.path == LIST_PATH and method == "GET":
        return "listTickets"
    if _DETAIL.match(request.path) and method == "GET":
        return "getTicket"
    match = _UPDATE.match(request.path)
    return f"updateTicket{match[1].capitalize()}" if match and method == "PUT" else None


def operation_of(contract: Contract, exchange: Exchange) -> Operation | None:
    """Return the operation that an exchange is about."""
    request = exchange.request
    return contract.operation_at(
        "GET" if request.method == "HEAD" else request.method, request.path
    )
