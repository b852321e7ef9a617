"""What a connection takes and refuses, byte by byte."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from mockserver.server import protocol
from tests.support.harness import Serving, serving

HEAD = b"Host: x\r\nAuthorization: Bearer jane\r\n"
LIST = b"GET /api/tickets HTTP/1.1\r\n"
PUT = b"PUT /api/tickets/42/status HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
BODY = b'{"status": "open"}'


def exchange(server: Serving, *parts: bytes, half_close: bool = False) -> bytes:
    """Send bytes as they are, and return all that comes back until the connection ends."""
    with server.connect(timeout=20) as wire:
        with suppress(ConnectionError, TimeoutError):  # what is refused is not read to its end
            for part in parts:
                wire.sendall(part)
        if half_close:
            wire.shutdown(socket.SHUT_WR)
        received = b""
        with suppress(ConnectionError):
            while data := wire.recv(65536):
                received += data
    return received


def statuses(received: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 (\d+) ", received)]


def memory(server: Serving) -> int:
    """Return the resident memory of a server, in kB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())
    assert found is not None
    return int(found[1])


REFUSED = {
    "many headers": (431, LIST + HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(20_000))),
    "a large header": (431, LIST + HEAD + b"X: " + b"y" * 100_000 + b"\r\n\r\n"),
    "a long address": (414, b"GET /api/tickets?q=" + b"y" * 100_000 + b" HTTP/1.1\r\n\r\n"),
    "a large body": (413, PUT + b"Content-Length: 2000000\r\n\r\n"),
    "a large world": (
        413,
        b"PUT /_mock/worlds/x HTTP/1.1\r\n" + HEAD + b"Content-Length: 99999999\r\n\r\n",
    ),
    "a large body in chunks": (413, PUT + CHUNKED + (b"10000\r\n" + b"y" * 65536 + b"\r\n") * 20),
    "chunk extensions": (400, PUT + CHUNKED + b"1;" + b"y" * 200_000 + b"\r\n"),
    "trailers": (400, PUT + CHUNKED + b"0\r\n" + b"X: y\r\n" * 30_000),
    "no Host": (400, LIST + b"Authorization: Bearer jane\r\n\r\n"),
    "two Hosts": (400, LIST + HEAD + b"Host: y\r\n\r\n"),
    "two lengths": (400, PUT + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n1"),
    "length and chunks": (400, PUT + b"Content-Length: 1\r\n" + CHUNKED + b"0\r\n\r\n"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_too_large_or_ambiguous_is_refused_with_the_reason(
    server: Serving, what: str
) -> None:
    status, request = REFUSED[what]
    received = exchange(server, request)
    assert statuses(received) == [status], received[:300]
    head, _, body = received.partition(b"\r\n\r\n")
    said, _, reason = json.loads(body)["message"].partition(": ")
    assert said == "This is not a valid HTTP request"
    assert b"content-type: application/json" in head.lower()
    assert server.get("/api/tickets").status_code == 200
    recorded = server.get(f"/_mock/journal?status={status}").json()["exchanges"]
    newest = [(each["method"], each["status"], each["hints"]) for each in recorded[-1:]]
    expected = (request.split()[0].decode(), status, [reason])
    assert (newest == [expected]) == (b"_mock" not in request), newest


def test_a_head_without_end_takes_no_memory(server: Serving) -> None:
    before = memory(server)
    received = exchange(server, LIST + HEAD + b"X: ", *[b"y" * 1_000_000] * 100)
    assert statuses(received) in ([431], [])  # the client may still be sending when it is reset
    assert memory(server) < before + 20_000


@pytest.mark.parametrize(
    ("path", "status"),
    [("/_mock/worlds", 422), ("/prefix/_mock/worlds", 404)],  # as with a prefix that a proxy left
)
def test_a_body_of_a_megabyte_is_read_and_a_world_may_be_larger(
    server: Serving, path: str, status: int
) -> None:
    body = json.dumps({"status": "open", "more": "y" * 1_000_000}).encode()
    request = PUT + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert statuses(exchange(server, request, body)) == [200]
    body = json.dumps({"definition": "y" * 3_000_000}).encode()
    head = f"POST {path} HTTP/1.1\r\n".encode() + HEAD.replace(b"x", b"localhost", 1)
    request = head + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert statuses(exchange(server, request, body)) == [status]


def test_a_trailer_is_not_a_header(server: Serving) -> None:
    start = PUT.replace(b"Authorization: Bearer jane\r\n", b"") + b"Connection: close\r\n"
    trailer = b"0\r\nAuthorization: Bearer jane\r\n\r\n"
    request = start + CHUNKED + b"%x\r\n" % len(BODY) + BODY + b"\r\n" + trailer
    assert statuses(exchange(server, request)) == [401]


@pytest.mark.parametrize(
    "path", ["/api/tickets", "/api/tickets?__delay=300ms", "/_mock/journal", "/openapi.json", "/"]
)
def test_a_client_that_closes_its_sending_side_gets_its_response(
    server: Serving, path: str
) -> None:
    head = HEAD.replace(b"x", b"localhost", 1)
    request = f"GET {path} HTTP/1.1\r\n".encode() + head + b"\r\n"
    assert statuses(exchange(server, request, half_close=True)) == [200]
    assert statuses(exchange(server, request * 2, half_close=True)) == [200, 200]


def test_a_request_that_is_refused_comes_after_those_before_it(server: Serving) -> None:
    slow = b"GET /api/tickets?__delay=300ms HTTP/1.1\r\n" + HEAD + b"\r\n"
    assert statuses(exchange(server, slow + LIST + HEAD + b"\r\n" + b"BREW\r\n\r\n")) == [
        200,
        200,
        400,
    ]


def test_a_client_that_asks_to_continue_is_told_so_or_refused_at_once(server: Serving) -> None:
    expecting = PUT + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    with server.connect() as wire:
        wire.sendall(expecting % len(BODY))
        assert wire.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.sendall(BODY)
        assert wire.recv(65536).startswith(b"HTTP/1.1 200 ")
    assert statuses(exchange(server, expecting % 5_000_000)) == [413]


def test_an_old_client_needs_no_host_and_gets_one_response(server: Serving) -> None:
    request = b"GET /api/tickets HTTP/1.0\r\nAuthorization: Bearer jane\r\n\r\n"
    received = exchange(server, request)
    assert statuses(received) == [200]
    assert b"connection: close" in received


@pytest.fixture(scope="module")
def impatient() -> Iterator[Serving]:
    """A server that waits half a second for the rest of a request."""
    code = (
        "from mockserver.server import protocol; protocol.PATIENCE = 0.5; "
        "from mockserver.__main__ import main; main()"
    )
    with serving("--world", "small", command=("-c", code)) as running:
        yield running


def test_a_request_that_stays_incomplete_is_given_up(impatient: Serving) -> None:
    for start in (LIST + b"Host:", PUT + b"Content-Length: 10\r\n\r\n123"):
        began = monotonic()
        assert statuses(exchange(impatient, start)) == [408]
        assert monotonic() - began < 10
    assert protocol.PATIENCE == 60


def test_a_head_that_comes_byte_by_byte_is_given_up_as_well(impatient: Serving) -> None:
    with impatient.connect(timeout=0.1) as wire:
        received, began = b"", monotonic()
        while not received and monotonic() - began < 20:
            with suppress(ConnectionError):
                wire.sendall(b"G" if received else LIST[:1])
            with suppress(TimeoutError):
                received = wire.recv(65536)
    assert statuses(received) in ([408], [400])


def test_both_loopback_addresses_are_listened_on(server: Serving) -> None:
    port = int(server.url.rpartition(":")[2])
    if not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback address")
    for address in ("127.0.0.1", "::1"):
        with socket.create_connection((address, port), 20) as wire:
            wire.sendall(LIST + HEAD + b"Connection: close\r\n\r\n")
            assert wire.recv(12) == b"HTTP/1.1 200"


def _has_ipv6() -> bool:
    with suppress(OSError), socket.create_server(("::1", 0), family=socket.AF_INET6):
        return True
    return False


def test_connections_are_refused_until_the_mock_is_ready(tmp_path: Path) -> None:
    report = tmp_path / "report"
    code = (
        "import pathlib, socket, sys; from mockserver.server import process\n"
        "create_app, bind, bound = process.create_app, process.bind, []\n"
        "def remember(*args):\n"
        "    bound.extend(bind(*args))\n"
        "    return bound\n"
        "def connect(*args):\n"
        "    try:\n"
        "        socket.create_connection(bound[0].getsockname(), 5)\n"
        "    except ConnectionRefusedError:\n"
        f"        pathlib.Path({str(report)!r}).write_text('refused')\n"
        "    return create_app(*args)\n"
        "process.bind, process.create_app = remember, connect\n"
        "from mockserver.__main__ import main; main()"
    )
    with serving("--world", "small", command=("-c", code)) as running:
        assert running.get("/api/tickets").status_code == 200
    assert report.read_text() == "refused"
