"""Mocks on different ports over one PostgreSQL, and what becomes of writes when one dies."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from threading import Event
from time import monotonic, sleep
from typing import Self

import pytest
import requests

from tests.support.harness import CLOCK, Serving, serving
from tests.support.postgres import Postgres, cluster

pytestmark = pytest.mark.slow  # it starts a database server

STATUSES = ("closed", "spam", "open")
WRITERS = 4


@contextmanager
def replicas(url: str) -> Iterator[tuple[Serving, Serving]]:
    """Start two at the same time."""
    options = ("--database", url, "--clock", CLOCK, "--tickets", "60")
    with ThreadPoolExecutor(2) as pool:
        starts = [serving(*options), serving(*options)]
        try:
            one, other = pool.map(lambda each: each.__enter__(), starts)
            yield one, other
        finally:
            list(pool.map(lambda each: each.__exit__(None, None, None), starts))


@pytest.fixture(scope="module")
def pair(postgres: Postgres) -> Iterator[tuple[Serving, Serving]]:
    with replicas(postgres.url()) as both:
        yield both


@dataclass
class Diary:
    """What one writer was answered about its ticket."""

    world: str
    answered: list[str] = field(default_factory=list)
    pending: str = ""
    refusals: list[requests.Response] = field(default_factory=list)


class Writers:
    """Change a ticket each, over and over, in worlds of their own, until told to stop."""

    def __init__(self, servers: tuple[Serving, ...]) -> None:
        self._servers = servers
        self._stop = Event()
        self._pool = ThreadPoolExecutor(WRITERS)
        self.diaries = [Diary(f"jane@writer-{number}") for number in range(WRITERS)]
        self._work: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._work = [self._pool.submit(self._write, diary) for diary in self.diaries]
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown()
        for each in self._work:
            each.result()

    def wait_for(self, more: int) -> None:
        """Wait until each writer was answered so many times more."""
        wanted = [len(diary.answered) + more for diary in self.diaries]
        end = monotonic() + 60
        while any(len(d.answered) < n for d, n in zip(self.diaries, wanted, strict=True)):
            assert monotonic() < end, [len(diary.answered) for diary in self.diaries]
            sleep(0.01)

    def _write(self, diary: Diary) -> None:
        servers = cycle(self._servers)
        for turn in count():
            if self._stop.is_set():
                return
            self._turn(next(servers), diary, STATUSES[turn % 3])

    def _turn(self, server: Serving, diary: Diary, status: str) -> None:
        diary.pending = status
        try:
            reply = server.put("/api/tickets/42/status", {"status": status}, diary.world)
        except requests.RequestException:
            sleep(0.02)
            return
        if reply.status_code != 200:
            diary.refusals.append(reply)
            sleep(0.02)
            return
        assert reply.json()["ticket"]["status"] == status
        diary.answered.append(status)
        diary.pending = ""


def check(server: Serving, diaries: list[Diary]) -> None:
    """Compare what a replica shows with what was answered.

    A write whose answer was lost may have been made, and the log then holds it too.
    """
    for diary in diaries:
        ticket = server.get("/api/tickets/42", diary.world).json()["ticket"]
        assert ticket["status"] in (diary.answered[-1], diary.pending)
        changes = [each for each in ticket["activities"] if each["type"] == "status_changed"]
        repeated = sum(a == b for a, b in zip(diary.answered, diary.answered[1:], strict=False))
        assert len(changes) - 1 >= len(diary.answered) - repeated


def test_replicas_that_start_at_once_serve_one_state(pair: tuple[Serving, Serving]) -> None:
    one, other = pair
    assert one.url != other.url
    assert (
        one.get("/api/tickets").content.replace(one.url.encode(), other.url.encode())
        == other.get("/api/tickets").content
    )
    for status in STATUSES * 3:
        assert one.put("/api/tickets/42/status", {"status": status}).status_code == 200
        assert other.get("/api/tickets/42").json()["ticket"]["status"] == status
        one, other = other, one


def test_worlds_and_admin_of_one_are_those_of_the_other(pair: tuple[Serving, Serving]) -> None:
    one, other = pair
    requests.post(f"{one.url}/_mock/worlds", json={"name": "both", "seed": 7}, timeout=30)
    shown = requests.get(f"{other.url}/_mock/worlds/both", timeout=30).json()
    assert "seed 7" in shown["world"]["seeded_from"]
    other.get("/api/tickets?filter[stauts]=open", "jane@both")
    path = "/_mock/journal/verdict?world=both"
    verdicts = [requests.get(each.url + path, timeout=30).json() for each in pair]
    assert [len(verdict["findings"]) for verdict in verdicts] == [0, 1], "a journal is per process"
    assert len({verdict["process"] for verdict in verdicts}) == 2
    asked = {"fault": "error=503"}
    fault = requests.post(f"{one.url}/_mock/faults?world=both", json=asked, timeout=30).json()
    assert other.get("/api/tickets", "jane@both").status_code == 503
    requests.delete(f"{other.url}/_mock/faults/{fault['fault']['id']}", timeout=30)
    assert one.get("/api/tickets", "jane@both").status_code == 200


def test_a_killed_replica_loses_no_answered_write_and_the_other_goes_on(
    postgres: Postgres,
) -> None:
    with replicas(postgres.url()) as both, Writers(both) as writers:
        writers.wait_for(8)
        os.killpg(both[0].process.pid, signal.SIGKILL)
        writers.wait_for(8)
        writers.__exit__()
        check(both[1], writers.diaries)
    assert [each.refusals for each in writers.diaries] == [[]] * WRITERS


def test_a_killed_database_loses_no_answered_write_and_is_taken_up_again() -> None:
    with cluster() as database, replicas(database.url()) as both, Writers(both) as writers:
        for _ in range(2):
            writers.wait_for(8)
            database.kill()
            refused = both[0].get("/api/tickets")
            sleep(0.3)
            database.start()
            writers.wait_for(8)
        writers.__exit__()
        for replica in both:
            check(replica, writers.diaries)
        assert requests.get(f"{both[0].url}/_mock/journal", timeout=30).status_code == 200
    refusals = [refused, *(reply for diary in writers.diaries for reply in diary.refusals)]
    assert {reply.status_code for reply in refusals} == {503}
    assert {reply.headers["Retry-After"] for reply in refusals} == {"1"}
    messages = {reply.json()["message"] for reply in refusals}
    assert [
        each for each in messages if not each.startswith("The database is out of reach: ")
    ] == []
