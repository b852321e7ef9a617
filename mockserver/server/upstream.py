"""The upstream: another server, which answers the requests that the contract does not know."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote

import urllib3
from flask import Flask
from urllib3.util import SKIP_HEADER
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from mockserver.config import require_url
from mockserver.journal import Exchange
from mockserver.server.wsgi import Environ, Reply, Threads

_THREADS = 16
_TIMEOUT = urllib3.Timeout(connect=5, read=60)
_PIECE = 64 * 1024

_OWN = ("/_mock", "/docs", "/inspector", "/openapi.")
"""Starts of paths that are the mock's with every method."""

_HOP_BY_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization"),
        *("proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
_VIA = "1.1 mockserver"

_log = logging.getLogger("mockserver")

Headers = list[tuple[str, str]]


class Upstream:
    """Passes requests on, and streams the responses."""

    def __init__(self, url: str) -> None:
        """Raises ConfigError for an invalid URL."""
        require_url("--upstream", url, "http://127.0.0.1:3000")
        self._url = url.rstrip("/")
        self._pool = urllib3.PoolManager(
            maxsize=_THREADS, retries=False, timeout=_TIMEOUT, block=False
        )
        self.threads = Threads(_THREADS, "upstream")

    def takes(self, app: Flask, environ: Environ) -> bool:
        """Return whether no operation of the contract, and no page of the mock, is requested."""
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        if path == "/" or path.startswith(_OWN):
            return False
        try:
            app.url_map.bind("").match(path, environ["REQUEST_METHOD"])
        except (NotFound, MethodNotAllowed):
            return True
        except HTTPException:  # a redirect to a page of the mock
            return False
        return False

    async def answer(self, app: Flask, environ: Environ) -> Reply:
        """Return the response of the other server; 502 if it does not answer."""
        exchange = Exchange(environ)
        exchange.source = "upstream"
        if _VIA in environ.get("HTTP_VIA", ""):
            reply = Reply.refusal(508, f"The upstream {self._url} is this mock itself.")
        else:
            reply = await self._fetch(environ)
        exchange.finish(str(reply.status), [], b"")
        app.extensions["journal"].announce(exchange)
        return reply

    async def _fetch(self, environ: Environ) -> Reply:
        try:
            response = await self.threads.start(self._send, environ)
        except urllib3.exceptions.HTTPError as error:
            reason = f"The upstream {self._url} does not answer: {_cause(error)}."
            _log.error("%s", reason)
            return Reply.refusal(502, reason)
        coded = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in _end_to_end(response.headers.items())
            if name.lower() != "date"  # which every response of this server has
        ]
        return Reply(response.status, coded, b"", self._pieces(response))

    async def _pieces(self, response: urllib3.BaseHTTPResponse) -> AsyncIterator[bytes]:
        """Yield the body as it arrives; a broken one ends the connection."""
        yield b""  # the head at once: a stream may have nothing to say yet
        arriving = _arriving(response)
        try:
            while piece := await self.threads.start(next, arriving, b""):
                yield piece
        except urllib3.exceptions.HTTPError as error:
            raise ConnectionResetError(str(error)) from None
        except (asyncio.CancelledError, GeneratorExit):
            with suppress(ValueError, OSError):  # it has ended meanwhile
                response.shutdown()  # a thread may be reading, for which close() would wait
            raise
        response.close()

    def _send(self, environ: Environ) -> urllib3.BaseHTTPResponse:
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:@!$&'()*+,;=-._~")
        return self._pool.request(
            environ["REQUEST_METHOD"],
            f"{self._url}{path}{query}",
            body=environ["wsgi.input"].read() or None,
            headers=dict(_request_headers(environ)),
            preload_content=False,
            decode_content=False,
            redirect=False,
        )


def _arriving(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """Return the body in pieces, each as soon as it is there."""
    if getattr(response, "chunked", False):
        return iter(response.stream(_PIECE, decode_content=False))
    return iter(partial(response.read1, _PIECE, decode_content=False), b"")


def _request_headers(environ: Environ) -> Headers:
    given = {
        key.removeprefix("HTTP_").replace("_", "-").title(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") or key == "CONTENT_TYPE"
    }
    host = given.pop("Host", "")
    given.pop("Content-Length", None)
    forwarded = {
        "X-Forwarded-For": environ.get("REMOTE_ADDR", ""),
        "X-Forwarded-Host": host,
        "X-Forwarded-Proto": environ["wsgi.url_scheme"],
        "Via": ", ".join(filter(None, (given.get("Via"), _VIA))),
    }
    unsaid = dict.fromkeys(("User-Agent", "Accept-Encoding"), SKIP_HEADER)
    return _end_to_end({**unsaid, **given, **forwarded}.items())


def _end_to_end(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return the headers that are not for one connection alone."""
    pairs = list(headers)
    named = {
        name.strip().lower()
        for key, value in pairs
        if key.lower() == "connection"
        for name in value.split(",")
    }
    dropped = _HOP_BY_HOP | named
    return [(name, value) for name, value in pairs if name.lower() not in dropped]


def _cause(error: Exception) -> str:
    """Return the innermost reason of a failure, in one line."""
    reason: Any = error
    while getattr(reason, "reason", None) not in (None, ""):
        reason = reason.reason
    cause = reason.__cause__ or reason.__context__ or reason
    text = getattr(cause, "strerror", None) or str(cause).rpartition(": ")[2]
    return " ".join(str(text).split()).rstrip(".")[:200]
