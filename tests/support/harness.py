"""What the tests of the mock speak with: a caller in this process, and real servers."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import requests
from flask import Flask
from werkzeug.test import TestResponse

MakeApp = Callable[..., Flask]
NewDatabase = Callable[[], str | None]

CLOCK = "2026-05-01T09:00:00Z"
NOW = "2026-05-01T09:00:00+00:00"

LIST_FIELDS = [
    *("id", "ulid", "subject", "status", "channel", "assignee", "contact", "tags"),
    *("latest_message_preview", "summary", "created_at", "updated_at"),
]

WORLD_FILE = str(Path(__file__).with_name("world.yaml"))
"""The world file of most tests."""


@dataclass(frozen=True)
class Api:
    """Calls an app in this process with one token."""

    app: Flask
    token: str

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.send("GET", path, **options)

    def put(self, path: str, body: Any) -> TestResponse:
        return self.send("PUT", path, json=body)

    def page(self, query: str = "") -> Any:
        """Return a page of the list as JSON."""
        reply = self.get(f"/api/tickets?{query}")
        assert reply.status_code == 200, reply.text
        return reply.json

    def ids(self, query: str = "") -> list[int]:
        return [ticket["id"] for ticket in self.page(query)["data"]]

    def ticket(self, id: int) -> Any:
        """Return a ticket's detail."""
        reply = self.get(f"/api/tickets/{id}")
        assert reply.status_code == 200, reply.text
        return reply.json["ticket"]  # type: ignore[index]  # JSON, as just asserted

    def change(self, id: int, **body: Any) -> Any:
        """Change a status or an assignee and return the ticket that comes back."""
        reply = self.put(f"/api/tickets/{id}/{'status' if 'status' in body else 'assignee'}", body)
        assert reply.status_code == 200, reply.text
        return reply.json["ticket"]  # type: ignore[index]  # JSON, as just asserted


@dataclass(frozen=True)
class Serving:
    """A mock in a process of its own."""

    url: str
    process: "subprocess.Popen[str]"
    greeting: str

    def get(self, path: str, token: str = "jane") -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(self.url + path, headers=headers, timeout=30)

    def put(self, path: str, body: Any, token: str = "jane") -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.put(self.url + path, json=body, headers=headers, timeout=30)

    def connect(self, timeout: float = 30) -> socket.socket:
        """Open a connection for what no client library would send."""
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return socket.create_connection((host, int(port)), timeout)


@contextmanager
def serving(
    *options: str,
    folder: Path | None = None,
    python: str = sys.executable,
    command: tuple[str, ...] = ("-m", "mockserver"),
) -> Iterator[Serving]:
    """Start `mockserver` on a free port, wait for its ready line, and end it afterwards."""
    process = subprocess.Popen(
        [python, *command, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        start_new_session=True,
    )
    try:
        yield _ready(process)
    finally:
        _end(process)


def _ready(process: "subprocess.Popen[str]") -> Serving:
    assert process.stdout is not None
    first = process.stdout.readline()
    found = re.search(r"http://\S+", first)
    if found is None:
        raise AssertionError(f"no ready line: {first}{process.communicate()[1]}")
    wait_for(found[0])
    return Serving(found[0], process, first)


def wait_for(url: str) -> None:
    """Wait until a mock answers."""
    for _ in range(1000):
        with suppress(requests.ConnectionError):
            requests.get(f"{url}/openapi.json", timeout=30)
            return
        sleep(0.01)
    raise AssertionError(f"nothing answers at {url}")


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refused(*options: str, folder: Path | None = None) -> str:
    """Run a `mockserver` that must not start, and return the one line it says instead."""
    command = [sys.executable, "-m", "mockserver", *options]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=folder, check=False
    )
    assert (done.returncode, done.stdout) == (2, ""), (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr.rstrip("\n")
