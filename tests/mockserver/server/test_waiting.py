"""Requests that wait do not delay the others, nor the end of the server."""

import asyncio
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic, perf_counter, sleep

import pytest
import requests
from flask import Flask
from werkzeug.test import EnvironBuilder

from mockserver.server import wsgi
from tests.support.harness import Serving, serving
from tests.support.postgres import cluster

STREAM = "/_mock/journal/stream"
MORE_THAN_THREADS = 70
READS = 1_000
BOUND = 0.05
"""Seconds that 99 in 100 reads take at most while another request waits, on a quiet machine."""
NOISE = 10
"""How many times as long as without a waiting request they may take on a busy one."""


@contextmanager
def asking(server: Serving, path: str, method: str = "GET") -> Iterator[socket.socket]:
    """Send a request and leave its response unread."""
    with server.connect() as wire:
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer jane"]
        wire.sendall("\r\n".join([*lines, "\r\n"]).encode())
        yield wire


def wait_until(condition: Callable[[], bool]) -> None:
    end = monotonic() + 30
    while not condition():
        assert monotonic() < end
        sleep(0.01)


def times_of_reads(server: Serving, reads: int = READS) -> list[float]:
    """Return the seconds of so many reads, ascending."""
    times, headers = [], {"Authorization": "Bearer jane"}
    with requests.Session() as session:
        for number in range(reads):
            url = (
                f"{server.url}/api/tickets/42?n={number}"
                if number % 2
                else (f"{server.url}/api/tickets?page={number % 7 + 1}&per_page=5")
            )
            began = perf_counter()
            assert session.get(url, headers=headers, timeout=30).status_code == 200
            times.append(perf_counter() - began)
    return sorted(times)


def show(what: str, times: list[float]) -> float:
    median, last = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"{what}: median {median * 1000:.1f} ms, p99 {last * 1000:.1f} ms")
    return last


def bound(server: Serving) -> float:
    """Return how long a read may take, after a measurement while nothing waits."""
    return max(BOUND, NOISE * show("reads alone", times_of_reads(server, READS // 4)))


@pytest.mark.slow
def test_reads_are_answered_while_a_delayed_request_waits() -> None:
    options = ("--fault", "latency=20000ms operation=updateTicketAssignee")
    with serving("--tickets", "50", *options) as running, ExitStack() as stack:
        most = bound(running)
        for _ in range(MORE_THAN_THREADS):
            stack.enter_context(asking(running, "/api/tickets/42/assignee", "PUT"))
        assert running.get("/_mock/worlds").status_code == 200
        assert show("reads beside delays", times_of_reads(running)) < most


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock of an SQLite database, as a database browser does."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.slow
def test_reads_are_answered_while_a_write_waits_for_a_locked_database(tmp_path: Path) -> None:
    file, answers = tmp_path / "mock.db", []
    with serving("--tickets", "50", "--database", f"sqlite:///{file}") as running:
        running.get("/api/tickets", "jane@open")
        most = bound(running)

        def write() -> None:
            answers.append(running.put("/api/tickets/42/status", {"status": "spam"}))

        with locked(file):
            writing = Thread(target=write)
            writing.start()
            assert show("reads beside a lock", times_of_reads(running)) < most
            assert running.get("/api/tickets", "jane@open").status_code == 200
            assert running.get("/_mock/worlds").status_code == 200
            refused = running.get("/api/tickets", "jane@new")
            assert refused.status_code == 503
            assert "lock" in refused.json()["message"]
            assert 4 < refused.elapsed.total_seconds() < 10
            reset = requests.post(f"{running.url}/_mock/worlds/open/reset", timeout=30)
            assert (reset.status_code, "lock" in reset.json()["message"]) == (503, True)
        writing.join()
        assert running.put("/api/tickets/42/status", {"status": "open"}).status_code == 200
        assert running.get("/api/tickets", "jane@new").status_code == 200
    assert answers[0].status_code == 503
    assert answers[0].headers["Retry-After"] == "1"


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "PUT"])  # the GET opens a world, which is a write
def test_a_request_goes_on_when_the_lock_is_released(tmp_path: Path, method: str) -> None:
    file, answers = tmp_path / "mock.db", []
    with serving("--tickets", "50", "--database", f"sqlite:///{file}") as running:

        def ask() -> None:
            if method == "GET":
                answers.append(running.get("/api/tickets/42", "jane@new"))
            else:
                answers.append(
                    running.put("/api/tickets/42/status", {"status": "spam"}, "jane@new")
                )

        with locked(file):
            asking = Thread(target=ask)
            asking.start()
            sleep(0.5)
        asking.join()
        assert answers[0].status_code == 200
        recorded = running.get("/_mock/journal?world=new").json()["exchanges"]
    assert [each["status"] for each in recorded] == [200], "it was recorded more than once"


@pytest.fixture(scope="module")
def small() -> Iterator[Serving]:
    with serving("--world", "small") as running:
        yield running


def test_delayed_responses_do_not_delay_the_admin_api(small: Serving) -> None:
    with ExitStack() as stack:
        for _ in range(MORE_THAN_THREADS):
            stack.enter_context(asking(small, "/api/tickets?__delay=20s"))
        assert small.get("/_mock/worlds").elapsed.total_seconds() < 5
        assert small.get("/").elapsed.total_seconds() < 5


def test_a_delay_ends_when_the_client_leaves(small: Serving) -> None:
    before = descriptors(small)
    for _ in range(MORE_THAN_THREADS):
        with asking(small, "/api/tickets?__delay=50s") as wire:
            linger = b"\x01\0\0\0\0\0\0\0"  # reset at once, as a client that is killed
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    assert small.get("/api/tickets").status_code == 200
    wait_until(lambda: descriptors(small) <= before + 2)


def descriptors(server: Serving) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def threads(server: Serving) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))


