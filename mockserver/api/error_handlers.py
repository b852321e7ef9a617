"""Every failure answered as JSON, whatever went wrong and wherever."""

import logging
import re
from collections.abc import Mapping

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NoRoute

from mockserver.api.cors import write_cors_headers
from mockserver.api.response import respond_error
from mockserver.contract.errors import (
    ApiError,
    ContractBroken,
    MethodNotAllowed,
    NotFound,
    StoreBusy,
    StoreUnavailable,
)
from mockserver.journal import BUSY, exchange_of

_NOT_THE_APP = re.compile(
    r"/(?:_mock|docs|inspector|files|\.well-known)(?:/.*)?|/openapi\.(?:json|yaml)"
    r"|/(?:favicon|apple-touch-icon)[^/]*|/(?:robots\.txt|sitemap\.xml)"
    r"|/(?:health|healthz|healthcheck|live|livez|ready|readyz|ping|status|up)"
)
"""Paths that are not recorded: the mock's own, and those that browsers and probes request."""

_log = logging.getLogger("mockserver")


def add_error_handlers(app: Flask) -> None:
    """Register how routes that are not there, and faults of the mock, are answered."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(ContractBroken, _contract_broken)
    app.register_error_handler(StoreUnavailable, _unavailable)
    app.register_error_handler(Exception, _crashed)


def is_of_the_app(path: str) -> bool:
    """Return whether a request to a path that no route has is one of the app, and recorded."""
    return not _NOT_THE_APP.fullmatch(path)


def _refused(error: HTTPException) -> Response:
    if request.endpoint is None:
        exchange_of(request.environ).recorded = is_of_the_app(request.path)
    path = request.path.strip("/") or "/"
    if isinstance(error, NoRoute):
        return respond_error(NotFound(f"The route {path} could not be found."))
    if isinstance(error, WrongMethod):
        methods = ", ".join(sorted(set(error.valid_methods or ()) - {"OPTIONS"}))
        message = (
            f"The {request.method} method is not supported for route {path}. "
            f"Supported methods: {methods}."
        )
        return respond_error(MethodNotAllowed(message, {"Allow": methods}))
    return respond_error(ApiError(error.description or error.name, status=error.code or 500))


def _contract_broken(error: ContractBroken) -> Response:
    _log.error("a reply would break the contract: %s", error)
    return respond_error(ApiError(f"The mock would break its contract: {error}"))


def _unavailable(error: StoreUnavailable) -> Response:
    if isinstance(error, StoreBusy) and BUSY in request.environ:
        request.environ[BUSY] = True  # another thread, which may wait, runs the request again
    else:
        _log.error("%s", error)
    return _answer_unavailable(str(error))


def unavailable(reason: str, environ: Mapping[str, str]) -> Response:
    """Return the response to a request that the app could not answer for want of the database."""
    _log.error("%s", reason)
    response = _answer_unavailable(reason)
    if origin := environ.get("HTTP_ORIGIN"):
        write_cors_headers(response, origin)
    return response


def _answer_unavailable(reason: str) -> Response:
    line = reason.splitlines()[0].rstrip(".")
    return respond_error(
        ApiError(f"{line[0].upper()}{line[1:]}.", {"Retry-After": "1"}, status=503)
    )


def _crashed(error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return respond_error(ApiError("Server Error"))
