"""One HTTP connection: requests read within bounds, responses written in their order."""

import asyncio
import re
import socket
import struct
from collections import deque
from io import BytesIO
from typing import Any, cast
from urllib.parse import unquote_to_bytes

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from mockserver.server.reply import Environ, Reply
from mockserver.server.wsgi import Gateway, environ_key, new_environ

HEAD = 64 * 1024
"""Bytes of a request line and its headers; and of chunk extensions and trailers."""

BODY = 1024 * 1024
WORLD_BODY = 32 * BODY
"""Bytes of a body, and of one with a world file."""

PATIENCE = 60
"""Seconds in which a request has to arrive."""

KEEP_ALIVE = 75
"""Seconds a connection may idle: longer than the clients of a test suite pause."""

_LINGER = 2
"""Seconds in which a client that still sends can read why its request was refused."""

_RESET_AT_ONCE = struct.pack("ii", 1, 0)
"""The option SO_LINGER: on, no seconds."""


class _Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Connection(asyncio.Protocol):
    """Feeds httptools, whose callbacks begin with `on_`; uvicorn makes one for each connection."""

    def __init__(self, config: Any, server_state: ServerState, **_: Any) -> None:
        self._gateway: Gateway = config.loaded_app
        self._server: Any = server_state  # which lists connections of uvicorn's own classes
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._part = ""  # what is being received: head, body, or nothing
        self._message = 0  # its number
        self._overhead = 0  # bytes of the request being received that are not its body
        self._requests: deque[tuple[Environ | Reply, bool]] = deque()
        """Requests to answer, or refusals; and whether the connection stays open afterwards."""
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._ends = self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)
        self._writable.set()
        self._timer = self._loop.call_later(KEEP_ALIVE, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self._server.connections.discard(self)
        self._timer.cancel()
        self._requests.clear()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        before = self._message if self._part else 0
        if not data.isascii() and self._part != "body":
            data = _encoded(data)
        self._overhead += len(data)
        try:
            self._parser.feed_data(data)
            self._check_overhead()
        except httptools.HttpParserUpgrade:
            pass  # the request is answered, without an upgrade
        except (httptools.HttpParserError, _Refused) as error:
            self._refuse(error)
        self._watch(before)

    def eof_received(self) -> bool:
        """Answer what was requested before the client closed its sending side."""
        self._ends = True
        return self._task is not None or bool(self._requests)

    def shutdown(self) -> None:
        """Close the connection after the response in progress; uvicorn calls it."""
        self._ends = True
        self._answer()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()
        self._answer()

    def on_message_begin(self) -> None:
        self._environ = new_environ(self._transport)
        self._part, self._url, self._body = "head", b"", bytearray()
        self._message, self._size = self._message + 1, 0

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._part != "head":  # a trailer must not change what was decided on
            return
        self._size += len(name) + len(value) + 4
        key, text = environ_key(name), value.decode("latin-1")
        if key in self._environ:
            if key == "HTTP_HOST":
                raise _Refused(400, "It has two Host headers.")
            sign = "; " if key == "HTTP_COOKIE" else ","
            text = f"{self._environ[key]}{sign}{text}"
        self._environ[key] = text

    def on_headers_complete(self) -> None:
        if len(self._url) + self._size > HEAD:
            raise self._head_too_large()
        try:
            url = httptools.parse_url(self._url)
        except httptools.HttpParserInvalidURLError:
            raise _Refused(400, "Its address is not valid.") from None
        environ, path = self._environ, url.path or b"/"
        version = self._parser.get_http_version()
        if "HTTP_HOST" not in environ and version == "1.1":
            raise _Refused(400, "It has no Host header.")
        environ["REQUEST_METHOD"] = self._parser.get_method().decode("ascii")
        environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
        environ["QUERY_STRING"] = (url.query or b"").decode("latin-1")
        environ["SERVER_PROTOCOL"] = f"HTTP/{version}"
        self._limit = WORLD_BODY if path.startswith(b"/_mock/worlds") else BODY
        if int(environ.get("CONTENT_LENGTH", 0)) > self._limit:
            raise self._body_too_large()
        self._part = "body"
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue" and self._task is None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body += body
        self._overhead -= len(body)
        if len(self._body) > self._limit:
            raise self._body_too_large()

    def on_message_complete(self) -> None:
        self._part, self._overhead = "", 0
        self._environ["wsgi.input"] = BytesIO(self._body)
        old = self._environ["SERVER_PROTOCOL"] == "HTTP/1.0"
        self._requests.append((self._environ, not old and self._parser.should_keep_alive()))
        self._answer()

    def _answer(self) -> None:
        """Answer here and now what does not wait: a task takes as long as the answer."""
        while self._requests and self._task is None and self._writable.is_set():
            request, stays = self._requests.popleft()
            reply = request if isinstance(request, Reply) else self._gateway.answer_at_once(request)
            if reply is not None and reply.pieces is None:
                self._write(reply, stays)
                continue
            self._task = self._loop.create_task(self._answer_later(request, reply, stays))
            self._server.tasks.add(self._task)
            self._task.add_done_callback(self._server.tasks.discard)
        if self._requests:
            self._transport.pause_reading()
        elif self._task is None:
            self._transport.resume_reading()
            if self._ends:
                self._transport.close()

    async def _answer_later(self, request: Any, reply: Reply | None, stays: bool) -> None:
        try:
            reply = reply or await self._gateway.answer_later(request)
            if reply.pieces is None:
                self._write(reply, stays)
            else:
                await self._write_pieces(request["REQUEST_METHOD"], reply, stays)
        except ConnectionResetError:
            self._reset()
        finally:
            self._task = None
        self._answer()
        self._watch(0)

    def _write(self, reply: Reply, stays: bool) -> None:
        self._transport.write(self._head(reply, stays) + reply.body)
        if not stays:
            self._close()

    async def _write_pieces(self, method: str, reply: Reply, stays: bool) -> None:
        """Write piece by piece, the head with the first one.

        A body that turns out shorter than announced, or whose length is not, ends with the
        connection.
        """
        assert reply.pieces is not None
        announced = dict(reply.headers).get(b"Content-Length")
        missing = 0 if method == "HEAD" else int(announced or -1)
        stays = stays and announced is not None
        start = self._head(reply, stays)
        async for piece in reply.pieces:
            self._transport.write(start + piece)
            start, missing = b"", missing - len(piece)
            await self._writable.wait()
        if missing > 0 or not stays:
            self._close()

    def _head(self, reply: Reply, stays: bool) -> bytes:
        parts = [STATUS_LINE[reply.status]]
        for name, value in (*self._server.default_headers, *reply.headers):
            parts += (name, b": ", value, b"\r\n")
        parts.append(b"\r\n" if stays else b"connection: close\r\n\r\n")
        return b"".join(parts)

    def _close(self) -> None:
        """Close the connection; one whose request was refused stays open for reading a while."""
        self._requests.clear()
        if self._refused:
            self._transport.write_eof()
            self._timer = self._loop.call_later(_LINGER, self._transport.abort)
        else:
            self._transport.close()

    def _reset(self) -> None:
        wire: Any = self._transport.get_extra_info("socket")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        self._transport.abort()

    def _watch(self, before: int) -> None:
        """Give an incomplete request its time, and an idle connection its own.

        `before` is the message that was incomplete before; its time goes on.
        """
        if self._refused or (self._part and before == self._message):
            return
        self._timer.cancel()
        if self._part:
            self._timer = self._loop.call_later(PATIENCE, self._give_up)
        elif self._task is None:
            self._timer = self._loop.call_later(KEEP_ALIVE, self._transport.close)

    def _give_up(self) -> None:
        if self._task is None:
            self._refuse(_Refused(408, f"It was incomplete after {PATIENCE} s."))
        else:  # it may be incomplete because nothing is read until that one is answered
            self._watch(0)

    def _check_overhead(self) -> None:
        if self._part == "head" and self._overhead > HEAD:
            raise self._head_too_large()
        if self._part == "body" and self._overhead > HEAD + 16 * len(self._body):
            raise _Refused(400, "Its chunks have more extensions than data.")

    def _refuse(self, error: BaseException) -> None:
        """Answer with the reason, after the requests before it, and close."""
        cause = error if isinstance(error, _Refused) else error.__context__
        status = cause.status if isinstance(cause, _Refused) else 400
        reason = cause if isinstance(cause, _Refused) else f"{str(error).rstrip('.')}."
        body = orjson.dumps({"message": f"This is not a valid HTTP request: {reason}"})
        headers = [(b"Content-Type", b"application/json"), (b"Content-Length", b"%d" % len(body))]
        self._refused, self._part = True, ""
        self._timer.cancel()
        self._requests.append((Reply(status, headers, body), False))
        self._answer()

    def _head_too_large(self) -> _Refused:
        if len(self._url) > HEAD // 2:
            return _Refused(414, f"Its address is longer than {HEAD // 2} bytes.")
        return _Refused(431, f"Its headers are larger than {HEAD} bytes.")

    def _body_too_large(self) -> _Refused:
        return _Refused(413, f"Its body is larger than {self._limit} bytes.")


def _encoded(data: bytes) -> bytes:
    """Encode letters that a client left bare in an address, as curl does."""
    line, end, rest = data.partition(b"\r\n")
    if b" HTTP/1." not in line:
        return data
    return re.sub(rb"[^\x00-\x7f]", lambda found: b"%%%02X" % ord(found[0]), line) + end + rest
