"""A mock that serves takes up saved files at once, drops nobody and forgets nothing."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
import requests

from tests.support.harness import CLOCK, WORLD_FILE, Serving, serving

ANN = {"Authorization": "Bearer ann"}
MANY = 10


@contextmanager
def watching(file: Path) -> Iterator[Serving]:
    save(file, "ÜBERLADEN")
    options = ("--world", str(file), "--clock", CLOCK, "--reload")
    with serving(*options, "--fault", "latency=1ms world=slow") as running:
        yield running


def save(file: Path, subject: str, *faults: str) -> None:
    """Save a world whose third ticket has this subject."""
    text = Path(WORLD_FILE).read_text()
    assert "ÜBERLADEN" in text
    file.write_text(f"{text.replace('ÜBERLADEN', subject)}\nfaults: {list(faults)}\n")


def wait_for(server: Serving, subject: str) -> None:
    wait_until(lambda: subject_of(server) == subject)


def wait_for_faults(server: Serving, expected: set[str]) -> None:
    wait_until(lambda: set(faults(server).values()) == expected)


def wait_until(condition: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not condition():
        assert monotonic() < end
        sleep(0.1)


def subject_of(server: Serving) -> Any:
    return server.get("/api/tickets/3", "ann").json()["ticket"]["subject"]


def admin(server: Serving, method: str, path: str, body: Any = None) -> Any:
    reply = requests.request(method, f"{server.url}/_mock{path}", json=body, timeout=30)
    assert reply.status_code < 300, reply.text
    return reply.json()


def busy(server: Serving) -> Any:
    return admin(server, "GET", "/worlds/mine/activity")["activity"]


def faults(server: Serving) -> dict[int, str]:
    found = admin(server, "GET", "/faults")["faults"]
    return {each["id"]: f"{each['world']}: {each['fault']}" for each in found}


def test_what_admin_made_and_the_journal_outlive_a_saved_file(tmp_path: Path) -> None:
    with watching(tmp_path / "world.yaml") as running:
        admin(running, "POST", "/worlds", {"name": "mine"})
        admin(running, "PUT", "/worlds/mine/activity", {"per_second": 5})
        admin(running, "POST", "/faults", {"fault": "empty operation=listTickets world=mine"})
        for _ in range(MANY):
            running.get("/api/tickets?filter[colour]=red", "ann@mine")
        before, asked = faults(running), admin(running, "GET", "/journal?world=mine")
        coverage = admin(running, "GET", "/journal/coverage?world=mine")
        save(tmp_path / "world.yaml", "Saved anew", "latency=2ms")
        wait_until(lambda: "shared: latency=2ms" in faults(running).values())
        assert faults(running).items() > before.items()
        assert len(asked["exchanges"]) == MANY
        assert admin(running, "GET", "/journal?world=mine") == asked
        assert admin(running, "GET", "/journal/coverage?world=mine") == coverage
        assert running.get("/api/tickets", "ann@mine").content == b""
        acts = busy(running)["actions"]
        wait_until(lambda: busy(running)["actions"] > acts)
        assert busy(running)["per_second"] == 5


@pytest.mark.slow
def test_the_faults_of_the_shared_world_are_those_of_the_file_as_saved(tmp_path: Path) -> None:
    with watching(tmp_path / "world.yaml") as running:
        begun = set(faults(running).values())
        for kind in ("latency=1ms", "latency=2ms"):
            save(tmp_path / "world.yaml", kind, kind)
            wait_for_faults(running, {*begun, f"shared: {kind}"})
        save(tmp_path / "world.yaml", "None")
        wait_for_faults(running, begun)


@pytest.mark.slow
def test_everybody_is_answered_while_files_are_taken_up(tmp_path: Path) -> None:
    over = Event()

    def ask(path: str) -> set[int]:
        found = set()
        with requests.Session() as session:
            for number in count(1):
                url = f"{running.url}{path}&per_page={number % 100 + 1}&page={number}"
                found.add(session.get(url, headers=ANN, timeout=30).status_code)
                if over.is_set():
                    break
        return found

    with watching(tmp_path / "world.yaml") as running, ThreadPoolExecutor() as pool:
        paths = ("/api/tickets?", "/api/tickets?__delay=0s")  # at once, and in a thread
        asking = [pool.submit(ask, path) for path in paths for _ in range(2)]
        try:
            for time in range(5):
                save(tmp_path / "world.yaml", f"Saved {time} times")
                wait_for(running, f"Saved {time} times")
        finally:
            over.set()
        assert [each.result() for each in asking] == [{200}] * 4


@pytest.mark.slow
def test_a_watched_file_may_be_missing_for_a_while(tmp_path: Path) -> None:
    file = tmp_path / "world.yaml"
    with watching(file) as running:
        text = file.read_text()
        file.unlink()
        printed = iter(running.process.stdout.readline, "")  # type: ignore[union-attr]  # a pipe
        missing = next(line for line in printed if "missing" in line)
        assert re.fullmatch(
            r"\d\d:\d\d:\d\d .*: missing; the previous version stays in use\n", missing
        )
        assert subject_of(running) == "ÜBERLADEN"
        file.write_text(text.replace("ÜBERLADEN", "Back again"))
        wait_for(running, "Back again")
