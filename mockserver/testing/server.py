"""MockServer for Python tests: in this process, on a free port, with private worlds.

>>> with MockServer(world="small") as server:
...     with server.open_world() as world:
...         world.get("/api/tickets").json()["meta"]["total"]
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Self

import requests

from mockserver.app import create_app, start_activity
from mockserver.config import Config
from mockserver.journal.verify import complaints
from mockserver.server.process import Server
from mockserver.server.socket import bind, listen
from mockserver.server.wsgi import Gateway
from mockserver.store import SHARED

JANE = "jane"
"""Default token: Jane Smith, user 5 of the demo world."""


_HOST = "127.0.0.1"


class AdminApiError(AssertionError):
    """An error response of the admin API; its text is the mock's message."""


def _session() -> requests.Session:
    """Return a session without the proxies and the netrc file of the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


class MockServer:
    """A mock that serves from a thread between `start` and `stop`, or inside a `with`.

    `options` are those of Config: world, seed, tickets, clock, rate, defects, …, but not `host`,
    which is 127.0.0.1. Raises MockError for a value that cannot be used.
    """

    def __init__(self, *, port: int = 0, **options: Any) -> None:
        self._port = port
        self._config = Config(host=_HOST, **options)
        self._server: Server | None = None
        self._thread: Thread | None = None
        self._session = _session()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        self.app = create_app(self._config)
        self._sockets = bind(_HOST, self._port)
        listen(self._sockets)
        serving = Event()
        self._server = Server(Gateway(self.app), serving.set)
        self._thread = Thread(
            target=self._server.run, args=(self._sockets,), name="mockserver", daemon=True
        )
        self._thread.start()
        serving.wait()
        start_activity(self.app)
        return self

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._session.close()
        self._server.should_exit = True
        self._thread.join()
        self.app.extensions["admin"].scheduler.close()
        self.app.extensions["store"].close()
        self._server = self._thread = None

    @property
    def url(self) -> str:
        """Base URL without a trailing slash."""
        assert self._server is not None, "start the server first, or use it in a with statement"
        return f"http://{_HOST}:{self._sockets[0].getsockname()[1]}"

    def token(self, user: str = JANE, world: str | None = None) -> str:
        """Return the bearer token of a user, in the shared world or in a private one."""
        return user if world in (None, SHARED) else f"{user}@{world}"

    @contextmanager
    def open_world(
        self, name: str | None = None, *, user: str = JANE, **options: Any
    ) -> Iterator["TicketWorld"]:
        """Open a private world inside a `with`; `options` are the body fields of openWorld.

        Raises AdminApiError.
        """
        body = options if name is None else {"name": name, **options}
        opened = self.admin("POST", "/_mock/worlds", body)["world"]["name"]
        world = TicketWorld(self, opened, user)
        try:
            yield world
        finally:
            world.close()

    def admin(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a request to the admin API and return its JSON; raises AdminApiError."""
        reply = self._session.request(method, f"{self.url}{path}", json=body)
        if not reply.ok:
            raise AdminApiError(f"{method} {path}: {reply.status_code}: {reply.json()['message']}")
        return reply.json() if reply.content else None


class TicketWorld:
    """A private world: a small client of the tickets API and of the world's admin API."""

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
        """Headers with which another client uses this world."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(f"{self.url}{path}", params=query)

    def put(self, path: str, body: Mapping[str, Any]) -> requests.Response:
        """Change something; raises requests.HTTPError for an error, unlike `session.put`."""
        reply = self.session.put(f"{self.url}{path}", json=body)
        if not reply.ok:
            reason = reply.headers.get("X-Mock-Hint") or reply.json().get("message", "")
            raise requests.HTTPError(
                f"PUT {path} in the world {self.name}: {reply.status_code}: {reason}\n"
                "To test a refusal, use ticket_world.session.put, which returns every response.",
                response=reply,
            )
        return reply

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

    def fault(self, text: str | None = None, **fields: Any) -> dict[str, Any]:
        """Add a fault to this world, as a text of `mockserver faults` or as fields.

        `fault("error=500 times=1")` and `fault(kind="error", status=500, times=1)` are the same.
        `reset` removes it. Raises AdminApiError.
        """
        body = fields if text is None else {"fault": text, **fields}
        added: dict[str, Any] = self.admin("POST", "faults", body)["fault"]
        return added

    def receive_ticket(self, **fields: Any) -> dict[str, Any]:
        """Create a ticket from a contact; fields left out are generated."""
        return self._written("POST", "tickets", fields)

    def receive_reply(self, id: int, **fields: Any) -> dict[str, Any]:
        """Add a reply from the ticket's contact."""
        return self._written("POST", f"tickets/{id}/reply", fields)

    def answer(self, id: int, **fields: Any) -> dict[str, Any]:
        """Add an answer from an agent."""
        return self._written("POST", f"tickets/{id}/answer", fields)

    def note(self, id: int, **fields: Any) -> dict[str, Any]:
        """Add an internal note from an agent."""
        return self._written("POST", f"tickets/{id}/note", fields)

    def tag(self, id: int, tag: int) -> dict[str, Any]:
        return self._written("PUT", f"tickets/{id}/tags/{tag}")

    def untag(self, id: int, tag: int) -> dict[str, Any]:
        return self._written("DELETE", f"tickets/{id}/tags/{tag}")

    def run_actions(self, count: int) -> list[dict[str, Any]]:
        """Run the next actions of the background activity immediately."""
        body = {"count": count}
        actions: list[dict[str, Any]] = self.admin("POST", "activity/actions", body)["actions"]
        return actions

    def set_clock(self, now: str, *, running: bool = False) -> str:
        """Set the clock to an ISO 8601 time and return it as the API writes it."""
        return self._clock("PUT", "clock", {"now": now, "running": running})

    def advance(self, **span: int) -> str:
        """Advance the clock by days, hours, minutes or seconds, and return its time."""
        return self._clock("POST", "clock/advance", span)

    def snapshot(self, name: str) -> None:
        self.admin("PUT", f"snapshots/{name}")

    def restore(self, name: str) -> None:
        self.admin("POST", f"snapshots/{name}/restore")

    def reset(self) -> None:
        self.admin("POST", "reset")

    def assert_only_documented_requests(self) -> None:
        """Raise an AssertionError if requests to this world violate the contract, or none came."""
        __tracebackhide__ = True
        verdict = self.server.admin("GET", f"/_mock/journal/verdict?world={self.name}")
        if lines := complaints(verdict, ()):
            raise AssertionError("\n".join(lines))

    def admin(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Send a request to this world's part of the admin API; raises AdminApiError."""
        return self.server.admin(method, f"/_mock/worlds/{self.name}/{path}", body)

    def close(self) -> None:
        """Delete the world, unless it was evicted."""
        self.session.close()
        if self.server.app.extensions["store"].worlds.entry(self.name) is not None:
            self.server.admin("DELETE", f"/_mock/worlds/{self.name}")

    def _clock(self, method: str, path: str, body: Mapping[str, Any]) -> str:
        return str(self.admin(method, path, body)["clock"]["now"])

    def _written(
        self, method: str, path: str, fields: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        ticket: dict[str, Any] = self.admin(method, path, fields)["ticket"]
        return ticket
