"""The short way to an operation, for requests that ask for nothing else.

Flask's contexts, signals and hooks take as long as the answer itself. What needs one of
them (a page's origin, a preference, a fault, any other route) takes the long way,
which leads to the same answer.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from flask import Flask

from mockserver.api.response import Answer, header_list
from mockserver.contract.operations import Operation

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
Answering = Callable[..., Answer]
"""Takes the request and the parts of its path that are parameters."""

_TAKEN = "mockserver.api.express"


class Express:
    """A WSGI layer round Flask's; `answers` are by operationId, `held_up` tells of faults."""

    def __init__(
        self,
        app: Flask,
        operations: Iterable[Operation],
        answers: dict[str, Answering],
        held_up: Callable[[], bool],
    ) -> None:
        self._app = app
        self._long_way: WsgiApp = app.wsgi_app
        self._held_up = held_up
        self._lanes = [(o.method, re.compile(_pattern(o.path)), answers[o.id]) for o in operations]

    def takes(self, environ: dict[str, Any]) -> bool:
        """True for a request that is answered at once: nobody sleeps or streams on this way."""
        if _TAKEN not in environ:
            environ[_TAKEN] = self._takes(environ)
        taken: bool = environ[_TAKEN]
        return taken

    def _takes(self, environ: dict[str, Any]) -> bool:
        return (
            environ["PATH_INFO"].startswith("/api/")
            and "HTTP_ORIGIN" not in environ
            and "HTTP_PREFER" not in environ
            and "__" not in environ["QUERY_STRING"]
            and not self._held_up()
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        lane = next(self._matches(environ), None) if self.takes(environ) else None
        if lane is None:
            return self._long_way(environ, start_response)
        answer, path = lane
        try:
            found = answer(self._app.request_class(environ), **path)
        except Exception as error:
            return self._failed(error, environ, start_response)
        start_response(_status_line(found.status), header_list(found))
        return (found.body,)

    def _matches(self, environ: dict[str, Any]) -> Iterator[tuple[Answering, dict[str, str]]]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        for known, pattern, answer in self._lanes:
            if known == method and (match := pattern.fullmatch(path)):
                yield answer, match.groupdict()

    def _failed(
        self, error: Exception, environ: dict[str, Any], start_response: Any
    ) -> Iterable[bytes]:
        with self._app.request_context(environ):
            response = self._app.make_response(self._app.handle_user_exception(error))
            return response(environ, start_response)


@cache
def _status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _pattern(path: str) -> str:
    """Return the pattern of a path whose parameters are plain words, as ids are."""
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>[0-9A-Za-z]+)", re.escape(path)) + "/?"
