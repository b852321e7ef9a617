"""A Flask class without features that the mock does not use, for speed."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request
from flask.sessions import NullSession, SessionInterface, SessionMixin
from werkzeug.routing import MapAdapter


class _NoSessions(SessionInterface):
    _session = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002 - Flask's
        return self._session


class Application(Flask):
    """Flask without sessions, asynchronous views and subdomains."""

    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        environ = request.environ
        return self.url_map.bind(
            environ.get("HTTP_HOST") or "localhost",
            script_name=environ.get("SCRIPT_NAME"),
            url_scheme=request.scheme,
            default_method=request.method,
            path_info=request.path,
            query_args=environ.get("QUERY_STRING", ""),
        )
