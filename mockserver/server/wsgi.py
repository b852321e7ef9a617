"""Requests answered by the WSGI app: in the event loop's thread, or in another if they may wait.

Threads that take turns at the interpreter cost up to three times the processor time, so
whatever does not wait is answered in the thread that received it.
"""

import asyncio
import logging
import re
import sys
from asyncio import Transport
from collections.abc import AsyncIterable, Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from flask import Flask

from mockserver.api.error_handlers import is_of_the_app, unavailable
from mockserver.journal import BUSY, Exchange
from mockserver.server.public_address import PublicAddress

if TYPE_CHECKING:
    from mockserver.server.upstream import Upstream

Environ = dict[str, Any]

PATIENCE = 5.5
"""Seconds that a request may wait for the database, which itself gives up after 5."""

_THREADS = {"/_mock/journal": 4, "/_mock": 8, "/": 16}
"""Threads by the path of their requests: the admin API does not wait for threads of the API."""

_UNLIMITED = re.compile(r"POST /_mock/worlds|PUT /_mock/worlds/[^/]+|GET /_mock/.*/export")
"""Requests that read or write whole worlds, and take as long as they take."""

_CONSTANT = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "mockserver",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}
_UNREADABLE = {"REQUEST_METHOD": "-", "PATH_INFO": "-", "QUERY_STRING": ""}
"""What is recorded of a request whose address could not be read."""

_PASSED_ON = "mockserver.passed_on"
"""In the environ of a request that the upstream answers."""

_log = logging.getLogger("mockserver")


class Reply(NamedTuple):
    """A response; one that is sent piece by piece has `pieces` and no `body`."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    pieces: AsyncIterable[bytes] | None = None

    @classmethod
    def refusal(cls, status: int, message: str) -> "Reply":
        """Return a response of the server itself."""
        body = orjson.dumps({"message": message})
        length = (b"Content-Length", b"%d" % len(body))
        return cls(status, [(b"Content-Type", b"application/json"), length], body)


class Threads:
    """A pool of threads; `busy` is the number of them that work."""

    def __init__(self, size: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(size, name)
        self._running: set[Future[Any]] = set()

    @property
    def busy(self) -> int:
        return len(self._running)

    def start(self, work: Callable[..., Any], *arguments: Any) -> "asyncio.Future[Any]":
        running = self._pool.submit(work, *arguments)
        self._running.add(running)
        running.add_done_callback(self._running.discard)  # not before its thread is free again
        return asyncio.wrap_future(running)


class Gateway:
    """Runs a WSGI app, which may be replaced between two requests.

    What the app's contract does not know is passed on to the `upstream`, if there is one.
    """

    def __init__(self, app: Flask, upstream: "Upstream | None" = None) -> None:
        self.app = app
        self._upstream = upstream
        self._address = PublicAddress(app.extensions["admin"].config)
        self._pools = {path: Threads(size, path) for path, size in _THREADS.items()}

    @property
    def waiting(self) -> int:
        """Requests that threads are busy with."""
        own = sum(threads.busy for threads in self._pools.values())
        return own + (self._upstream.threads.busy if self._upstream else 0)

    def answer_at_once(self, environ: Environ) -> Reply | None:
        """Return the response to a request that does not wait; None: answer it in a thread."""
        self._address.apply(environ)
        if self._upstream is not None and self._upstream.takes(self.app, environ):
            environ[_PASSED_ON] = True
            return None
        if self._may_wait(environ):
            return None
        here = {**environ, BUSY: False}
        reply = _run(self.app, here)
        if not here[BUSY]:
            return reply
        environ["wsgi.input"].seek(0)
        return None

    async def answer_later(self, environ: Environ) -> Reply:
        """Return the response to a request; 503 if the database is not reached in time."""
        if self._upstream is not None and _PASSED_ON in environ:
            return await self._upstream.answer(self.app, environ)
        path = environ["PATH_INFO"]
        pool = next(pool for start, pool in self._pools.items() if path.startswith(start))
        work = pool.start(_run, self.app, environ)
        work.add_done_callback(_retrieve_error)
        done, _ = await asyncio.wait({work}, timeout=self._patience(environ))
        if done:
            reply: Reply = work.result()
            return reply
        work.cancel()  # unless it has begun
        reason = "the database is out of reach: no answer within 5 s"
        return _run(unavailable(reason, environ), environ)

    def record_refused(self, environ: Environ | None, reply: Reply, reason: str) -> None:
        """Log and record a request that does not reach the app; None: its address is unknown."""
        journal = self.app.extensions["journal"]
        exchange = Exchange(environ or _UNREADABLE)
        exchange.body, exchange.hints = None, (reason,)
        exchange.finish(str(reply.status), [], reply.body)
        if environ is None or (self._upstream and self._upstream.takes(self.app, environ)):
            journal.announce(exchange)
        elif is_of_the_app(environ["PATH_INFO"]):
            journal.add(exchange)

    def _may_wait(self, environ: Environ) -> bool:
        """Return whether a request may wait for the database, or take long."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/" or path.startswith("/_mock/"):
            return True
        if not path.startswith("/api/") or method == "OPTIONS":
            return False
        store = self.app.extensions["store"]
        return store.waits or not (method in ("GET", "HEAD") or store.ready_to_write())

    def _patience(self, environ: Environ) -> float | None:
        path = environ["PATH_INFO"]
        if _UNLIMITED.fullmatch(f"{environ['REQUEST_METHOD']} {path}"):
            return None
        waits = self.app.extensions["store"].waits or path.startswith("/api/")
        return PATIENCE if waits else None


def _retrieve_error(work: "asyncio.Future[Reply]") -> None:
    """Retrieve the error of a request that nobody waits for any more; asyncio would log it."""
    if not work.cancelled():
        work.exception()


def new_environ(transport: Transport) -> Environ:
    """Return the part of the environ that all requests of a connection have."""
    name, port, *_ = transport.get_extra_info("sockname")
    client = transport.get_extra_info("peername") or ("",)
    return {**_CONSTANT, "SERVER_NAME": name, "SERVER_PORT": str(port), "REMOTE_ADDR": client[0]}


@lru_cache(maxsize=1_000)
def environ_key(header: bytes) -> str:
    """Return the key of a request header."""
    key = header.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _run(app: Callable[..., Iterable[bytes]], environ: Environ) -> Reply:
    head: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_failure: Any) -> Any:
        head[:] = (int(status[:3]), headers)

    chunks = app(environ, start)
    status, headers = head
    coded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if isinstance(chunks, AsyncIterable):
        return Reply(status, coded, b"", chunks)
    try:
        return Reply(status, coded, b"".join(chunks))
    finally:
        if close := getattr(chunks, "close", None):
            close()
