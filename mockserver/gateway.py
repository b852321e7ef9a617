"""What the server hands over, answered by the app: at once where it can, else in a thread.

One thread answers everything that does not wait; threads that take turns at the
interpreter cost up to three times the processor time, as measured with `benchmarks/`.
Whatever may wait (a fault's delay, a stream, a lever) has a thread of its own.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, NamedTuple

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # it does

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

_THREADS = 64
"""Requests that may wait at the same time; an open inspector holds one."""

_CONSTANT = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}
_NAMES: dict[str, str] = {}
"""Header names as WSGI spells them, of those met so far."""
_MOST_NAMES = 1_000


class _Reply(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    chunks: Iterable[bytes]


class Gateway:
    """An RSGI application upon a WSGI one; `at_once` tells what nobody has to wait for."""

    def __init__(self, app: WsgiApp, at_once: Callable[[dict[str, Any]], bool]) -> None:
        self._app = app
        self._at_once = at_once
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="waiting")

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        environ = _environ(scope)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = BytesIO(await protocol())
        if self._at_once(environ):
            reply = self._answer(environ)
        else:
            loop = asyncio.get_running_loop()
            reply = await loop.run_in_executor(self._pool, self._answer, environ)
        if isinstance(reply.chunks, (list, tuple)):
            protocol.response_bytes(reply.status, reply.headers, b"".join(reply.chunks))
        else:
            await self._stream(reply, protocol)

    def _answer(self, environ: dict[str, Any]) -> _Reply:
        head: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _failure: Any = None) -> None:
            head[:] = (int(status[:3]), headers)

        chunks = self._app(environ, start)
        status, headers = head
        return _Reply(status, headers, chunks)

    async def _stream(self, reply: _Reply, protocol: HTTPProtocol) -> None:
        """Send piece by piece; whoever leaves before the end ends it."""
        loop = asyncio.get_running_loop()
        transport = protocol.response_stream(reply.status, reply.headers)
        pieces = iter(reply.chunks)
        try:
            while (piece := await loop.run_in_executor(self._pool, next, pieces, None)) is not None:
                await transport.send_bytes(piece)
        except ProtocolClosed:
            pass
        finally:
            if close := getattr(reply.chunks, "close", None):
                await loop.run_in_executor(self._pool, close)


def _environ(scope: Scope) -> dict[str, Any]:
    """Return a request as WSGI describes it."""
    name, _, port = scope.server.rpartition(":")
    environ = {
        **_CONSTANT,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": _latin(scope.path),
        "QUERY_STRING": _latin(scope.query_string),
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
    }
    for header, value in scope.headers.items():
        key = _NAMES.get(header) or _spell(header)
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ


def _latin(text: str) -> str:
    """Return text as WSGI holds it: each byte of its UTF-8 form is a character."""
    return text if text.isascii() else text.encode().decode("latin-1")


def _spell(header: str) -> str:
    key = header.upper().replace("-", "_")
    key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    if len(_NAMES) < _MOST_NAMES:
        _NAMES[header] = key
    return key