def test_streams_hold_no_thread(small: Serving) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            wire = stack.enter_context(asking(small, STREAM))
            assert wire.recv(12) == b"HTTP/1.1 200"
        assert threads(small) < 35  # those of the pools, and the main one
        assert small.get("/_mock/journal").status_code == 200


def test_a_thread_counts_as_busy_until_it_ends(
    seeded_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = Event()

    def app(_environ: object, start: Callable[..., object]) -> list[bytes]:
        released.wait(30)
        start("200 OK", [])
        return []

    monkeypatch.setattr(wsgi, "PATIENCE", 0.05)
    gateway = wsgi.Gateway(seeded_app)
    monkeypatch.setattr(seeded_app, "wsgi_app", app)
    environ = EnvironBuilder("/api/tickets/1/status", method="PUT").get_environ()

    assert asyncio.run(gateway.answer_later(environ)).status == 503
    assert gateway.waiting == 1
    released.set()
    wait_until(lambda: gateway.waiting == 0)


@pytest.mark.slow
@pytest.mark.parametrize("path", [STREAM, "/api/tickets"])
def test_what_still_waits_does_not_keep_a_mock_from_ending(path: str) -> None:
    fault = ("--fault", "latency=60s operation=listTickets")
    with serving("--world", "small", *fault) as running, asking(running, path) as wire:
        if path == STREAM:
            assert wire.recv(12) == b"HTTP/1.1 200"
        else:
            wait_until(lambda: bool(running.get("/_mock/journal").json()["exchanges"]))
        began = monotonic()
        running.process.send_signal(signal.SIGTERM)
        _, errors = running.process.communicate(timeout=30)
        assert (running.process.returncode, errors) == (0, "")
        assert monotonic() - began < 10


def test_a_stream_that_is_left_makes_room_for_the_next(small: Serving) -> None:
    for _ in range(MORE_THAN_THREADS):
        with asking(small, STREAM) as wire:
            assert wire.recv(12) == b"HTTP/1.1 200"
    assert small.get("/_mock/worlds").status_code == 200


@pytest.mark.slow
def test_a_silent_postgresql_stops_only_the_requests_that_need_it() -> None:
    with cluster() as database, serving("--database", database.url(), "--tickets", "50") as running:
        with database.frozen(), ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(running.get, f"/api/tickets?page={page}") for page in range(20)]
            asked += [pool.submit(running.get, "/_mock/worlds")]
            for path in ("/openapi.json", "/docs/", "/_mock/journal"):
                assert running.get(path).elapsed.total_seconds() < 4
            refused = [each.result() for each in asked]
        wait_until(lambda: running.get("/api/tickets").status_code == 200)
    assert {reply.status_code for reply in refused} == {503}
    assert max(reply.elapsed.total_seconds() for reply in refused) < 10
    assert "out of reach" in refused[0].json()["message"]
