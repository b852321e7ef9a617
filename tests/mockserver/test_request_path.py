"""docs/how-it-is-built.md lists the modules that a write passes, and the list is true."""

import re
import sqlite3
import sys
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

import requests

import mockserver
from mockserver.app import create_app
from mockserver.config import Config
from mockserver.server.process import Server
from mockserver.server.socket import bind, listen
from mockserver.server.wsgi import Gateway
from tests.support.harness import CLOCK

DOCUMENT = Path(__file__).parents[2] / "docs" / "how-it-is-built.md"
PACKAGE = str(Path(mockserver.__file__).parent) + "/"
OPERATION = "api/operations/tickets.py"
MOST = 15


def documented() -> list[str]:
    path = DOCUMENT.read_text().partition("<!-- path -->")[2].partition("<!-- /path -->")[0]
    return re.findall(r"^\d+\. `(.+)`$", path, re.MULTILINE)


class Tracer:
    """A profile function: notes the modules on the call stack of an operation's statements."""

    def __init__(self) -> None:
        self.modules: dict[str, None] = {}

    def __call__(self, frame: FrameType, event: str, function: Any) -> None:
        owner = getattr(function, "__self__", None)
        if event == "c_call" and isinstance(owner, (sqlite3.Connection, sqlite3.Cursor)):
            modules = stack(frame)
            if OPERATION in modules and function.__name__ in ("execute", "commit"):
                self.modules |= dict.fromkeys(modules)


def stack(frame: FrameType | None) -> list[str]:
    """Return the modules that called each other, the outermost first."""
    found = []
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(PACKAGE):
            found.append(name.removeprefix(PACKAGE))
        frame = frame.f_back
    return found[::-1]


def traced() -> list[str]:
    """Change a status over HTTP, and return the modules from the socket to the commit."""
    app = create_app(Config(clock=CLOCK, tickets=50))
    (listener,) = sockets = bind("127.0.0.1", 0)
    listen(sockets)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/tickets/42/status"
    statuses: list[int] = []

    def change() -> None:
        headers = {"Authorization": "Bearer jane"}
        reply = requests.put(url, json={"status": "spam"}, headers=headers, timeout=30)
        statuses.append(reply.status_code)
        server.should_exit = True

    client, tracer = Thread(target=change), Tracer()
    server = Server(Gateway(app), client.start)

    def serve() -> None:
        sys.setprofile(tracer)  # of this thread alone, and it ends with it
        server.run(sockets)

    # in a thread of its own: Playwright keeps an event loop in the main one
    serving = Thread(target=serve)
    serving.start()
    serving.join()
    client.join()
    listener.close()
    app.extensions["store"].close()
    assert statuses == [200]
    return list(tracer.modules)


def test_the_modules_from_the_socket_to_the_commit_are_those_of_the_document() -> None:
    modules = traced()
    assert modules == documented()
    assert len(modules) <= MOST
