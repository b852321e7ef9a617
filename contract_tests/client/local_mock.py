"""Starts the mock on a free port when no deployment is named, and stops it after the run."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from contract_tests.client.errors import CannotRun
from contract_tests.client.target import Tokens

MOCK_TICKET = 909
"""A ticket of the mock that is assigned and tagged."""
TOKENS = Tokens(main="jane", other="other", readonly="readonly", withdrawn="expired")
START_TIMEOUT = 30.0
"""Seconds that the mock may take to start."""
_URL = re.compile(r"http://[\w.:\[\]-]+")


@contextmanager
def deployment(url: str | None) -> Iterator[str]:
    """Yield the URL of a deployment; without one serve the mock, and yield its URL.

    Raises CannotRun when the mock does not start.
    """
    if url is not None:
        yield url
        return
    with served("mockserver", "serve", "--port", "0", "--quiet") as started:
        yield started


@contextmanager
def served(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that prints where it serves, and yield that URL; raises CannotRun."""
    process = _start(module, *arguments, stdin=subprocess.DEVNULL)
    try:
        yield _ready(process)
    finally:
        process.terminate()
        process.communicate()


class DefectServer:
    """One process that serves mocks with defects one after the other, each in its initial state."""

    def __init__(self, module: str) -> None:
        # Nobody reads the warnings of the mocks: a full pipe would block them.
        self._process = _start(module, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def serve(self, name: str, *options: str) -> str:
        """End the previous mock and return the URL of the next one; raises CannotRun."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{' '.join([name, *options])}\n")
            self._process.stdin.flush()
        except OSError as error:
            raise CannotRun(f"the mocks' process has ended: {error}") from None
        return _ready(self._process, about=f"{name} ")

    def close(self) -> None:
        """End the mock and its process by closing its input."""
        self._process.communicate()


def _start(
    module: str, *arguments: str, stdin: int, stderr: int = subprocess.STDOUT
) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", module, *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,  # Ctrl-C is ours: the mock must live until writes are undone
    )


def _ready(process: subprocess.Popen[str], about: str = "") -> str:
    """Return the URL that a process prints; raises CannotRun when it prints none.

    Lines that do not begin with `about` are of a mock that was served before.
    """
    said: list[str] = []
    timer = Timer(START_TIMEOUT, process.kill)
    timer.start()
    try:
        for line in process.stdout or ():
            if not line.startswith(about):
                continue
            said.append(line.strip())
            if found := _URL.search(line):
                return found[0]
            if about:
                break
    finally:
        timer.cancel()
    raise CannotRun(f"the mock did not start: {' '.join(said) or 'it said nothing'}")
