"""Requests that the contract does not know, passed on to another server."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
import requests

from tests.support.harness import WORLD_FILE, Serving, free_port, serving

_go_on = Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/base/stream":
            self._stream()
        elif self.path == "/base/moved":
            self._answer(302, {"Location": "/elsewhere"})
        else:
            self._answer(200, {"X-Own": "yes", "Keep-Alive": "timeout=5", "X-Hop": "1"})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # every other method
            return self.do_GET
        raise AttributeError(name)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        length = int(self.headers.get("Content-Length", 0))
        told = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(length).decode(),
        }
        body = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        if "X-Hop" in headers:
            self.send_header("Connection", "X-Hop")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nfirst\r\n")
        self.wfile.flush()
        _go_on.wait(30)
        self.wfile.write(b"6\r\nsecond\r\n0\r\n\r\n")


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    """The URL of another server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def proxy(other: str) -> Iterator[Serving]:
    with serving("--world", WORLD_FILE, "--upstream", f"{other}/base") as running:
        yield running


def ask(proxy: Serving, method: str, path: str, **options: Any) -> requests.Response:
    return requests.request(method, proxy.url + path, timeout=30, allow_redirects=False, **options)


def test_the_contract_is_answered_here(proxy: Serving) -> None:
    assert proxy.get("/api/tickets", "ann").json()["meta"]["total"] > 0
    assert proxy.get("/api/tickets", "wrong").status_code == 401
    assert proxy.get("/docs").headers["Content-Type"].startswith("text/html")
    assert proxy.get("/_mock/none").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "/api/invoices?page=2&q=a%20b"), ("POST", "/api/tickets"), ("HEAD", "/api/x")),
        *(
            ("PATCH", "/api/tickets/1"),
            ("OPTIONS", "/api/x"),
            ("GET", "/f%C3%BC%2Fr"),
            ("GET", "/health"),
        ),
    ],
)
def test_everything_else_is_passed_on(proxy: Serving, method: str, path: str) -> None:
    reply = ask(proxy, method, path, data="{}" if method == "POST" else None)
    assert (reply.status_code, reply.headers["X-Own"]) == (200, "yes")
    if method != "HEAD":
        told = reply.json()
        assert told["method"] == method
        assert told["path"] == f"/base{path}".replace("%2F", "/")
        assert told["body"] == ("{}" if method == "POST" else "")


def test_headers_of_one_connection_stay_on_it(proxy: Serving, other: str) -> None:
    sent = {"Authorization": "Bearer x", "TE": "trailers", "X-Mine": "1", "Connection": "X-Mine"}
    reply = ask(proxy, "GET", "/api/x", headers=sent)
    told = reply.json()["headers"]
    assert told["authorization"] == "Bearer x"
    assert told["host"] == other.removeprefix("http://")
    assert told["x-forwarded-host"] == proxy.url.removeprefix("http://")
    assert not {"te", "x-mine"}.intersection(told)
    assert not {"Keep-Alive", "X-Hop"}.intersection(reply.headers)
    assert "," not in reply.headers["Date"].partition(", ")[2]  # it stands once


def test_no_header_is_added_or_joined_to_another_meaning(proxy: Serving) -> None:
    head = [b"GET /api/x HTTP/1.1", b"Host: x"]
    lines = [*head, b"Cookie: a=1", b"Cookie: b=2", b"X-B: 1", b"X-B: 2"]
    with proxy.connect() as wire:
        wire.sendall(b"\r\n".join([*lines, b"Connection: close\r\n\r\n"]))
        received = b"".join(iter(lambda: wire.recv(65536), b""))
    told = json.loads(received[received.index(b"{") : received.rindex(b"}") + 1])["headers"]
    assert (told["cookie"], told["x-b"]) == ("a=1; b=2", "1,2")
    assert not {"user-agent", "accept-encoding"}.intersection(told)


def test_a_redirect_is_the_clients_to_follow(proxy: Serving) -> None:
    reply = ask(proxy, "GET", "/moved")
    assert (reply.status_code, reply.headers["Location"]) == (302, "/elsewhere")


def test_a_response_arrives_as_it_is_sent(proxy: Serving) -> None:
    _go_on.clear()
    with requests.get(f"{proxy.url}/stream", stream=True, timeout=30) as reply:
        pieces = reply.iter_content(5)
        assert next(pieces) == b"first"
        assert proxy.get("/api/tickets", "ann").status_code == 200
        _go_on.set()
        assert b"".join(pieces) == b"second"


def test_what_is_passed_on_is_logged_not_judged_and_ends_with_the_mock(other: str) -> None:
    _go_on.clear()
    with (
        serving("--world", "empty", "--upstream", f"{other}/base") as running,
        requests.get(f"{running.url}/stream", stream=True, timeout=30) as reply,
    ):
        assert next(reply.iter_content(5)) == b"first"
        ask(running, "GET", "/api/invoices")
        verdict = requests.get(f"{running.url}/_mock/journal/verdict", timeout=30).json()
        running.process.terminate()
        printed, _ = running.process.communicate(timeout=15)
        assert running.process.returncode == 0
    _go_on.set()
    assert (verdict["requests"], verdict["findings"]) == (0, [])
    assert "GET /api/invoices 200" in printed
    assert "(from upstream)" in printed


def test_a_mock_that_is_its_own_upstream_is_told() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with serving("--world", "empty", "--upstream", url, "--port", str(port)) as running:
        reply = ask(running, "GET", "/api/invoices")
    assert reply.status_code == 508
    assert "is this mock itself" in reply.json()["message"]
