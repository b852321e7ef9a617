"""A replica: lists and searches that follow writes half a second later, details at once."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

LAG = 0.5
"""Seconds after which lists show a write."""

_LIST, _TICKET = "/api/tickets", "/api/tickets/"
_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class _Write:
    """A successful write: when, the request, and the ticket's `updated_at` after it."""

    at: float
    environ: Mapping[str, Any]
    body: bytes
    updated: str


class LaggingLists:
    """Answers lists from a second world for each one, in which every write is repeated late."""

    def __init__(
        self, app: "WSGIApplication", seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._client = Client(app, use_cookies=False)
        self._seconds = seconds
        self._waiting: deque[_Write] = deque()
        self._lock = Lock()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        path, reading = request.path.rstrip("/"), request.method in _READING
        if reading and path == _LIST:
            self._catch_up()
            return self._app(_in_replica(environ), start_response)
        if reading or not path.startswith(_TICKET):
            return self._app(environ, start_response)
        return self._write(request)(environ, start_response)

    def _write(self, request: Request) -> Response:
        """Carry out a write, and remember one that was accepted."""
        body, environ = request.get_data(cache=False), dict(request.environ)
        response = self._send(environ, body)
        if response.status_code < 300:
            ticket = _TICKET + request.path.removeprefix(_TICKET).partition("/")[0]
            headers = {"Authorization": request.headers["Authorization"]}
            updated = self._client.get(ticket, headers=headers).get_json()["ticket"]["updated_at"]
            with self._lock:
                self._waiting.append(_Write(self._seconds(), environ, body, updated))
        return response

    def _catch_up(self) -> None:
        """Repeat the writes that are old enough, each at the time that it was carried out at."""
        with self._lock:
            while self._waiting and self._waiting[0].at <= self._seconds() - LAG:
                write = self._waiting.popleft()
                environ = _in_replica(write.environ)
                world = environ["HTTP_AUTHORIZATION"].partition("@")[2]
                headers = {"Authorization": environ["HTTP_AUTHORIZATION"]}
                self._client.get(_LIST, headers=headers)  # opens the world on its first use
                self._client.put(f"/_mock/worlds/{world}/clock", json={"now": write.updated})
                self._send(environ, write.body)

    def _send(self, environ: Mapping[str, Any], body: bytes) -> Response:
        sent = {**environ, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
        return Response.from_app(self._app, sent, buffered=True)


def _in_replica(environ: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request's environment with its token in the second world."""
    scheme, space, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    name, _, world = token.partition("@")
    if not name.strip():
        return dict(environ)
    token = f"{name.strip()}@{world or 'shared'}-replica"
    return {**environ, "HTTP_AUTHORIZATION": f"{scheme}{space}{token}"}
