"""A seeding that breaks off is gone on with, and leaves what an unbroken one would have left."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.store.seeding import job as growing
from mockserver.seed import load as founding
from mockserver.seed import progress
from mockserver.seed.progress import ProgressLine
from tests.support.harness import CLOCK

TICKETS = 1_600

KILLED = """
import os, signal, sys
from mockserver.seed import load as founding
from mockserver.app import create_app
from mockserver.config import Config
from mockserver.store.seeding import job as growing

class Killing(founding.ProgressLine):
    def __call__(self, done):
        if done >= 1000:
            os.kill(os.getpid(), signal.SIGKILL)

growing._TOGETHER = 1
founding.ProgressLine = Killing
create_app(Config(tickets=int(sys.argv[2]), database=sys.argv[1], clock=sys.argv[3]))
"""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "_TOGETHER", 1)


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


def breaking(monkeypatch: pytest.MonkeyPatch, after: int) -> list[int]:
    """Break the next seeding off after so many tickets, and keep what its progress says."""
    heard: list[int] = []

    class Breaking(ProgressLine):
        def __call__(self, done: int) -> None:
            heard.append(done)
            if done >= after:
                raise KeyboardInterrupt

    monkeypatch.setattr(founding, "ProgressLine", Breaking)
    return heard


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, list[Any]]:
    start(tmp_path / "whole.db", tickets=TICKETS)
    return content(tmp_path / "whole.db")


@pytest.mark.parametrize("options", [{"tickets": TICKETS}, {}], ids=["asked again", "not asked"])
def test_an_interrupted_seeding_goes_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    whole: dict[str, list[Any]],
    options: dict[str, Any],
) -> None:
    file = tmp_path / "broken.db"
    breaking(monkeypatch, after=1000)
    with pytest.raises(KeyboardInterrupt):
        start(file, tickets=TICKETS)
    stood = len(content(file)["tickets"])
    assert 1000 <= stood < TICKETS

    written: list[int] = []
    monkeypatch.setattr(founding, "ProgressLine", ProgressLine)
    plain = growing.SeedJob._write

    def note(self: Any, layer: int, number: int, steps: Any) -> None:
        written.append(number)
        plain(self, layer, number, steps)

    monkeypatch.setattr(growing.SeedJob, "_write", note)
    start(file, **options, clock="2026-05-01T11:00:00Z")
    assert written[0] > 1, "it began anew"
    assert content(file) == whole


def test_a_killed_seeding_goes_on(tmp_path: Path, whole: dict[str, list[Any]]) -> None:
    file = tmp_path / "killed.db"
    command = [sys.executable, "-c", KILLED, f"sqlite:///{file}", str(TICKETS), CLOCK]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL

    start(file, tickets=TICKETS)
    assert content(file) == whole


def test_another_world_asked_for_takes_the_place_of_a_broken_seeding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "broken.db"
    breaking(monkeypatch, after=1000)
    with pytest.raises(KeyboardInterrupt):
        start(file, tickets=TICKETS)
    monkeypatch.setattr(founding, "ProgressLine", ProgressLine)
    start(file, world="small")
    assert {row[0] for row in content(file)["tickets"]} == {2}
    assert content(file)["seed_jobs"] == []


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
