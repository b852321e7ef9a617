"""HTTP requests read within bounds: from bytes to WSGI environments."""

import re
from asyncio import Transport
from collections.abc import Callable
from io import BytesIO
from urllib.parse import unquote_to_bytes

import httptools

from mockserver.server.wsgi import Environ, environ_key, new_environ

HEAD = 64 * 1024
"""Bytes of a request line and its headers; and of chunk extensions and trailers."""

BODY = 1024 * 1024
WORLD_BODY = 32 * BODY
"""Bytes of a body, and of one with a world file."""


class Refused(Exception):
    """A request that is not answered by the app; the text says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class RequestReader:
    """Feeds httptools, whose callbacks begin with `on_`.

    `received` is called with each request, and whether its connection may stay open afterwards.
    """

    def __init__(self, transport: Transport, received: Callable[[Environ, bool], None]) -> None:
        self.waits_for_continue = False
        self._transport = transport
        self._received = received
        self._number = 0
        self._parser = httptools.HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._part = ""  # what is being received: head, body, or nothing
        self._overhead = 0  # bytes of the request being received that are not its body

    @property
    def incomplete(self) -> int:
        """Number of the request of which only a part has arrived; 0: none."""
        return self._number if self._part else 0

    def feed(self, data: bytes) -> None:
        """Read what arrived; raises Refused, after which nothing more can be read."""
        if not data.isascii() and self._part != "body":
            data = _encoded(data)
        self._overhead += len(data)
        try:
            self._parser.feed_data(data)
            self._check_overhead()
        except httptools.HttpParserUpgrade:
            pass  # the request is answered, without an upgrade
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, Refused):
                raise error.__context__ from None
            raise Refused(400, f"{str(error).rstrip('.')}.") from None

    def on_message_begin(self) -> None:
        self._environ = new_environ(self._transport)
        self._part, self._url, self._body = "head", b"", bytearray()
        self._number, self._size = self._number + 1, 0

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._part != "head":  # a trailer must not change what was decided on
            return
        self._size += len(name) + len(value) + 4
        key, text = environ_key(name), value.decode("latin-1")
        if key in self._environ:
            if key == "HTTP_HOST":
                raise Refused(400, "It has two Host headers.")
            sign = "; " if key == "HTTP_COOKIE" else ","
            text = f"{self._environ[key]}{sign}{text}"
        self._environ[key] = text

    def on_headers_complete(self) -> None:
        if len(self._url) + self._size > HEAD:
            raise self._head_too_large()
        try:
            url = httptools.parse_url(self._url)
        except httptools.HttpParserInvalidURLError:
            raise Refused(400, "Its address is not valid.") from None
        environ, path = self._environ, url.path or b"/"
        version = self._parser.get_http_version()
        if "HTTP_HOST" not in environ and version == "1.1":
            raise Refused(400, "It has no Host header.")
        self._address(path, url.query or b"")
        environ["SERVER_PROTOCOL"] = f"HTTP/{version}"
        # Anywhere in the path, as a proxy may leave its prefix before it.
        self._limit = WORLD_BODY if b"/_mock/worlds" in path else BODY
        if int(environ.get("CONTENT_LENGTH", 0)) > self._limit:
            raise self._body_too_large()
        self._part = "body"
        self.waits_for_continue = environ.get("HTTP_EXPECT", "").lower() == "100-continue"

    def on_body(self, body: bytes) -> None:
        self._body += body
        self._overhead -= len(body)
        if len(self._body) > self._limit:
            raise self._body_too_large()

    def on_message_complete(self) -> None:
        self._part, self._overhead, self.waits_for_continue = "", 0, False
        self._environ["wsgi.input"] = BytesIO(self._body)
        old = self._environ["SERVER_PROTOCOL"] == "HTTP/1.0"
        self._received(self._environ, not old and self._parser.should_keep_alive())

    def refused(self) -> Environ | None:
        """Return what is known of a request that was refused; None: not even its address."""
        if not self._part or not self._url:
            return None
        if "PATH_INFO" not in self._environ:
            path, _, query = self._url.partition(b"?")
            self._address(path, query)
        return {**self._environ, "wsgi.input": BytesIO()}

    def _address(self, path: bytes, query: bytes) -> None:
        environ = self._environ
        environ["REQUEST_METHOD"] = self._parser.get_method().decode("ascii")
        environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
        environ["QUERY_STRING"] = query.decode("latin-1")

    def _check_overhead(self) -> None:
        if self._part == "head" and self._overhead > HEAD:
            raise self._head_too_large()
        if self._part == "body" and self._overhead > HEAD + 16 * len(self._body):
            raise Refused(400, "Its chunks have more extensions than data.")

    def _head_too_large(self) -> Refused:
        if len(self._url) > HEAD // 2:
            return Refused(414, f"Its address is longer than {HEAD // 2} bytes.")
        return Refused(431, f"Its headers are larger than {HEAD} bytes.")

    def _body_too_large(self) -> Refused:
        return Refused(413, f"Its body is larger than {self._limit} bytes.")


def _encoded(data: bytes) -> bytes:
    """Encode letters that a client left bare in an address, as curl does."""
    line, end, rest = data.partition(b"\r\n")
    if b" HTTP/1." not in line:
        return data
    return re.sub(rb"[^\x00-\x7f]", lambda found: b"%%%02X" % ord(found[0]), line) + end + rest
