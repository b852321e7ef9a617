"""The log of requests: what the terminal shows for each common mistake, and for slow readers."""

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
import requests

from mockserver.journal.exchange import Exchange
from mockserver.server.request_log import MOST_WAITING, RequestLog
from tests.support.harness import WORLD_FILE, Serving, free_port, serving, wait_for

JSON = {"Content-Type": "application/json"}
STATUS = "/api/tickets/1/status"

MISTAKES = [
    ("GET", "/api/tickets?filter[status]=open&filter[status]=closed", "ann", {}, ""),
    ("GET", "/api/tickets?page=1&page=2", "ann", {}, ""),
    ("GET", "/api/tickets?limit=10", "ann", {}, ""),
    ("GET", "/api/tickets?filter[channel_id]=1", "ann", {}, ""),
    ("GET", "/api/tickets?filter[status]=opne", "ann", {}, ""),
    ("GET", "/api/ticket", "ann", {}, ""),
    ("GET", "/api/tickets/%1b[31m", "ann", {}, ""),
    ("PUT", STATUS, "ann@a", {"Content-Type": "text/plain"}, '{"status": "closed"}'),
    ("PUT", STATUS, "ann@a", {}, b'{"status": "closed"}'),
    ("PUT", STATUS, "ann@a", JSON, '{"status": "Closed"}'),
    ("PUT", STATUS, "ann@a", JSON, '{"state": "closed"}'),
    ("GET", "/api/tickets", "", {}, ""),
    ("GET", "/api/tickets", "ann@My Test", {}, ""),
    ("GET", "/api/tickets", "ann@" + "x" * 65, {}, ""),
    ("GET", "/api/tickets", "anna", {}, ""),
    ("GET", "/api/tickets", "anna@pr-1", {}, ""),
    ("GET", "/api/tickets", "old", {}, ""),
    ("GET", "/api/tickets", "withdrawn", {}, ""),
    ("PUT", STATUS, "rita", JSON, '{"status": "closed"}'),
    ("GET", "/api/tickets", "ann", {"Prefer": "code=429"}, ""),
    ("GET", "/api/tickets", "ann", {"Prefer": "code=500"}, ""),
    ("GET", "/api/tickets", "ann@broken", {}, ""),
    ("GET", "/api/tickets", "ann@lost", {}, ""),
]

NAME_RULE = (
    "is not a valid name of a world: write 1 to 64 letters, digits, dots, hyphens and "
    "underscores, as in jane@pr-123"
)
JOINED = "filter[status]=open,closed"
FORCIBLE = "ask for one of 200, 400, 401, 422, 429. A fault such as error=500 answers others"
RECORDING = f"""\
… GET /api/tickets?filter[status]=open&filter[status]=closed 200 … ms [shared]
  hint: filter[status] is sent 2 times, and only the last counts; did you mean {JOINED}?
… GET /api/tickets?page=1&page=2 200 … ms [shared]
  hint: page is sent 2 times, and only the last counts
… GET /api/tickets?limit=10 200 … ms [shared]
  hint: limit is not documented; did you mean per_page?
… GET /api/tickets?filter[channel_id]=1 400 … ms [shared]
  hint: filter[channel_id] is not documented; did you mean filter[channel_ids]?
… GET /api/tickets?filter[status]=opne 200 … ms [shared]
  hint: filter[status]=opne is not one of open, closed, spam; did you mean open?
… GET /api/ticket 404 … ms [shared]
  hint: not a documented route; did you mean GET /api/tickets?
… GET /api/tickets/\\x1b[31m 404 … ms [shared]
  hint: '\\x1b[31m' is not a valid ticket id: use an integer such as 42
… PUT /api/tickets/1/status 422 … ms [a]
  hint: the body is sent as text/plain and is ignored; did you mean application/json?
… PUT /api/tickets/1/status 422 … ms [a]
  hint: the body is sent without Content-Type and is ignored; did you mean application/json?
… PUT /api/tickets/1/status 422 … ms [a]
  hint: status=Closed is not one of open, closed, spam; did you mean closed?
… PUT /api/tickets/1/status 422 … ms [a]
  hint: state is ignored; did you mean status?
  hint: status is missing from the body
… GET /api/tickets 401 … ms [shared]
  hint: no token was sent; send the header Authorization: Bearer TOKEN
… GET /api/tickets 401 … ms [shared]
  hint: 'My Test' {NAME_RULE}
… GET /api/tickets 401 … ms [shared]
  hint: '{"x" * 65}' {NAME_RULE}
… GET /api/tickets 401 … ms [shared]
  hint: no user has this token; GET /_mock/worlds/shared lists the tokens
… GET /api/tickets 401 … ms [pr-1]
  hint: no user has this token; GET /_mock/worlds/shared lists the tokens
… GET /api/tickets 401 … ms [shared]
  hint: this token is expired; use an active one
… GET /api/tickets 401 … ms [shared]
  hint: this token is revoked; use an active one
… PUT /api/tickets/1/status 403 … ms [shared]
  hint: this token may only read
… GET /api/tickets 429 … ms [shared] (forced: code=429)
… GET /api/tickets 400 … ms [shared]
  hint: listTickets documents no status 500; {FORCIBLE}
… GET /api/tickets 503 … ms [broken] (fault: error=503 world=broken)
… GET /api/tickets reset … ms [lost] (fault: reset world=lost)
… - - 400 … ms [shared]
  hint: Invalid method encountered.
… PUT /api/x 413 … ms [shared]
  hint: Its body is larger than 1048576 bytes.
"""


