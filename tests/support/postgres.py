"""A throw-away PostgreSQL for the tests: a cluster on loopback, a database for whoever asks."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

import pytest

from tests.support.harness import free_port

_USER = "postgres"
"""Who runs the server where the tests run as root, which it refuses to be run by."""


class Postgres:
    """A running cluster; it can be killed, and started again upon the same files."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._numbers = count(1)
        self.port = free_port()
        self._run("initdb", "--auth=trust", "--username=mock", "--encoding=UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        # No power fails in a test: what a killed server has handed to the system is kept.
        options += " -c fsync=off -c full_page_writes=off -c max_connections=200"
        log = str(self._folder / "log.txt")
        self._run("pg_ctl", "start", "--wait", "--silent", "-l", log, "-o", options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate", "--silent")

    def kill(self) -> None:
        """End the server as a crash does, with all its processes."""
        family = self._signal(signal.SIGKILL)
        while any(Path(f"/proc/{process}").exists() for process in family):
            sleep(0.01)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the server be silent: the system still accepts connections and data."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> list[int]:
        """Send a signal to the server and all its processes.

        The first is stopped before: one that it begins for a new connection just then would be
        missed, and a server cannot be started again while it lives.
        """
        first = int((self._folder / "data/postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)
        while _state(first) != "T":
            sleep(0.001)
        task = Path(f"/proc/{first}/task/{first}/children")
        family = [first, *map(int, task.read_text().split())]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, number)
        return family

    def url(self, name: str | None = None) -> str:
        """Make a database, and return where it is."""
        name = name or f"test_{os.getpid()}_{next(self._numbers)}"
        self._sql(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://mock@127.0.0.1:{self.port}/{name}"

    def disconnect(self, url: str) -> None:
        """End every connection to a database from the server's side."""
        name = url.rpartition("/")[2]
        self._sql(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        )

    def _sql(self, text: str) -> None:
        import psycopg

        where = f"host=127.0.0.1 port={self.port} user=mock dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(text)  # type: ignore[call-overload]  # made here

    def _run(self, program: str, *options: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *options]
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=self._folder,
            preexec_fn=partial(_become, _USER) if os.getuid() == 0 else None,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout


def _state(process: int) -> str:
    """Return the letter for the state of a process, such as T for a stopped one."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def _become(user: str) -> None:
    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


@contextmanager
def cluster() -> Iterator[Postgres]:
    """Start a cluster in a folder of its own, and end it afterwards."""
    programs = _programs()
    with TemporaryDirectory(prefix="mock-postgres-") as name:
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, _USER)
        postgres = Postgres(programs, folder)
        try:
            yield postgres
        finally:
            postgres.stop()


def _programs() -> Path:
    """Return where PostgreSQL is; skips the test where it is missing, and fails it in CI."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    beside = shutil.which("initdb")
    if found or beside:
        return (found[-1] if found else Path(str(beside))).parent
    reason = "PostgreSQL is not installed (Debian package postgresql)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
