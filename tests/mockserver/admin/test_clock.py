"""Levers of the clock: each world has its own time, and everything in it keeps that time."""

from collections.abc import Iterator

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.seed.clock import Clock
from tests.support.admin import Levers
from tests.support.harness import CLOCK, DESK, NOW, NewDatabase

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def levers(new_database: NewDatabase) -> Iterator[Levers]:
    app = create_app(Config(world=DESK, clock=CLOCK, database=new_database()))
    yield Levers(app)
    app.extensions["store"].close()


def closed_at(levers: Levers, world: str) -> str:
    """Close ticket 1 and return the time that its log has for it."""
    api = levers.api(f"ann@{world}")
    api.put("/api/tickets/1/status", {"status": "closed"})
    ticket = api.get("/api/tickets/1").json["ticket"]
    assert ticket["updated_at"] == ticket["activities"][-1]["created_at"]
    return str(ticket["updated_at"])


def test_a_world_follows_the_servers_clock_at_first(levers: Levers) -> None:
    levers.open("follows")
    clock = levers.ask("GET", "/worlds/follows/clock")["clock"]
    assert clock == {"now": NOW, "running": False, "own": False}
    assert closed_at(levers, "follows") == NOW


def test_a_set_clock_dates_what_happens_in_that_world_alone(levers: Levers) -> None:
    levers.open("set")
    levers.open("unset")
    levers.ask("PUT", "/worlds/set/clock", {"now": "2027-01-02T03:04:05+02:00"})
    assert closed_at(levers, "set") == "2027-01-02T01:04:05+00:00"
    assert closed_at(levers, "unset") == NOW


def test_a_clock_advances_and_adds_units(levers: Levers) -> None:
    levers.open("advances", clock="2027-01-01T00:00:00Z")
    span = {"days": 1, "hours": 2, "minutes": 3, "seconds": 4}
    clock = levers.ask("POST", "/worlds/advances/clock/advance", span)["clock"]
    assert clock == {"now": "2027-01-02T02:03:04+00:00", "running": False, "own": True}
    assert closed_at(levers, "advances") == "2027-01-02T02:03:04+00:00"


def test_a_clock_set_back_does_not_date_a_change_before_the_last(levers: Levers) -> None:
    levers.open("back")
    first = closed_at(levers, "back")
    levers.ask("PUT", "/worlds/back/clock", {"now": "2001-01-01T00:00:00Z"})
    api = levers.api("ann@back")
    api.put("/api/tickets/1/status", {"status": "open"})
    assert api.get("/api/tickets/1").json["ticket"]["updated_at"] == first


def test_a_world_opens_with_a_clock_and_resets_to_it(levers: Levers) -> None:
    levers.open("first", clock="2030-01-01T00:00:00Z")
    levers.ask("POST", "/worlds/first/clock/advance", {"days": 9})
    world = levers.ask("POST", "/worlds/first/reset")["world"]
    assert world["clock"]["now"] == "2030-01-01T00:00:00+00:00"


def test_a_dropped_clock_follows_the_server_again(levers: Levers) -> None:
    levers.open("dropped", clock="2030-01-01T00:00:00Z")
    clock = levers.ask("DELETE", "/worlds/dropped/clock")["clock"]
    assert clock == {"now": NOW, "running": False, "own": False}


def test_a_running_clock_runs_from_where_it_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.seed.clock.time", lambda: 1_000_090.5)
    clock = Clock()
    assert clock.now(500, since=1_000_000) == 590
    assert clock.now(500) == 500
    assert clock.now() == 1_000_090


def test_a_clock_set_to_run_says_so(levers: Levers) -> None:
    levers.open("runs")
    path = "/worlds/runs/clock"
    assert levers.ask("PUT", path, {"running": True})["clock"]["running"] is True
    assert levers.ask("POST", f"{path}/advance", {"days": 1})["clock"]["running"] is True
    assert levers.ask("PUT", path, {"now": CLOCK})["clock"]["running"] is False


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {}),
        ("clock", {"now": "2026-05-01"}),
        ("clock", {"now": "1969-01-01T00:00:00Z"}),
        ("clock", {"running": "yes"}),
        ("clock/advance", {"days": -1}),
        ("clock/advance", {"weeks": 1}),
        ("clock/advance", {}),
    ],
)
def test_a_bad_time_is_refused_and_the_clock_stands(
    levers: Levers, path: str, body: dict[str, object]
) -> None:
    levers.api("ann@refused").get("/api/tickets")
    method = "POST" if path.endswith("advance") else "PUT"
    assert levers.pull(method, f"/worlds/refused/{path}", body).status_code == 422
    assert levers.ask("GET", "/worlds/refused/clock")["clock"]["own"] is False


def test_a_clock_does_not_pass_the_calendars_end(levers: Levers) -> None:
    levers.open("late", clock="2999-12-31T00:00:00Z")
    for _ in range(69):
        levers.ask("POST", "/worlds/late/clock/advance", {"days": 36_500})
    refused = levers.pull("POST", "/worlds/late/clock/advance", {"days": 36_500 * 2})
    assert refused.status_code == 422
    for _ in range(10):
        refused = levers.pull("POST", "/worlds/late/clock/advance", {"days": 36_500})
    assert refused.status_code == 409
    assert (
        levers.api("ann@late").put("/api/tickets/1/status", {"status": "spam"}).status_code == 200
    )
