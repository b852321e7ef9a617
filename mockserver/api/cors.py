"""CORS: pages of any origin may use the API with credentials, as with the vendor's framework."""

from functools import partial

from flask import Flask, Response, request

from mockserver.journal.hints import HEADER as HINT

_EXPOSED = (
    *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"),
    *("Preference-Applied", HINT),
)
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_MAX_AGE = 600
"""Seconds that a browser may keep the answer to a preflight request."""


def add_cors(app: Flask, *, admin_too: bool) -> None:
    """Write the headers on every response to a page, except those of the admin API."""
    app.after_request(partial(_after_request, admin_too=admin_too))


def _after_request(response: Response, *, admin_too: bool) -> Response:
    origin = request.environ.get("HTTP_ORIGIN")
    if origin and (admin_too or not _is_admin(request.path)):
        write_cors_headers(response, origin)
        if request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.environ:
            _answer_preflight(response)
    return response


def write_cors_headers(response: Response, origin: str) -> None:
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Allow-Credentials"] = "true"
    headers["Access-Control-Expose-Headers"] = ", ".join(_EXPOSED)
    headers.add("Vary", "Origin")


def _answer_preflight(response: Response) -> None:
    response.headers["Access-Control-Allow-Methods"] = ", ".join(_METHODS)
    response.headers["Access-Control-Max-Age"] = str(_MAX_AGE)
    asked = request.headers.get("Access-Control-Request-Headers")
    if asked:
        response.headers["Access-Control-Allow-Headers"] = asked


def _is_admin(path: str) -> bool:
    return path == "/_mock" or path.startswith("/_mock/")
