"""A seeding is all or nothing: one that breaks off leaves an empty database."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.errors import ConfigError
from mockserver.seed import load
from mockserver.store.bulk_insert import BulkInsert
from mockserver.store.database import pool
from tests.support.harness import CLOCK

TICKETS = 1_600

KILLED = """
import os, signal, sys
from mockserver.app import create_app
from mockserver.config import Config
from mockserver.store.bulk_insert import BulkInsert

insert, batches = BulkInsert.insert_tickets, []

def kill_after_two(*arguments):
    batches.append(insert(*arguments))
    if len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

BulkInsert.insert_tickets = kill_after_two
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


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


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
    with monkeypatch.context() as patch:
        patch.setattr(BulkInsert, "insert_tickets", interrupt)
        with pytest.raises(KeyboardInterrupt):
            start(tmp_path / "mock.db", tickets=TICKETS)
    left = content(tmp_path / "mock.db")
    assert [len(left[table]) for table in ("layers", "tickets", "texts")] == [0, 0, 0]
    start(tmp_path / "mock.db", world="small")


def test_a_start_waits_for_another_program_that_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WAIT", 10)
    file = tmp_path / "mock.db"
    with monkeypatch.context() as patch:
        patch.setattr(BulkInsert, "insert_tickets", interrupt)
        with pytest.raises(KeyboardInterrupt):
            start(file)  # after it has created the tables
    with closing(sqlite3.connect(file, check_same_thread=False, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said: list[str] = []

        def note(text: str, *, err: bool) -> None:
            said.append(text)
            other.execute("ROLLBACK")

        monkeypatch.setattr("click.echo", note)
        starting = Thread(target=start, args=(file,))
        starting.start()
        starting.join()
    assert said == ["waiting for another program that writes to the database"]
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
