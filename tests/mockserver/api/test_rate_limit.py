from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from mockserver.api import rate_limit as rate
from mockserver.contract.errors import ConfigError
from tests.support.harness import CLOCK, WORLD_FILE, Api

HEADERS = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"]


WORLD_TIME = int(datetime.fromisoformat(CLOCK).timestamp())


class Watch:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.25

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(rate, "monotonic", watch)
    return watch


@pytest.fixture
def limited(make_app: Callable[..., Flask], watch: Watch) -> Api:
    """Ann, allowed three requests a minute."""
    return Api(make_app(world=WORLD_FILE, rate="3/minute"), "ann")


def headers(api: Api, path: str = "/api/tickets", method: str = "GET") -> list[str | None]:
    reply = api.send(method, path)
    return [reply.headers.get(name) for name in HEADERS]


def test_there_is_no_limit_unless_asked_for(ann: Api) -> None:
    assert headers(ann) == [None] * 4


def test_each_request_tells_how_many_are_left(limited: Api) -> None:
    assert [headers(limited)[:2] for _ in range(3)] == [["3", "2"], ["3", "1"], ["3", "0"]]


def test_a_request_too_many_is_told_when_to_come_back(limited: Api, watch: Watch) -> None:
    for _ in range(3):
        limited.get("/api/tickets")
    watch.now += 20
    reply = limited.get("/api/tickets")

    assert (reply.status_code, reply.json) == (429, {"message": "Too Many Attempts."})
    assert [reply.headers[name] for name in HEADERS] == ["3", "0", str(WORLD_TIME + 40), "40"]


def test_the_window_starts_with_the_first_request_and_refusals_do_not_extend_it(
    limited: Api, watch: Watch
) -> None:
    for _ in range(4):
        limited.get("/api/tickets")
    watch.now += 59.9
    assert limited.get("/api/tickets").status_code == 429
    watch.now += 0.1
    assert headers(limited)[:2] == ["3", "2"]


def test_advancing_the_clock_of_the_world_ends_the_window(limited: Api) -> None:
    api = Api(limited.app, "ann@w")
    for _ in range(3):
        api.get("/api/tickets")
    refused = api.get("/api/tickets")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.headers["X-RateLimit-Reset"] == str(WORLD_TIME + 60)
    advance(limited, "w", seconds=59)
    refused = api.get("/api/tickets")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert refused.headers["X-RateLimit-Reset"] == str(WORLD_TIME + 60)
    advance(limited, "w", minutes=3)
    assert headers(api)[:2] == ["3", "2"]


def test_a_system_clock_that_is_put_back_ends_no_window_and_prolongs_none(
    limited: Api, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 2e9)
    for _ in range(3):
        limited.get("/api/tickets")
    monkeypatch.setattr("time.time", lambda: 1e9)
    assert limited.get("/api/tickets").headers["Retry-After"] == "60"
    watch.now += 60
    assert headers(limited)[:2] == ["3", "2"]


def advance(api: Api, world: str, **span: int) -> None:
    client = api.app.test_client()
    assert client.post(f"/_mock/worlds/{world}/clock/advance", json=span).status_code == 200


def test_each_user_and_each_world_has_a_limit_of_its_own(limited: Api) -> None:
    for _ in range(4):
        limited.get("/api/tickets")
    assert headers(Api(limited.app, "ben"))[1] == "2"
    assert headers(Api(limited.app, "ann@elsewhere"))[1] == "2"
    assert limited.get("/api/tickets").status_code == 429


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/tickets/9999"),
        ("GET", "/api/tickets?sort=bogus"),
        ("PUT", "/api/tickets/1/status"),
        ("HEAD", "/api/tickets"),
    ],
)
def test_404_400_and_422_count_and_carry_the_headers(limited: Api, method: str, path: str) -> None:
    assert headers(limited, path, method)[:2] == ["3", "2"]
    assert headers(limited)[:2] == ["3", "1"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/nope"), ("PATCH", "/api/tickets"), ("OPTIONS", "/api/tickets")],
)
def test_what_reaches_no_operation_does_not_count(limited: Api, method: str, path: str) -> None:
    assert headers(limited, path, method) == [None] * 4
    assert headers(limited)[:2] == ["3", "2"]


def test_401_does_not_count(limited: Api) -> None:
    assert headers(Api(limited.app, "wrong")) == [None] * 4


@pytest.mark.parametrize(
    ("text", "seconds"), [("1/second", "1"), ("1/minute", "60"), ("1/hour", "3600")]
)
def test_a_window_may_be_a_second_a_minute_or_an_hour(
    make_app: Callable[..., Flask], watch: Watch, text: str, seconds: str
) -> None:
    api = Api(make_app(world=WORLD_FILE, rate=text), "ann")
    api.get("/api/tickets")
    assert headers(api)[3] == seconds


@pytest.mark.parametrize(
    "text", ["", "60", "0/minute", "-1/minute", "60/day", "x/minute", "1e3/hour"]
)
def test_what_is_no_rate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match=r"is not a rate; write it as 60/minute"):
        rate.RateLimit.parse(text)


def test_windows_of_many_users_are_forgotten_in_turn(
    monkeypatch: pytest.MonkeyPatch, watch: Watch
) -> None:
    from mockserver.store import Caller, World

    monkeypatch.setattr(rate, "_USERS", 2)
    limit = rate.RateLimit.parse("1/minute")
    callers = [Caller(World("", 1, 1, 0), user, 1, readonly=False) for user in (1, 2, 3)]
    for caller in callers:
        limit.count(caller, WORLD_TIME)
    assert limit.count(callers[0], WORLD_TIME)["X-RateLimit-Remaining"] == "0"
