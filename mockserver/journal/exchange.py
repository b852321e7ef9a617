"""One recorded request and its response, with secrets masked."""

import re
import time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from mockserver.contract.request_check import Request
from mockserver.journal.masking import mask_authorization, mask_text
from mockserver.store.worlds.world import NAME, SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mockserver.api.faults.delivery import Delivery
    from mockserver.store import Caller

MAX_BODY = 64 * 1024
"""Bytes kept of a response body; a longer request body is not kept at all."""

_KEY = "mockserver.exchange"
_HEADERS = (
    ("HTTP_ACCEPT", "Accept"),
    ("CONTENT_TYPE", "Content-Type"),
    ("HTTP_ORIGIN", "Origin"),
    ("HTTP_PREFER", "Prefer"),
    ("HTTP_USER_AGENT", "User-Agent"),
)
_NOT_ASCII, _NOT_IN_PATH = re.compile(r"[^\x00-\x7f]"), re.compile(r"[^\x00-\x7f]|%")


class Exchange:
    """Added by the recorder; validated only when the journal is read.

    `path` and `query` are ASCII: other bytes are written as in a URL, and so is `%` in a path,
    which is decoded otherwise. `body` is None if it was not kept; a lone surrogate is a
    byte that is not UTF-8. `at` is in seconds since 1970, `seconds` the duration; `recorded` is
    False for the mock's own pages. `faults` and `forced` name injected faults and a forced
    response; `delivery` is how the response is sent; `status` is 0 if none is. `token`
    distinguishes Authorization headers without keeping them; `caller` is whose token it was.
    `reason` says why a token was refused, `hints` what was probably not meant, `source` what
    answers an operation without code.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        world = authorization.rpartition("@")[2].strip() if "@" in authorization else ""
        self.world = world if NAME.fullmatch(world) else SHARED
        self.authorization = mask_authorization(authorization, world)
        self.token = hash(authorization)
        self.caller: Caller | None = None
        self.method: str = environ["REQUEST_METHOD"]
        self.path = _NOT_IN_PATH.sub(_quoted, mask_text(environ["PATH_INFO"]))
        query = environ["QUERY_STRING"]
        self.query = query and _NOT_ASCII.sub(_quoted, mask_text(query))
        self.headers = _take_headers(environ)
        self.body = _take_body(environ)
        self.recorded = False
        self.delivery: Delivery | None = None
        self.faults: list[str] = []
        self.forced = ""
        self.reason = self.source = ""
        self.hints: Sequence[str] = ()
        self.at = time.time()
        self.number = 0

    def finish(self, status: str, headers: list[tuple[str, str]], response: bytes) -> None:
        self.seconds = time.time() - self.at + (self.delivery.delay if self.delivery else 0)
        if self.delivery and self.delivery.resets:
            status, headers, response = "0", [], b""
        self.status = int(status[:3])
        self.response_headers = headers
        self.response_size = len(response)
        self.response = response if len(response) <= MAX_BODY else response[:MAX_BODY]

    @property
    def cost(self) -> int:
        """Approximate memory in bytes."""
        return 1500 + len(self.query) + len(self.body or "") + len(self.response)

    @property
    def body_text(self) -> str | None:
        """The body with U+FFFD for what is not UTF-8."""
        if self.body is None or self.body.isascii():
            return self.body
        return self.body.encode(errors="surrogateescape").decode(errors="replace")

    @property
    def body_bytes(self) -> bytes:
        return (self.body or "").encode(errors="surrogateescape")

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def request(self) -> Request:
        """The part of the request that is validated."""
        return Request(self.method, self.path, self.query, self.media_type, self.body_text)


def exchange_of(environ: dict[str, Any]) -> Exchange:
    """Return the exchange of a WSGI request."""
    exchange: Exchange | None = environ.get(_KEY)
    return exchange or open_exchange(environ)


def open_exchange(environ: dict[str, Any]) -> Exchange:
    exchange = environ[_KEY] = Exchange(environ)
    return exchange


def _take_headers(environ: dict[str, Any]) -> dict[str, str]:
    """Return the recorded headers, masked."""
    headers = {}
    for key, name in _HEADERS:
        value = environ.get(key)
        if value:
            headers[name] = mask_text(value) if "@" in value else value
    return headers


def _take_body(environ: dict[str, Any]) -> str | None:
    """Return a small body's text, and rewind the input stream."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if length == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
        return ""
    if not length.isdecimal() or not 0 < int(length) <= MAX_BODY:
        return None
    data = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(data)
    return mask_text(data.decode("utf-8", "surrogateescape"))


def _quoted(found: re.Match[str]) -> str:
    """Return a byte, which WSGI passes as a letter, as a URL writes it."""
    return f"%{ord(found[0]):02X}"
