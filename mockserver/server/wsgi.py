"""What the server hands over, answered by the app: at once where it can, else in a thread.

One thread answers everything that does not wait; threads that take turns at the
interpreter cost up to three times the processor time, as measured with `benchmarks/`.
Whatever may wait (a fault's delay, a stream, a lever) has a thread of its own.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Flask

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_THREADS = 64
"""Requests that may wait at the same time; an open inspector holds one."""

_CONSTANT = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "mockserver",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}
_NAMES: dict[bytes, str] = {}
"""Header names as WSGI spells them, of those met so far."""
_MOST_NAMES = 1_000


class Reply(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    chunks: Iterable[bytes]


class Gateway:
    """An ASGI application upon a WSGI one, which may be replaced between two requests."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.waiting = 0
        """Requests that a thread is busy with."""
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="waiting")
        self._streams: set[asyncio.Future[Any]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ = _environ(scope)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = BytesIO(await _body(receive))
        try:
            reply = await self._reply(environ)
        except ConnectionResetError:
            await _break_off(scope, receive)
        else:
            await self._send(reply, receive, send)

    def at_once(self, scope: Scope, body: bytes) -> Reply | None:
        """Return the answer to a request that waits for nothing; None: to the others."""
        environ, app = _environ(scope), self.app
        if not app.extensions["express"].takes(environ):
            return None
        environ["wsgi.input"] = BytesIO(body)
        return _answer(app, environ)

    async def _reply(self, environ: dict[str, Any]) -> Reply:
        app = self.app
        if app.extensions["express"].takes(environ):
            return _answer(app, environ)
        reply: Reply = await self._in_thread(_answer, app, environ)
        return reply

    async def _send(self, reply: Reply, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
        )
        if isinstance(reply.chunks, (list, tuple)):
            await send({"type": "http.response.body", "body": b"".join(reply.chunks)})
        else:
            await self._stream(reply, receive, send)

    def end_streams(self) -> None:
        """Let what is sent piece by piece end here."""
        for left in self._streams:
            left.cancel()

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        self.waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, function, *arguments)
        finally:
            self.waiting -= 1

    async def _stream(self, reply: Reply, receive: Receive, send: Send) -> None:
        """Send piece by piece; whoever leaves before the end ends it.

        A body that turns out shorter than announced is not completed, at which the
        server ends the connection.
        """
        missing = _announced(reply.headers)
        left = asyncio.ensure_future(_departure(receive))
        self._streams.add(left)
        pieces = iter(reply.chunks)
        try:
            while True:
                coming = asyncio.ensure_future(self._in_thread(next, pieces, None))
                await asyncio.wait({coming, left}, return_when=asyncio.FIRST_COMPLETED)
                if left.done() or (piece := coming.result()) is None:
                    break
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                missing -= len(piece)
        finally:
            self._streams.discard(left)
            left.cancel()
            if close := getattr(reply.chunks, "close", None):
                self._pool.submit(close)
        if missing <= 0:
            await send({"type": "http.response.body"})


def _answer(app: Flask, environ: dict[str, Any]) -> Reply:
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_failure: Any) -> Any:
        head[:] = (int(status[:3]), headers)

    chunks = app.wsgi_app(environ, start)
    status, headers = head
    coded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Reply(status, coded, chunks)


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _break_off(scope: Scope, receive: Receive) -> None:
    scope["state"]["reset"]()
    await _departure(receive)


async def _departure(receive: Receive) -> None:
    """Wait until the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _announced(headers: Sequence[tuple[bytes, bytes]]) -> int:
    return next((int(value) for name, value in headers if name.lower() == b"content-length"), 0)


def _environ(scope: Scope) -> dict[str, Any]:
    """Return a request as WSGI describes it."""
    name, port = scope["server"]
    path = scope["raw_path"]
    environ = {
        **_CONSTANT,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": name,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
    }
    for header, value in scope["headers"]:
        key = _NAMES.get(header) or _spell(header)
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def _spell(header: bytes) -> str:
    key = header.decode("latin-1").upper().replace("-", "_")
    key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    if len(_NAMES) < _MOST_NAMES:
        _NAMES[header] = key
    return key
