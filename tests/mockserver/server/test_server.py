"""The command as a process: its ready line, its refusals, and its end."""

import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from tests.support.harness import Serving, serving


def heard(server: Serving, line: bytes) -> tuple[str, bytes]:
    """Send a request line as it is, and return the head and the body of the answer."""
    with server.connect() as wire:
        wire.sendall(
            line + b"\r\nHost: x\r\nAuthorization: Bearer jane\r\nConnection: close\r\n\r\n"
        )
        head, _, body = b"".join(iter(lambda: wire.recv(65536), b"")).partition(b"\r\n\r\n")
    return head.decode(), body


def test_brackets_may_come_bare_or_encoded(server: Serving) -> None:
    bodies = []
    for query in ("filter[status]=open&per_page=10", "filter%5Bstatus%5D=open&per_page=10"):
        head, body = heard(server, f"GET /api/tickets?{query} HTTP/1.1".encode())
        assert head.startswith("HTTP/1.1 200")
        bodies.append(body)
    assert bodies[0] == bodies[1]


def test_requests_sent_at_once_are_answered_in_their_order(server: Serving) -> None:
    head = "Host: x\r\nAuthorization: Bearer jane@row\r\n"
    body = '{"status": "spam"}'
    more = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    lines = [
        f"GET /api/tickets/42 HTTP/1.1\r\n{head}\r\n",
        f"PUT /api/tickets/42/status HTTP/1.1\r\n{more}",
        f"GET /api/tickets/42 HTTP/1.1\r\n{more}",
        f"GET /api/tickets/42 HTTP/1.1\r\n{head}Connection: close\r\n\r\n",
    ]
    with server.connect() as wire:
        wire.sendall("".join(lines).encode())
        answers = b"".join(iter(lambda: wire.recv(65536), b""))
    statuses = re.findall(r'"subject":"[^"]+","status":"(\w+)"', answers.decode())
    assert statuses == ["open", "spam", "spam", "spam"]


def flood(wire: socket.socket, request: bytes, times: int) -> None:
    """Send a request over and over, until all are sent or no more are taken for a second."""
    with suppress(TimeoutError):
        for _ in range(times // 100):
            wire.sendall(request * 100)


def test_answers_that_nobody_reads_wait_without_holding_up_others(
    server: Serving, jane: str, world_name: str
) -> None:
    lines = ["GET /api/tickets/42 HTTP/1.1", "Host: x", f"Authorization: Bearer {jane}", "\r\n"]
    with server.connect(timeout=1) as wire:
        flood(wire, "\r\n".join(lines).encode(), times=200_000)
        assert server.get("/api/tickets").status_code == 200
        coverage = server.get(f"/_mock/journal/coverage?world={world_name}").json()
    assert 0 < coverage["requests"] < 100_000  # it reads no more, which is what bounds its memory


def test_the_document_is_served_with_this_server_first(server: Serving) -> None:
    document = requests.get(f"{server.url}/openapi.json", timeout=30).json()
    assert document["servers"][0]["url"] == server.url
    assert document["servers"][1]["url"] == "https://app.therethere.com"
    yaml = requests.get(f"{server.url}/openapi.yaml", timeout=30)
    assert yaml.text.startswith("openapi: 3.1.0")


@pytest.fixture
def hangup() -> Iterator[None]:
    """Let processes hear SIGHUP, also where the tests themselves ignore it, as under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("hangup")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly_and_takes_the_temporary_database_along(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving("--world", "small") as running:
        assert running.get("/api/tickets", "jane@here").status_code == 200
        assert len(list(tmp_path.iterdir())) == 1
        running.process.send_signal(number)
        _, errors = running.process.communicate(timeout=30)

    assert (running.process.returncode, errors) == (0, "")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(requests.ConnectionError):
        running.get("/api/tickets")


def test_a_mock_that_ignores_a_closed_terminal_goes_on() -> None:
    code = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from mockserver.__main__ import main; main()"
    )
    with serving("--world", "empty", command=("-c", code)) as running:
        running.process.send_signal(signal.SIGHUP)
        assert running.get("/openapi.json").status_code == 200


@pytest.mark.slow
def test_a_killed_mock_leaves_a_folder_that_the_next_one_sweeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving("--world", "small") as running:
        running.process.kill()
        running.process.wait(30)
    (left,) = tmp_path.iterdir()
    with serving("--world", "small"):
        assert [each.name for each in tmp_path.iterdir()] != [left.name]
        assert len(list(tmp_path.iterdir())) == 1


def test_letters_may_come_bare_as_curl_sends_them(server: Serving) -> None:
    line, encoded = "GET /api/tickets?filter[search]=caf\u00e9&page=9", "caf%C3%A9"
    head, body = heard(server, f"{line} HTTP/1.1".encode())
    assert head.startswith("HTTP/1.1 200")
    assert encoded in json.loads(body)["links"]["first"]
    head, body = heard(server, b"GET /api/t\xffckets HTTP/1.1")
    assert head.startswith("HTTP/1.1 404")


@pytest.mark.parametrize(
    "line", [b"\x00\xff\xfe", b"GET / HTTP/9.9", b"BREW /api HTTP/1.1", b"GET"]
)
def test_a_request_that_is_no_http_is_refused_and_does_not_stop_the_server(
    server: Serving, line: bytes
) -> None:
    head, body = heard(server, line)
    assert head.startswith("HTTP/1.1 400")
    assert "not a valid HTTP request" in json.loads(body)["message"]
    assert server.get("/api/tickets").status_code == 200