def make_mistakes(server: Serving) -> None:
    for method, path, token, headers, body in MISTAKES:
        sent = {"Authorization": f"Bearer {token}", **headers} if token else headers
        with suppress(requests.ConnectionError):  # that of the fault
            requests.request(method, server.url + path, headers=sent, data=body, timeout=30)
    for head in (b"FOO / HTTP/1.1", b"PUT /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999"):
        with server.connect() as wire:
            wire.sendall(head + b"\r\n\r\n")
            wire.recv(1)


@pytest.fixture(scope="module")
def recording() -> str:
    faults = ("--fault", "error=503 world=broken", "--fault", "reset world=lost")
    with serving("--world", WORLD_FILE, *faults) as running:
        make_mistakes(running)
        running.process.terminate()
        printed, _ = running.process.communicate(timeout=30)
    lines = printed.splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("  ") or "hint: " in line)
    text = re.sub(r"^\d\d:\d\d:\d\d ", "… ", text, flags=re.MULTILINE)
    text = re.sub(r" \d+ ms", " … ms", text)
    return re.sub(r"^ +hint", "  hint", text, flags=re.MULTILINE)


def test_the_terminal_shows_each_mistake_with_its_hint(recording: str) -> None:
    assert recording == RECORDING


def test_no_token_is_in_the_log(recording: str) -> None:
    assert not re.search(r"\b(ann|anna|rita|old|withdrawn)\b", recording)


def test_the_mock_serves_on_when_nobody_reads_its_output_any_more() -> None:
    with serving("--world", WORLD_FILE) as running:
        assert running.process.stdout is not None
        running.process.stdout.close()
        statuses = [running.get("/api/tickets", "ann").status_code for _ in range(20)]
        running.process.terminate()
        running.process.stdout = None
        assert running.process.wait(30) == 0
    assert statuses == [200] * 20


def test_an_error_at_every_request_stops_none_of_them_when_nobody_reads_standard_error() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    with (
        serving("--world", WORLD_FILE, "--quiet", "--upstream", nowhere) as running,
        requests.Session() as session,
    ):
        for _ in range(1_000):  # each logs a line, together more than a pipe holds
            assert session.get(f"{running.url}/elsewhere", timeout=20).status_code == 502
        reply = session.get(f"{running.url}/elsewhere", timeout=20).json()
        assert "does not answer: Connection refused." in reply["message"]
        running.process.terminate()
        printed, errors = running.process.communicate(timeout=30)
    assert errors.count("does not answer") > 300
    assert "/elsewhere" not in printed  # as it is quiet


def test_the_mock_serves_without_standard_streams() -> None:
    port = free_port()
    command = f"exec {sys.executable} -m mockserver --port {port} --world {WORLD_FILE}"
    process = subprocess.Popen(["sh", "-c", f"{command} <&- >&- 2>&-"])
    try:
        wait_for(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
    assert process.wait(30) == 0


def exchange(number: int) -> Exchange:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": f"/{number}", "QUERY_STRING": "limit=1"}
    made = Exchange({**environ, "HTTP_AUTHORIZATION": "Bearer ann@a"})
    made.finish("200 OK", [], b"")
    return made


def test_json_lines_have_the_same_content(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        log = RequestLog(file.fileno(), "json")
        log.add(exchange(7))
        log.say("A message.")
        log.close()
    line, message = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert message == {"message": "A message."}
    assert line.pop("at").startswith("20")
    assert line.pop("milliseconds") >= 0
    assert line == {
        "method": "GET",
        "path": "/7",
        "query": "limit=1",
        "status": 200,
        "world": "a",
        "source": "",
        "faults": [],
        "forced": "",
        "hints": [],
    }


def test_a_reader_that_is_slow_delays_no_request_and_learns_what_is_missing() -> None:
    reading, writing = os.pipe()
    log = RequestLog(writing, "text")
    began = monotonic()
    for number in range(5 * MOST_WAITING):  # far more than a pipe holds
        log.add(exchange(number))
    assert monotonic() - began < 10
    chunks: list[bytes] = []
    reader = threading.Thread(
        target=lambda: chunks.extend(iter(lambda: os.read(reading, 65536), b""))
    )
    reader.start()
    log.close()
    os.close(writing)
    reader.join(30)
    lines = b"".join(chunks).decode().splitlines()
    missing = [int(found[1]) for line in lines if (found := re.search(r" (\d+) lines are", line))]
    assert missing
    assert len(lines) - len(missing) + sum(missing) == 5 * MOST_WAITING
