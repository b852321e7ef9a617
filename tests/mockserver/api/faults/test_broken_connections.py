"""Broken connections as a client sees them, on a raw socket."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from mockserver.testing import MockServer
from tests.support.harness import CLOCK

FAULTS = (
    "reset world=reset",
    "truncate world=truncate",
    "empty world=empty",
    "slow=50ms world=slow",
)


@dataclass(frozen=True)
class Heard:
    """What came over the wire, and how it ended: `eof`, `reset` or `open`."""

    head: str
    body: bytes
    end: str

    @property
    def length(self) -> int:
        found = re.search(r"content-length: (\d+)", self.head, re.IGNORECASE)
        return int(found[1]) if found else -1


def listen(port: int, world: str) -> Heard:
    """Ask for a list and read until the connection ends, or the body is whole."""
    request = f"GET /api/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer jane@{world}\r\n\r\n"
    data = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(request.encode())
        try:
            while not _whole(data):
                received = wire.recv(65536)
                if not received:
                    return _heard(data, "eof")
                data += received
        except ConnectionResetError:
            return _heard(data, "reset")
    return _heard(data, "open")


def _heard(data: bytes, end: str) -> Heard:
    head, _, body = data.partition(b"\r\n\r\n")
    return Heard(head.decode(), body, end)


def _whole(data: bytes) -> bool:
    heard = _heard(data, "open")
    return b"\r\n\r\n" in data and len(heard.body) == heard.length


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with MockServer(clock=CLOCK, faults=FAULTS) as server:
        yield int(server.url.rpartition(":")[2])


def test_a_truncated_body_ends_before_its_length(port: int) -> None:
    heard = listen(port, "truncate")
    assert heard.head.startswith("HTTP/1.1 200")
    assert heard.end == "eof"
    assert 0 < len(heard.body) < heard.length


def test_a_slow_body_arrives_whole(port: int) -> None:
    heard = listen(port, "slow")
    assert len(heard.body) == heard.length > 1000


def test_an_empty_body_is_announced_as_empty(port: int) -> None:
    heard = listen(port, "empty")
    assert (heard.length, heard.body) == (0, b"")


def test_a_reset_comes_before_a_byte_of_the_reply(
    port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """After an interim response, without which a browser would send the request again."""
    for _ in range(5):
        assert listen(port, "reset") == Heard("HTTP/1.1 100 Continue", b"", "reset")
    assert "Traceback" not in capfd.readouterr().err


def test_a_server_serves_on_after_breaking_connections(port: int) -> None:
    for world in ("reset", "truncate", "reset", "truncate"):
        listen(port, world)
    heard = listen(port, "sound")
    assert (heard.length, heard.end) in ((len(heard.body), "open"), (len(heard.body), "eof"))
