"""The driver sends every request of a file and counts the failures."""

from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from benchmarks.load.driver import drive
from tests.benchmarks.conftest import NEEDS_WRK


class _Counting(BaseHTTPRequestHandler):
    """Counts the requests; answers with 500 when the path ends in 'broken'."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[Counter[tuple[str, str, str, str]]] = Counter()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        token = self.headers.get("Authorization", "")
        self.seen[self.command, self.path, body, token] += 1
        self.send_response(500 if self.path.endswith("broken") else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_PUT = _answer  # noqa: N815 - names of the base class

    def log_message(self, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def counting() -> Iterator[str]:
    _Counting.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Counting) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@NEEDS_WRK
def test_the_driver_sends_the_calls_and_counts_the_failures(counting: str, tmp_path: Path) -> None:
    lines = tmp_path / "mix.txt"
    lines.write_text('GET /fine?a=1\nPUT /x/status {"status": "open"}\nGET /broken\n')
    load = drive(counting, lines, 1, 2)
    sent = dict(_Counting.seen)
    assert set(sent) == {
        ("GET", "/fine?a=1", "", "Bearer jane"),
        ("PUT", "/x/status", '{"status": "open"}', "Bearer jane"),
        ("GET", "/broken", "", "Bearer jane"),
    }
    underway = 2  # requests that the driver did not wait for
    assert load.requests <= sum(sent.values()) <= load.requests + underway
    broken = sent["GET", "/broken", "", "Bearer jane"]
    assert broken - underway <= load.failed <= broken
    assert 0 < load.median_ms <= load.p99_ms
