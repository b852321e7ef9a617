"""An app whose answers are remembered: who asks the same in the same state is told the same."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MOST = 8_000
"""Answers that are kept, the latest ones."""


@dataclass(eq=False)
class World:
    """A private world: every change asked for in it, and those that the app has not seen yet."""

    changes: tuple[Any, ...] = ()
    unsent: list["WSGIEnvironment"] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """A request in a state of a world; worlds with the same changes are in the same state."""

    changes: tuple[Any, ...]
    request: tuple[Any, ...]
    world: World = field(compare=False)
    environ: "WSGIEnvironment" = field(compare=False)

    @property
    def is_change(self) -> bool:
        return self.environ["REQUEST_METHOD"] not in ("GET", "HEAD")


@dataclass(frozen=True)
class Answer:
    status: str
    headers: Headers
    body: list[bytes]


class Remembered:
    """Answers for an app with a frozen clock, all of whose requests must come through here.

    Changes reach the app when it has to answer something that it was never asked in that state.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._worlds: defaultdict[str, World] = defaultdict(World)
        self._answer = lru_cache(maxsize=MOST)(self._ask)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        name = environ.get("HTTP_AUTHORIZATION", "").partition("@")[2]
        world, request = self._worlds[name], _read(environ, name)
        question = Question(world.changes, request, world, environ)
        if question.is_change:
            world.unsent.append(environ)
        answer = self._answer(question)
        if question.is_change:
            world.changes += (request,)
        start_response(answer.status, list(answer.headers))
        return answer.body

    def _ask(self, question: Question) -> Answer:
        """Send what the app has not seen yet: changes, and then the question unless it is one."""
        answers = [self._send(environ) for environ in question.world.unsent]
        question.world.unsent.clear()
        return answers[-1] if question.is_change else self._send(question.environ)

    def _send(self, environ: "WSGIEnvironment") -> Answer:
        body, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return Answer(status, headers, list(body))


def _read(environ: "WSGIEnvironment", world: str) -> tuple[Any, ...]:
    """Return all that an app reads of a request, without the name of the world."""
    body = environ["wsgi.input"].read()
    environ["wsgi.input"] = BytesIO(body)
    texts = {name: value for name, value in environ.items() if isinstance(value, str)}
    if "HTTP_AUTHORIZATION" in texts:
        texts["HTTP_AUTHORIZATION"] = texts["HTTP_AUTHORIZATION"].removesuffix(world)
    return *sorted(texts.items()), body
