"""Lying and strange mocks over HTTP: one by name, or one after another from a warm process."""

import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import click
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.defects.healthy import HEALTHY
from mockserver.errors import MockError
from mockserver.store import SHARED

Open = Callable[[], Flask]

_PLANTED = "2026-05-01T09:00:00Z"
"""When the history of the demo world ends: what a proof finds must not depend on the day."""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # as a deployment keeps its connections
    wbufsize = -1  # an answer leaves at once, not line by line

    def log(self, *_: Any) -> None:
        """Say nothing."""


def serve(name: str, open_app: Open) -> None:
    """Say where, and serve on a free port of this machine until SIGTERM."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = open_app()
    try:
        if name in HEALTHY and (busy := HEALTHY[name].options.get("busy")):
            app.extensions["mock"].colleagues.start(SHARED, busy)
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
        signal.signal(signal.SIGTERM, _stop)
        click.echo(f"{name} on http://127.0.0.1:{server.server_port}")
        sys.stdout.flush()
        server.serve_forever()
    finally:
        app.extensions["store"].close()


def serve_in_turn(names: Iterable[str]) -> None:
    """Serve each name in a fork of this process until the next one comes, or none.

    Importing and planting happen once; a fork opens a copy of what was planted.
    """
    with tempfile.TemporaryDirectory(prefix="there-there-mock-") as folder:
        planted = Path(folder) / "planted.db"
        config = Config(database=f"sqlite:///{planted}", clock=_PLANTED)
        create_app(config).extensions["store"].close()
        signal.signal(signal.SIGTERM, _stop)
        child = 0
        try:
            for name in names:
                _end(child)
                child = _fork(name.strip(), planted)
        finally:
            _end(child)


def _fork(name: str, planted: Path) -> int:
    """Return the process that serves a name; it says what keeps it from that."""
    if child := os.fork():
        return child
    status = 1
    try:
        with tempfile.TemporaryDirectory(prefix="there-there-mock-") as folder:
            serve(name, lambda: _opened(name, planted, Path(folder)))
    except SystemExit:
        status = 0
    except (MockError, OSError) as error:
        click.echo(f"{name} cannot be served: {error}")
        sys.stdout.flush()
    finally:
        os._exit(status)  # what the parent would do at its end is not for its forks


def _opened(name: str, planted: Path, folder: Path) -> Flask:
    """Return a healthy variant with its own world, or the demo world's copy with a defect.

    In both time goes on from now.
    """
    if name in HEALTHY:
        return HEALTHY[name].open()
    own = shutil.copy(planted, folder)
    return create_app(Config(database=f"sqlite:///{own}", defects=(name,)))


def _end(child: int) -> None:
    if child:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
