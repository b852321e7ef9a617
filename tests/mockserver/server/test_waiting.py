"""Requests that wait: they hinder neither the others nor the end, and cost nothing once left."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from tests.support.harness import Serving, serving

STREAM = "/_mock/journal/stream"
MORE_THAN_THREADS = 70


@contextmanager
def asking(server: Serving, path: str) -> Iterator[socket.socket]:
    """Send a request and leave its answer unread."""
    with server.connect() as wire:
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Authorization: Bearer jane"]
        wire.sendall("\r\n".join([*lines, "\r\n"]).encode())
        yield wire


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("path", [STREAM, "/api/tickets"])
def test_what_still_waits_does_not_keep_a_mock_from_ending(workers: str, path: str) -> None:
    fault = ("--fault", "latency=60 operation=listTickets")
    with (
        serving("--world", "small", "--workers", workers, *fault) as running,
        asking(running, path) as wire,
    ):
        if path == STREAM:
            assert wire.recv(12) == b"HTTP/1.1 200"
        else:
            sleep(0.3)  # until a thread has it
        began = monotonic()
        running.process.send_signal(signal.SIGTERM)
        _, errors = running.process.communicate(timeout=30)
        assert (running.process.returncode, errors) == (0, "")
        assert monotonic() - began < 20


def test_others_are_answered_while_some_wait(server: Serving) -> None:
    with asking(server, "/api/tickets?__delay=20"), asking(server, STREAM):
        assert server.get("/api/tickets").elapsed.total_seconds() < 10


def test_a_stream_that_is_left_makes_room_for_the_next() -> None:
    with serving("--world", "small") as running:
        for _ in range(MORE_THAN_THREADS):
            with asking(running, STREAM) as wire:
                assert wire.recv(12) == b"HTTP/1.1 200"
        assert running.get("/_mock/worlds").status_code == 200
