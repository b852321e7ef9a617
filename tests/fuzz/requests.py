"""Odd requests: valid ones of the API, the admin API and the pages, with mutations."""

import json
from collections.abc import Callable, Iterator
from random import Random
from urllib.parse import quote

_PATHS = (
    *("/api/tickets", "/api/tickets/42", "/api/tickets/42/status", "/api/tickets/42/assignee"),
    *("/", "/docs/", "/openapi.json", "/openapi.yaml", "/inspector/page.js", "/favicon.ico"),
    *("/_mock/journal", "/_mock/journal.har", "/_mock/journal/1", "/_mock/journal/coverage"),
    *("/_mock/worlds", "/_mock/worlds/fuzz", "/_mock/worlds/fuzz/clock", "/_mock/faults"),
    *("/_mock/worlds/fuzz/clock/advance", "/_mock/worlds/fuzz/snapshots/one", "/_mock/reset"),
    *("/_mock/worlds/fuzz/export", "/_mock/worlds/fuzz/tickets", "/_mock/worlds/fuzz/reset"),
    *("/files/avatars/1/Jane.svg", "/files/attachments/1/20/a.png"),
)
_METHODS = (
    *("GET",) * 6,
    *("PUT", "POST") * 3,
    *("DELETE", "HEAD", "OPTIONS", "PATCH", "BREW"),
)
_NUMBERS = ("0", "-1", "1.5", "1e309", str(2**31), str(2**63), "9" * 400, "٣", "NaN", "0x10", "")
_WORDS = (
    *("open,closed", "true", "null", "[]", "1,2", "-updated_at", "*/*", "close", "gzip"),
    "a" * 5_000,
)
_TEXTS = (
    *_WORDS,
    *("", " ", "\x00", "\r\n", "\ud800", "é", "ß", "İ", "😀", "%", "_", "'", '"', "\\"),
    *("../../etc/passwd", "<script>", "{{7*7}}", "\u202e", "%00", "%zz"),
)
_NAMES = (
    *("filter[status]", "filter[search]", "filter[channel_ids]", "filter[tag_ids]", "sort"),
    *("page", "per_page", "filter[unassigned]", "filter[]", "filter[status][]", "filter", "["),
    *("world", "after", "limit", "status", "user_id", "ticket", "as", "__code", "_method"),
)
_HEADERS = (
    *("Accept", "Content-Type", "Expect", "Range", "Origin", "Cookie", "X-Forwarded-For"),
    *("Transfer-Encoding", "Content-Length", "Content-Encoding", "If-None-Match", "Upgrade"),
)
_HOSTS = (*("127.0.0.1", "localhost") * 4, "evil.example", "", "[::1]:99999")
_SCHEMES = (*("Bearer",) * 6, "bearer", "Basic", "")
_TOKENS = (
    *("jane", "jane@fuzz") * 4,
    *("readonly", "expired", "nobody", "jane@", "jane@Not A Name", "😀", "a" * 3_000),
)
_MEDIA_TYPES = (
    *("application/json",) * 5,
    *("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("application/json; charset=utf-16", ""),
)
_LENGTHS = ("Transfer-Encoding: chunked", "Content-Length: -1", "Content-Length: 5x")
_INTEGERS = (0, -1, 2**63, 1.5, 10**30)


class RequestGenerator:
    """Yields the bytes of requests; each may be cut, repeated or malformed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def requests(self, number: int) -> Iterator[bytes]:
        for _ in range(number):
            yield self._damaged(self._request())

    def _request(self) -> bytes:
        body = self._body()
        lines = [f"{self._one(_METHODS)} {self._target()} {self._version()}", *self._headers(body)]
        if self._random.random() < 0.02:
            lines.append(self._text() + self._one((":", "", " :")) + self._text())
        head = "\r\n".join(lines).encode("utf-8", "surrogatepass")
        return head + b"\r\n\r\n" + body

    def _headers(self, body: bytes) -> Iterator[str]:
        if self._random.random() < 0.97:
            yield f"Host: {self._one(_HOSTS)}"
        if self._random.random() < 0.95:
            yield f"Authorization: {self._one(_SCHEMES)} {self._one(_TOKENS)}"
        if body:
            yield f"Content-Type: {self._one(_MEDIA_TYPES)}"
            known = self._random.random() < 0.95
            yield f"Content-Length: {len(body)}" if known else self._one(_LENGTHS)
        if self._random.random() < 0.3:
            text = self._one(_WORDS) if self._random.random() < 0.8 else self._text()
            yield f"{self._one(_HEADERS)}: {text}"
        if self._random.random() < 0.5:
            yield "Connection: close"

    def _target(self) -> str:
        path = self._one(_PATHS)
        if self._random.random() < 0.2:
            path = path.replace("42", self._one(_NUMBERS + _TEXTS)).replace("fuzz", self._text())
        if self._random.random() < 0.05:
            odd = (f"//{path}", f"http://other{path}", "*", f"{path}/..%2f", path.upper())
            path = self._one(odd)
        query = "&".join(self._pair() for _ in range(self._random.choice((0, 0, 1, 2, 5))))
        target = f"{path}?{query}" if query else path
        raw = self._random.random() < 0.05
        return target if raw else quote(target, safe="/?&=%[],+*:", errors="surrogatepass")

    def _pair(self) -> str:
        return f"{self._one(_NAMES)}={self._one(_NUMBERS + _TEXTS)}"

    def _body(self) -> bytes:
        if self._random.random() < 0.4:
            return b""
        makers: tuple[Callable[[], bytes], ...] = (
            lambda: json.dumps(self._value(3)).encode(),
            lambda: json.dumps({"status": self._value(1), "user_id": self._value(1)}).encode(),
            lambda: json.dumps({"now": self._text(), "hours": self._value(1)}).encode(),
            lambda: b'{"status":"\\ud800","user_id":' + self._one(_NUMBERS).encode() + b"}",
            lambda: b"[" * self._random.choice((10, 5_000, 100_000)),
            lambda: self._random.randbytes(self._random.choice((1, 50, 5_000))),
            lambda: b"\xef\xbb\xbf" + b'{"status":"open"}',
            lambda: '{"status":"open"}'.encode("utf-16"),
            lambda: b"status=open&user_id=5",
        )
        return self._random.choice(makers)()

    def _value(self, depth: int) -> object:
        kind = self._random.randrange(7 if depth else 5)
        if kind == 5:
            return [self._value(depth - 1) for _ in range(self._random.randint(0, 3))]
        if kind == 6:
            return {self._text(): self._value(depth - 1) for _ in range(self._random.randint(0, 3))}
        return (
            None,
            True,
            self._text(),
            self._random.choice(_INTEGERS),
            "closed",
        )[kind]

    def _damaged(self, request: bytes) -> bytes:
        chance = self._random.random()
        if chance < 0.03:
            return request[: self._random.randrange(len(request))]
        if chance < 0.06:
            place = self._random.randrange(len(request))
            return request[:place] + self._random.randbytes(3) + request[place:]
        if chance < 0.09:
            return request * self._random.choice((2, 20))
        return request

    def _version(self) -> str:
        return self._one(("HTTP/1.1",) * 12 + ("HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "", "ICY/1"))

    def _text(self) -> str:
        return self._one(_TEXTS)

    def _one(self, values: tuple[str, ...]) -> str:
        return self._random.choice(values)
