"""A seeding is all or nothing: one that breaks off leaves an empty database."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.errors import ConfigError
from mockserver.seed import load, progress
from mockserver.seed.progress import ProgressLine
from mockserver.store.database import pool
from tests.support.harness import CLOCK

TICKETS = 1_600

KILLED = """
import os, signal, sys
from mockserver.app import create_app
from mockserver.config import Config
from mockserver.seed import load

class Killing(load.ProgressLine):
    def __call__(self, done):
        if done >= 1000:
            os.kill(os.getpid(), signal.SIGKILL)

load.ProgressLine = Killing
create_app(Config(tickets=int(sys.argv[2]), database=sys.argv[1], clock=sys.argv[3]))
"""


def start(file: Path, **options: Any) -> None:
    app = create_app(Config(**{"clock": CLOCK, "database": f"sqlite:///{file}", **options}))
    app.extensions["store"].close()


def content(file: Path) -> dict[str, list[Any]]:
    """Every row of every table, but when worlds were made."""
    with closing(sqlite3.connect(file)) as database:
        names = [
            row[0]
            for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        tables = [name for name in names if "_by_" not in name and not name.startswith("sqlite_")]
        assert "ticket_counts" in tables
        return {
            name: list(database.execute(f"SELECT * FROM {name}"))
            for name in tables
            if name != "worlds"
        }


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, list[Any]]:
    start(tmp_path / "whole.db", tickets=TICKETS)
    return content(tmp_path / "whole.db")


@pytest.mark.slow
def test_a_start_after_a_killed_seeding_seeds_everything(
    tmp_path: Path, whole: dict[str, list[Any]]
) -> None:
    file = tmp_path / "killed.db"
    command = [sys.executable, "-c", KILLED, f"sqlite:///{file}", str(TICKETS), CLOCK]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL

    start(file, tickets=TICKETS)
    assert content(file) == whole


def test_an_interrupted_seeding_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting(ProgressLine):
        def __call__(self, done: int) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(load, "ProgressLine", Interrupting)
    with pytest.raises(KeyboardInterrupt):
        start(tmp_path / "mock.db", tickets=TICKETS)
    monkeypatch.setattr(load, "ProgressLine", ProgressLine)
    left = content(tmp_path / "mock.db")
    assert [len(left[table]) for table in ("layers", "tickets", "texts")] == [0, 0, 0]
    start(tmp_path / "mock.db", world="small")


def test_a_start_waits_for_another_program_that_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WAIT", 10)
    monkeypatch.setattr(progress, "_DELAY", 600)  # a busy machine would show the progress, too
    file = tmp_path / "mock.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProgressLine, "__call__", interrupt)
        with pytest.raises(KeyboardInterrupt):
            start(file)  # after it has created the tables
    with closing(sqlite3.connect(file, check_same_thread=False, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said: list[str] = []

        def note(line: ProgressLine, text: str) -> None:
            said.append(text)
            other.execute("ROLLBACK")

        monkeypatch.setattr(ProgressLine, "say", note)
        starting = Thread(target=start, args=(file,))
        starting.start()
        starting.join()
    assert said == ["waiting for another program that is writing to the database"]
    assert content(file)["tickets"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"faults": ("eror=3%",)}, "did you mean error"),
        ({"defects": ("fields.subject",)}, "does not exist"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_before_the_seeding(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], reason: str
) -> None:
    monkeypatch.setattr(load, "_seed_store", None)
    with pytest.raises(ConfigError, match=reason):
        create_app(Config(**options))


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_progress_tells_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.0, 0.5, 10.0, 12.0, 30.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    stream = StringIO()
    line = ProgressLine(4000, stream)
    for done in (100, 1000, 1200, 4000):
        line(done)
    assert stream.getvalue().splitlines() == [
        "seeding: 1,000 of 4,000 tickets, 0:31 left",
        "seeding: 4,000 of 4,000 tickets, finishing",
    ]
