"""Surroundings of a healthy deployment: sessions, compression, a proxy, a deploy meanwhile."""

import gzip
import hashlib
import re
from itertools import count
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_PUBLIC = b"https://helpdesk.example/api/"
_LOCAL = re.compile(rb"http://(?:localhost|127\.0\.0\.1)(?::\d+)?/api/")
_EVERY, _DEPLOY = 200, range(25, 28)
"""Of each 200 requests, those that come during a deploy."""


def with_cookies(app: "WSGIApplication") -> "WSGIApplication":
    """Begin a session with every response, as Laravel's web middleware does."""
    numbers = count(1)

    def respond(environ: Any, start_response: Any) -> Any:
        response = Response.from_app(app, environ, buffered=True)
        number = next(numbers)
        for name in ("XSRF-TOKEN", "there_there_session"):
            response.set_cookie(name, f"{name}-{number}", max_age=7200, samesite="Lax")
        return response(environ, start_response)

    return respond


def compressed(app: "WSGIApplication") -> "WSGIApplication":
    """Compress each body for a client that takes gzip, and answer 304 to its ETag."""

    def respond(environ: Any, start_response: Any) -> Any:
        request, response = Request(environ), Response.from_app(app, environ, buffered=True)
        if request.method == "GET" and response.status_code == 200:
            response.set_etag(hashlib.sha256(response.data).hexdigest()[:16])
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] and response.data:
            response.data = gzip.compress(response.data)
            response.headers["Content-Encoding"] = "gzip"
        response.make_conditional(environ)
        return response(environ, start_response)

    return respond


class Deploying:
    """Answers 503 with Retry-After to some requests in the middle of a run."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._numbers = count()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if next(self._numbers) % _EVERY not in _DEPLOY:
            return self._app(environ, start_response)
        page = "<html><body><h1>Be right back.</h1></body></html>"
        response = Response(page, 503, {"Retry-After": "1"}, mimetype="text/html")
        return response(environ, start_response)


def proxied(body: bytes, _headers: Headers) -> bytes:
    """Write links with the public address, as behind a proxy whose headers are trusted."""
    return _LOCAL.sub(_PUBLIC, body)
