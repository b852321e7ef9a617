"""A mock for Python tests: in this process, on a free port, with worlds to work in.

>>> with MockServer(world="small") as server:
...     with server.open_world() as world:
...         world.get("/api/tickets").json()["meta"]["total"]
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any, Self

import requests
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.store import SHARED

JANE = "jane"
"""Whose token it is unless told otherwise: Jane Smith, user 5 of the demo world."""


class LeverRefused(AssertionError):
    """A lever that answered with an error; its text is the mock's message."""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # clients keep their connections

    def log(self, *_: Any) -> None:
        """Say nothing: a test's output is the test's."""


def _session() -> requests.Session:
    """Return a session without the proxies and the netrc file of the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


class MockServer:
    """A mock that serves from a thread between `start` and `stop`, or inside a `with`.

    `options` are those of Config: world, seed, tickets, clock, rate, defects, ….
    Raises MockError for an option that cannot be used.
    """

    def __init__(self, *, port: int = 0, **options: Any) -> None:
        self._port = port
        self._config = Config(**options)
        self._server: BaseWSGIServer | None = None
        self._thread: Thread | None = None
        self._session = _session()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        self.app = create_app(self._config)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server(
            "127.0.0.1", self._port, self.app, threaded=True, request_handler=_Handler
        )
        self._thread = Thread(
            target=self._server.serve_forever, args=(0.05,), name="mockserver", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._session.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.app.extensions["mock"].colleagues.close()
        self.app.extensions["store"].close()
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """Where the API is, without a slash at the end."""
        assert self._server is not None, "start the server first, or use it in a with statement"
        return f"http://127.0.0.1:{self._server.server_port}"

    def token(self, user: str = JANE, world: str | None = None) -> str:
        """Return the bearer token of a user, in the shared world or in a private one."""
        return user if world in (None, SHARED) else f"{user}@{world}"

    @contextmanager
    def open_world(
        self, name: str | None = None, *, user: str = JANE, **wishes: Any
    ) -> Iterator["TicketWorld"]:
        """Open a private world for the length of a `with`; wishes are those of the lever openWorld.

        Raises LeverRefused.
        """
        asked = wishes if name is None else {"name": name, **wishes}
        opened = self.pull("POST", "/_mock/worlds", asked)["world"]["name"]
        world = TicketWorld(self, opened, user)
        try:
            yield world
        finally:
            world.close()

    def pull(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Pull a lever by its path and return its JSON; raises LeverRefused."""
        reply = self._session.request(method, f"{self.url}{path}", json=body)
        if not reply.ok:
            raise LeverRefused(f"{method} {path}: {reply.status_code}: {reply.json()['message']}")
        return reply.json() if reply.content else None


class TicketWorld:
    """A private world: a small client of the API with its token, and the world's levers."""

    def __init__(self, server: MockServer, name: str, user: str = JANE) -> None:
        self.server = server
        self.name = name
        self.token = server.token(user, name)
        self.session = _session()
        self.session.headers["Authorization"] = f"Bearer {self.token}"

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def headers(self) -> dict[str, str]:
        """What another client has to send to work in this world."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(f"{self.url}{path}", params=query)

    def put(self, path: str, body: Mapping[str, Any]) -> requests.Response:
        return self.session.put(f"{self.url}{path}", json=body)

    def tickets(self, **query: Any) -> list[dict[str, Any]]:
        """Return a page of tickets; raises requests.HTTPError for an error."""
        reply = self.get("/api/tickets", **query)
        reply.raise_for_status()
        found: list[dict[str, Any]] = reply.json()["data"]
        return found

    def ticket(self, id: int) -> dict[str, Any]:
        """Return a ticket with its thread; raises requests.HTTPError for an error."""
        reply = self.get(f"/api/tickets/{id}")
        reply.raise_for_status()
        found: dict[str, Any] = reply.json()["ticket"]
        return found

    def receive_ticket(self, **letter: Any) -> dict[str, Any]:
        """Let a contact write a new ticket; what is left out is made up."""
        return self._written("POST", "tickets", letter)

    def receive_reply(self, id: int, **letter: Any) -> dict[str, Any]:
        """Let the contact of a ticket reply."""
        return self._written("POST", f"tickets/{id}/reply", letter)

    def answer(self, id: int, **letter: Any) -> dict[str, Any]:
        """Let a colleague answer a ticket."""
        return self._written("POST", f"tickets/{id}/answer", letter)

    def note(self, id: int, **letter: Any) -> dict[str, Any]:
        """Let a colleague leave a note on a ticket."""
        return self._written("POST", f"tickets/{id}/note", letter)

    def tag(self, id: int, tag: int) -> dict[str, Any]:
        return self._written("PUT", f"tickets/{id}/tags/{tag}")

    def untag(self, id: int, tag: int) -> dict[str, Any]:
        return self._written("DELETE", f"tickets/{id}/tags/{tag}")

    def play(self, count: int) -> list[dict[str, Any]]:
        """Let busy colleagues and customers do the next so many acts."""
        acts: list[dict[str, Any]] = self.pull("POST", "busy/acts", {"count": count})["acts"]
        return acts

    def set_clock(self, now: str, *, running: bool = False) -> str:
        """Set the clock to an ISO 8601 time and return it as the API writes it."""
        return self._clock("PUT", "clock", {"now": now, "running": running})

    def advance(self, **span: int) -> str:
        """Move the clock on by days, hours, minutes or seconds, and return its time."""
        return self._clock("POST", "clock/advance", span)

    def snapshot(self, name: str) -> None:
        self.pull("PUT", f"snapshots/{name}")

    def restore(self, name: str) -> None:
        self.pull("POST", f"snapshots/{name}/restore")

    def reset(self) -> None:
        self.pull("POST", "reset")

    def assert_only_documented_requests(self) -> None:
        """Raise an AssertionError naming the requests here that the contract does not know."""
        self.server.app.extensions["journal"].assert_clean(self.name)

    def pull(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Pull a lever of this world by the rest of its path; raises LeverRefused."""
        return self.server.pull(method, f"/_mock/worlds/{self.name}/{path}", body)

    def close(self) -> None:
        """Delete the world, unless it has been evicted meanwhile."""
        self.session.close()
        if self.server.app.extensions["store"].worlds.entry(self.name) is not None:
            self.server.pull("DELETE", f"/_mock/worlds/{self.name}")

    def _clock(self, method: str, path: str, body: Mapping[str, Any]) -> str:
        return str(self.pull(method, path, body)["clock"]["now"])

    def _written(
        self, method: str, path: str, letter: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        ticket: dict[str, Any] = self.pull(method, path, letter)["ticket"]
        return ticket
