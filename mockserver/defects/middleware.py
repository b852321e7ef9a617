"""The middleware round the honest app, which never knows that somebody lies in its name."""

import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response

from mockserver.defects.changes.exchange import ELSEWHERE, Ask, Exchange, Reply, query_of
from mockserver.defects.changes.state import Memories, Memory
from mockserver.defects.changes.tokens import Tokens
from mockserver.defects.defect import Defect

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger("mockserver")

_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
_PUT_BACK = re.compile(
    r"/_mock/(?:reset|worlds/(?P<world>[^/]+)(?:/reset|/snapshots/[^/]+/restore)?)"
)
"""Levers after which a world is another; nothing remembered of it holds."""


class Liar:
    """Answers for an app as a defect says; keeps what it remembers apart for each world.

    `routes` tell the operation of a request: their endpoints are operationIds.
    """

    def __init__(self, app: "WSGIApplication", routes: Map, defect: Defect, tokens: Tokens) -> None:
        self._app = app
        self._routes = routes.bind("mock")
        self._defect = defect
        self._tokens = tokens
        self._memories = Memories()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] != "GET" and (lever := _PUT_BACK.fullmatch(path)):
            self._forget(environ, lever["world"])
        if not path.startswith("/api/") or environ["REQUEST_METHOD"] not in _METHODS:
            return self._app(environ, start_response)
        ask = self._read(Request(environ))
        memory = self._memories.of(ask.world)
        with memory.lock:
            reply = self._answer(ask, memory)
        return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    def _answer(self, ask: Ask, memory: Memory) -> Reply:
        defect = self._defect
        exchange = Exchange(ask, self._app, memory, self._tokens, defect.rarity.row)
        lies = ask.operation in defect.on and defect.rarity.request(exchange)
        reply = self._lie(exchange) if lies else exchange.send()
        memory.requests += 1
        return reply

    def _lie(self, exchange: Exchange) -> Reply:
        """Tell the lie; where another defect has spoiled what it reads, say so instead."""
        try:
            return self._defect.lie(exchange)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            told = f"The defect {self._defect.name} finds nothing to lie about: {error!r}"
            _log.warning("%s %s: %s", exchange.ask.method, exchange.ask.path, told)
            headers = Headers({"Content-Type": "application/json"})
            return Reply(500, headers, b"").with_json({"message": told})

    def _read(self, request: Request) -> Ask:
        operation, ticket = self._route(request)
        return Ask(
            operation=operation,
            method=request.method,
            path=request.environ["PATH_INFO"],
            ticket=ticket,
            query=query_of(request.query_string.decode("latin-1")),
            body=request.get_data(cache=False),
            authorization=request.environ.get("HTTP_AUTHORIZATION"),
            environ=request.environ,
        )

    def _route(self, request: Request) -> tuple[str, str]:
        try:
            operation, values = self._routes.match(request.path, request.method)
        except HTTPException:
            return ELSEWHERE, ""
        return operation, values.get("id", "")

    def _forget(self, environ: "WSGIEnvironment", world: str | None) -> None:
        token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2]
        self._memories.forget(world if world is not None else token.partition("@")[2])
