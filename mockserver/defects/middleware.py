"""WSGI middleware that applies a defect to the responses of an unchanged mock."""

import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map
from werkzeug.wrappers import Request, Response

from mockserver.defects.changes.exchange import (
    ELSEWHERE,
    HEAD,
    ClientRequest,
    Exchange,
    Reply,
    query_of,
)
from mockserver.defects.changes.tokens import Tokens
from mockserver.defects.defect import Defect
from mockserver.defects.state import WorldState, WorldStates

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger("mockserver")

_METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
_REPLACED = re.compile(
    r"/_mock/(?:reset|worlds/(?P<world>[^/]+)(?:/reset|/snapshots/[^/]+/restore)?)"
)
"""Admin requests that replace a world's content, and so invalidate its state."""


class DefectMiddleware:
    """Applies a defect to an app, with separate state for each world.

    `routes` map a request to its operation: their endpoints are operationIds.
    """

    def __init__(self, app: "WSGIApplication", routes: Map, defect: Defect, tokens: Tokens) -> None:
        self._app = app
        self._routes = routes.bind("mock")
        self._defect = defect
        self._tokens = tokens
        self._states = WorldStates()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] != "GET" and (match := _REPLACED.fullmatch(path)):
            self._forget(environ, match["world"])
        method = environ["REQUEST_METHOD"]
        heads = method == "HEAD" and HEAD in self._defect.on
        if not path.startswith("/api/") or not (method in _METHODS or heads):
            return self._app(environ, start_response)
        request = self._read(Request(environ))
        state = self._states.of(request.world)
        with state.lock:
            reply = self._answer(request, state)
        return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    def _answer(self, request: ClientRequest, state: WorldState) -> Reply:
        defect = self._defect
        exchange = Exchange(request, self._app, state, self._tokens, defect.rarity.row)
        applies = request.operation in defect.on and defect.rarity.request(exchange)
        reply = self._apply(exchange) if applies else exchange.send()
        state.requests += 1
        return reply

    def _apply(self, exchange: Exchange) -> Reply:
        """Apply the behavior; return an error if another defect changed what it needs."""
        try:
            return self._defect.behavior(exchange)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            message = f"The defect {self._defect.name} cannot be applied: {error!r}"
            _log.warning("%s %s: %s", exchange.request.method, exchange.request.path, message)
            headers = Headers({"Content-Type": "application/json"})
            return Reply(500, headers, b"").with_json({"message": message})

    def _read(self, request: Request) -> ClientRequest:
        operation, ticket = self._route(request)
        return ClientRequest(
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
        if request.method == "HEAD":
            return HEAD, ""
        try:
            operation, values = self._routes.match(request.path, request.method)
        except HTTPException:
            return ELSEWHERE, ""
        return operation, values.get("id", "")

    def _forget(self, environ: "WSGIEnvironment", world: str | None) -> None:
        token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2]
        self._states.forget(world if world is not None else token.partition("@")[2])
