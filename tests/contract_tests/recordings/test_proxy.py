import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from flask import Flask, Response

from contract_tests.recordings import proxy as watching
from contract_tests.recordings.proxy import RecordingProxy, TrafficJudge
from tests.contract_tests.conftest import TOKEN, Planted
from tests.support.drift import drifting, only_read
from tests.support.drift_middleware import Drift
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving


@contextmanager
def watched(fake, **options) -> Iterator[tuple[RecordingProxy, str]]:
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as upstream, watching_at(upstream, **options) as found:
        yield found


@contextmanager
def watching_at(upstream, **options) -> Iterator[tuple[RecordingProxy, str]]:
    watch = RecordingProxy(upstream, watching.session(upstream), **options)
    server = watching.server(watch, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield watch, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        watch.session.close()


@pytest.fixture
def app():
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        yield session


def test_answers_pass_unchanged(app):
    fake = FakeDeployment()
    with watched(fake) as (watch, url):
        path = "/api/tickets?filter[search]=a%20b%2Cc&per_page=3"
        through, direct = app.get(url + path), app.get(watch.upstream + path)
        assert through.status_code == direct.status_code == 200
        assert through.json() == direct.json()
        assert through.headers["Content-Type"] == direct.headers["Content-Type"]
        assert fake.requests[0] == fake.requests[1]


def test_writes_pass_with_their_bodies(app):
    with watched(FakeDeployment()) as (_, url):
        assert app.put(f"{url}/api/tickets/3/status", json={"status": "bogus"}).status_code == 422
        assert app.put(f"{url}/api/tickets/3/status", json={"status": "spam"}).status_code == 200
        assert app.get(f"{url}/api/tickets/3").json()["ticket"]["status"] == "spam"


class Dripping(FakeDeployment):
    """Sends the body of a list byte by byte, without an end."""

    def app(self):
        app = Flask("dripping")
        app.add_url_rule("/api/tickets", view_func=lambda: Response(self.drip(), 200))
        return app

    def drip(self):
        while not self.over:
            yield b" "
            time.sleep(0.02)

    over = False


def test_an_answer_that_never_ends_is_cut_off(app):
    fake = Dripping()
    with watched(fake, timeout=0.5) as (watch, url):
        answer = app.get(f"{url}/api/tickets", timeout=30)
        fake.over = True

    assert answer.status_code == 502
    assert "no whole answer in 0.5 s" in answer.json()["message"]
    assert watch.exchanges == []


def test_read_only_lets_no_write_pass(app):
    fake = FakeDeployment()
    with watched(fake, read_only=True) as (_, url):
        assert app.put(f"{url}/api/tickets/3/status", json={"status": "spam"}).status_code == 403
        assert app.get(f"{url}/api/tickets/3").status_code == 200
    assert [method for method, _ in fake.requests] == ["GET"]


def test_a_page_of_another_host_cannot_use_it(app):
    fake = FakeDeployment()
    with watched(fake) as (_, url):
        answer = app.get(f"{url}/api/tickets", headers={"Host": "evil.example"})
        assert answer.status_code == 403
    assert fake.requests == []


def test_a_reason_with_quotes_is_valid_json(app, monkeypatch):
    monkeypatch.setattr(watching, "words", lambda _: 'it said "no"\n')
    with watched(FakeDeployment()) as (watch, url):
        watch.upstream = "http://127.0.0.1:9"
        answer = app.get(f"{url}/api/tickets")
    assert answer.status_code == 502
    assert answer.json()["message"] == 'the upstream did not answer: it said "no"\n'


def test_each_violation_is_told_once_as_it_passes(app, contract):
    told = []
    with watched(Planted()) as (watch, url):
        traffic_judge = TrafficJudge(
            watch, contract, lambda finding: told.append(finding.requirement)
        )
        app.get(f"{url}/api/tickets?per_page=100")
        traffic_judge.judge_new()
        assert told == ["ticket.created_at"]
        app.get(f"{url}/api/tickets?filter[unassigned]=true&per_page=100")
        traffic_judge.judge_new()
        traffic_judge.judge_new()
        assert told == ["ticket.created_at", "list.filter.unassigned"]


def test_a_token_that_was_refused_first_is_not_taken_for_the_users(app):
    with watched(FakeDeployment()) as (watch, url):
        requests.get(f"{url}/api/tickets", headers={"Authorization": "Bearer old"}, timeout=10)
        app.get(f"{url}/api/tickets")
        assert [e.request.who for e in watch.exchanges] == ["wrong", "main"]
        assert watch.secrets == ["old", TOKEN]


def test_what_comes_after_the_limit_passes_unwatched(app, contract, monkeypatch):
    monkeypatch.setattr(watching, "MOST", 1)
    with watched(FakeDeployment()) as (watch, url):
        for _ in range(3):
            assert app.get(f"{url}/api/tickets").status_code == 200
        assert len(watch.exchanges) == 1
        notes = TrafficJudge(watch, contract, print).outcome().notes
        assert notes[0] == "2 exchanges after the first 1 were not judged"


class Endless(Dripping):
    """Sends a body in large pieces, without an end."""

    sent = 0

    def drip(self):
        while not self.over:
            self.sent += 1
            yield b" " * 100_000


def test_an_endless_answer_ends_when_its_client_leaves(app):
    fake = Endless()
    with watched(fake) as (watch, url):
        with app.get(f"{url}/api/tickets", stream=True, timeout=30) as answer:
            assert next(answer.iter_content(3_000_000))
        deadline = time.monotonic() + 20
        before = -1
        while before != fake.sent and time.monotonic() < deadline:
            before = fake.sent
            time.sleep(0.2)
        fake.over = True

    assert before == fake.sent, "the upstream is still read"
    assert [exchange.body for exchange in watch.exchanges] == [b""]


COOKIES = ["session=a; Path=/", "theme=b; Expires=Wed, 01 Jan 2098 10:00:00 GMT", "c=d"]


class Session(FakeDeployment):
    """Sets three cookies with each response."""

    def app(self):
        app = super().app()

        @app.after_request
        def set_cookies(response):
            for cookie in COOKIES:
                response.headers.add("Set-Cookie", cookie)
            return response

        return app


def test_headers_of_one_name_pass_line_by_line(app):
    with watched(Session()) as (watch, url):
        answer = app.get(f"{url}/api/tickets")
        assert answer.raw.headers.getlist("Set-Cookie") == COOKIES
        assert list(watch.session.cookies) == []


def received_upstream(request: bytes) -> list[bytes]:
    """Send a request through a proxy; return the lines in which it reaches the upstream."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        upstream = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = watching.server(RecordingProxy(upstream, watching.session(upstream)), 0)
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        with socket.create_connection(("127.0.0.1", server.server_port)) as client:
            client.sendall(request.replace(b"HOST", b"127.0.0.1"))
            wire, _ = listening.accept()
            with wire:
                head = wire.recv(65_536).partition(b"\r\n\r\n")[0]
                wire.sendall(b"HTTP/1.1 204 -\r\n\r\n")
            assert client.recv(12) == b"HTTP/1.1 204"
        server.server_close()
    return head.split(b"\r\n")


def test_headers_of_a_request_pass_line_by_line_and_none_is_added():
    lines = [b"X-B: 1", b"Cookie: a=1", b"X-B: 2", b"Cookie: b=2", b"x-case: Kept"]
    head = b"\r\n".join([b"GET /api/tickets HTTP/1.1", b"Host: HOST", *lines])

    received = received_upstream(head + b"\r\nConnection: close\r\n\r\n")

    assert [line for line in received if line in lines] == [
        *(b"X-B: 1", b"X-B: 2"), *(b"Cookie: a=1", b"Cookie: b=2"), b"x-case: Kept"
    ]  # fmt: skip
    names = {line.partition(b":")[0] for line in received[1:]}
    assert names == {b"Host", b"Accept-Encoding", b"X-B", b"Cookie", b"x-case"}


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("@127.0.0.1:9/x", 400),
        (".example.com/x", 400),
        ("http://127.0.0.1:9/x", 400),
        ("//127.0.0.1:9/x", 404),
    ],
)
def test_no_target_reaches_another_host(target, status):
    fake = FakeDeployment()
    with watched(fake) as (_, url):
        host = url.removeprefix("http://")
        with socket.create_connection(tuple(host.split(":"))) as client:
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert client.recv(100).startswith(f"HTTP/1.1 {status} ".encode())
    assert [path for _, path in fake.requests if not path.startswith("//")] == []


class Large(FakeDeployment):
    """Adds 3 MB to each row of the list."""

    def item(self, ticket):
        return {**super().item(ticket), "blob": "x" * 3_000_000}


def test_a_large_response_passes_whole_and_is_not_judged(app, contract):
    with watched(Large(FakeOptions(tickets=1))) as (watch, url):
        assert len(app.get(f"{url}/api/tickets").json()["data"][0]["blob"]) == 3_000_000
        assert [(e.unread, e.body) for e in watch.exchanges] == [(True, b"")]
        outcome = TrafficJudge(watch, contract, print).outcome()
    assert all(finding.outcome == "not observed" for finding in outcome.findings)


def test_what_is_kept_takes_a_limited_amount_of_memory(app, monkeypatch):
    monkeypatch.setattr(watching, "MAX_MEMORY", 1)
    with watched(FakeDeployment()) as (watch, url):
        assert app.get(f"{url}/api/tickets").status_code == 200
        assert (watch.exchanges, watch.not_kept) == ([], 1)


def test_an_api_below_another_path_is_judged(app, contract):
    app.headers["Authorization"] = "Bearer jane"
    drift, told = Drift(base="/api/v2"), []
    with drifting(drift, only_read(drift.choices)) as served, watching_at(served.url) as found:
        watch, url = found
        for target in ("/api/tickets", "/api/v2/tickets?per_page=5", "/api/v2/tickets/42"):
            app.get(url + target)
        traffic_judge = TrafficJudge(watch, contract, told.append)
        traffic_judge.judge_new()
        history = traffic_judge.outcome().history

    assert [finding.law for finding in told] == ["differences.base_path"]
    assert (len(history.pages), len(history.details)) == (1, 1)
