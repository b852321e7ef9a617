"""Lying and strange mocks over HTTP: one by name, or one after another from a warm process."""

import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.errors import ConfigError, MockError
from mockserver.defects.healthy_variants import HEALTHY
from mockserver.seed.load import DEFAULT_SEED
from mockserver.store import SHARED
from mockserver.store.database.temporary import TemporaryFolder

Open = Callable[[], Flask]

_PLANTED = "2026-05-01T09:00:00Z"
"""When the history of every world ends: what a proof finds must not depend on the day."""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # as a deployment keeps its connections
    wbufsize = -1  # an answer leaves at once, not line by line

    def log(self, *_: Any) -> None:
        """Say nothing."""


def serve_variant(name: str, seed: int) -> None:
    """Serve a healthy variant as a proof has it until SIGTERM."""
    with _folder() as folder:
        _serve(name, lambda: _strange(name, seed, folder))


def _serve(name: str, open_app: Open) -> None:
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


def serve_in_turn(lines: Iterable[str]) -> None:
    """Serve each line in a fork of this process until the next one comes, or none.

    A line is a name, and the seed of a healthy variant's world if it is to be another one.
    Importing and planting happen once; a fork opens a copy of what was planted.
    """
    with _folder() as folder:
        planted = folder / "planted.db"
        config = Config(database=f"sqlite:///{planted}", clock=_PLANTED)
        create_app(config).extensions["store"].close()
        signal.signal(signal.SIGTERM, _stop)
        child = 0
        try:
            for line in lines:
                _end(child)
                name, _, seed = line.strip().partition(" ")
                child = _fork(name, seed or str(DEFAULT_SEED), planted)
        finally:
            _end(child)


def _fork(name: str, seed: str, planted: Path) -> int:
    """Return the process that serves a name; it says what keeps it from that."""
    if child := os.fork():
        return child
    status = 1
    try:
        with _folder() as folder:
            _serve(name, lambda: _opened(name, seed, planted, folder))
    except SystemExit:
        status = 0
    except (MockError, OSError) as error:
        click.echo(f"{name} cannot be served: {error}")
        sys.stdout.flush()
    finally:
        os._exit(status)  # what the parent would do at its end is not for its forks


@contextmanager
def _folder() -> Iterator[Path]:
    folder = TemporaryFolder()  # which the next mock sweeps where this one is killed
    try:
        yield folder.path
    finally:
        folder.remove()


def _opened(name: str, seed: str, planted: Path, folder: Path) -> Flask:
    if name not in HEALTHY:
        return _lying(name, planted, folder)
    if not seed.isdecimal():
        raise ConfigError(f"{seed!r} is no seed; write a number after the name, or nothing")
    return _strange(name, int(seed), folder)


def _strange(name: str, seed: int, folder: Path) -> Flask:
    """Return a healthy variant with its own world, in which time goes on from now."""
    options = {"database": f"sqlite:///{folder}/own.db", "seed": seed}
    HEALTHY[name].open(**options, clock=_PLANTED).extensions["store"].close()
    return HEALTHY[name].open(**options)


def _lying(name: str, planted: Path, folder: Path) -> Flask:
    """Return the demo world's copy with a defect; in it, too, time goes on from now."""
    own = shutil.copy(planted, folder)
    return create_app(Config(database=f"sqlite:///{own}", defects=(name,)))


def _end(child: int) -> None:
    if child:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
