"""The mock as the deployment, when none is named: started on a free port, ended with the run."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from urllib.parse import urlsplit

from contract_tests.run import CannotRun
from contract_tests.target import Tokens

TOKENS = Tokens(main="jane", other="other", readonly="readonly", withdrawn="expired")
PATIENCE = 30.0
"""Seconds that the mock may take to start."""
_URL = re.compile(r"http://[\w.:\[\]-]+")


@contextmanager
def mock(*options: str) -> Iterator[str]:
    """Serve the mock and yield its URL; raises CannotRun when it does not start."""
    with served("mockserver", "serve", "--port", "0", *options) as url:
        yield url


@contextmanager
def served(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that prints where it serves, and yield that URL; raises CannotRun."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C is ours: the mock must live until writes are undone
    )
    timer = Timer(PATIENCE, process.kill)
    timer.start()
    try:
        yield _ready(process, timer)
    finally:
        timer.cancel()
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _await_connections(url: str) -> None:
    """Wait until the port takes connections; nothing is sent."""
    parts = urlsplit(url)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection((str(parts.hostname), parts.port or 80), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return


def _ready(process: subprocess.Popen[str], timer: Timer) -> str:
    said = []
    for line in process.stdout or ():
        said.append(line.strip())
        if found := _URL.search(line):
            _await_connections(found[0])
            timer.cancel()
            return found[0]
    raise CannotRun(f"the mock did not start: {' '.join(said) or 'it said nothing'}")
