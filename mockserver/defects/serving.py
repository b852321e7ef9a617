"""Serving of defects and healthy variants: one by name, or one after another in forks."""

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

from mockserver.app import create_app, start_activity
from mockserver.config import Config
from mockserver.contract.errors import ConfigError, MockError
from mockserver.defects.healthy_variants import HEALTHY
from mockserver.seed.workspaces import DEFAULT_SEED
from mockserver.store.database.temporary import TemporaryFolder

Open = Callable[[], Flask]

_SEEDED_AT = "2026-05-01T09:00:00Z"
"""End of the history of every world, so that results do not depend on the date."""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # persistent connections, as in deployments
    wbufsize = -1  # send a response in one write

    def log(self, *_: Any) -> None:
        """Log nothing."""


def serve_variant(name: str, seed: int) -> None:
    """Serve a healthy variant until SIGTERM."""
    with _folder() as folder:
        _serve(name, lambda: _healthy(name, seed, folder))


def _serve(name: str, open_app: Open) -> None:
    """Print the URL, and serve on a free loopback port until SIGTERM."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = open_app()
    try:
        start_activity(app)
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
        signal.signal(signal.SIGTERM, _stop)
        click.echo(f"{name} on http://127.0.0.1:{server.server_port}")
        sys.stdout.flush()
        server.serve_forever()
    finally:
        app.extensions["store"].close()


def serve_in_turn(lines: Iterable[str]) -> None:
    """Serve the name on each line in a fork of this process until the next line.

    The name of a healthy variant may be followed by a seed. Importing and seeding happen once;
    a fork with a defect opens a copy of the seeded database.
    """
    with _folder() as folder:
        seeded = folder / "seeded.db"
        config = Config(database=f"sqlite:///{seeded}", clock=_SEEDED_AT)
        create_app(config).extensions["store"].close()
        signal.signal(signal.SIGTERM, _stop)
        child = 0
        try:
            for line in lines:
                _end(child)
                name, _, seed = line.strip().partition(" ")
                child = _fork(name, seed or str(DEFAULT_SEED), seeded)
        finally:
            _end(child)


def _fork(name: str, seed: str, seeded: Path) -> int:
    """Return the id of a process that serves a name; it prints why if it cannot."""
    if child := os.fork():
        return child
    status = 1
    try:
        with _folder() as folder:
            _serve(name, lambda: _opened(name, seed, seeded, folder))
    except SystemExit:
        status = 0
    except (MockError, OSError) as error:
        click.echo(f"{name} cannot be served: {error}")
        sys.stdout.flush()
    finally:
        os._exit(status)  # skip the parent's exit handlers


@contextmanager
def _folder() -> Iterator[Path]:
    folder = TemporaryFolder()  # removed by the next mock if this process is killed
    try:
        yield folder.path
    finally:
        folder.remove()


def _opened(name: str, seed: str, seeded: Path, folder: Path) -> Flask:
    if name not in HEALTHY:
        return _defective(name, seeded, folder)
    if not seed.isdecimal():
        raise ConfigError(
            f"{seed!r} is not a valid seed; write a number after the name, or omit it"
        )
    return _healthy(name, int(seed), folder)


def _healthy(name: str, seed: int, folder: Path) -> Flask:
    """Return a healthy variant with its own world and a running clock."""
    options = {"database": f"sqlite:///{folder}/own.db", "seed": seed}
    HEALTHY[name].open(**options, clock=_SEEDED_AT).extensions["store"].close()
    return HEALTHY[name].open(**options)


def _defective(name: str, seeded: Path, folder: Path) -> Flask:
    """Return a mock with a defect, a copy of the demo world and a running clock."""
    own = shutil.copy(seeded, folder)
    return create_app(Config(database=f"sqlite:///{own}", defects=(name,)))


def _end(child: int) -> None:
    if child:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
