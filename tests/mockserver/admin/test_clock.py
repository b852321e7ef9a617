"""The admin API of the clock: each world has its own time, and everything in it keeps that time."""

import pytest

from mockserver.seed.clock import Clock
from tests.support.admin import AdminClient
from tests.support.harness import CLOCK, NOW


def closed_at(admin: AdminClient, world: str) -> str:
    """Close ticket 1 and return the time that its log has for it."""
    api = admin.api(f"ann@{world}")
    api.put("/api/tickets/1/status", {"status": "closed"})
    ticket = api.get("/api/tickets/1").json["ticket"]
    assert ticket["updated_at"] == ticket["activities"][-1]["created_at"]
    return str(ticket["updated_at"])


def test_a_world_follows_the_servers_clock_at_first(admin: AdminClient) -> None:
    admin.open("follows")
    clock = admin.json("GET", "/worlds/follows/clock")["clock"]
    assert clock == {"now": NOW, "running": False, "own": False}
    assert closed_at(admin, "follows") == NOW


def test_a_set_clock_dates_what_happens_in_that_world_alone(admin: AdminClient) -> None:
    admin.open("set")
    admin.open("unset")
    admin.json("PUT", "/worlds/set/clock", {"now": "2027-01-02T03:04:05+02:00"})
    assert closed_at(admin, "set") == "2027-01-02T01:04:05+00:00"
    assert closed_at(admin, "unset") == NOW


def test_a_clock_advances_and_adds_units(admin: AdminClient) -> None:
    admin.open("advances", clock="2027-01-01T00:00:00Z")
    span = {"days": 1, "hours": 2, "minutes": 3, "seconds": 4}
    clock = admin.json("POST", "/worlds/advances/clock/advance", span)["clock"]
    assert clock == {"now": "2027-01-02T02:03:04+00:00", "running": False, "own": True}
    assert closed_at(admin, "advances") == "2027-01-02T02:03:04+00:00"


def test_a_clock_set_back_does_not_date_a_change_before_the_last(admin: AdminClient) -> None:
    admin.open("back")
    first = closed_at(admin, "back")
    admin.json("PUT", "/worlds/back/clock", {"now": "2001-01-01T00:00:00Z"})
    api = admin.api("ann@back")
    api.put("/api/tickets/1/status", {"status": "open"})
    assert api.get("/api/tickets/1").json["ticket"]["updated_at"] == first


def test_a_world_opens_with_a_clock_and_resets_to_it(admin: AdminClient) -> None:
    admin.open("first", clock="2030-01-01T00:00:00Z")
    admin.json("POST", "/worlds/first/clock/advance", {"days": 9})
    world = admin.json("POST", "/worlds/first/reset")["world"]
    assert world["clock"]["now"] == "2030-01-01T00:00:00+00:00"


def test_a_dropped_clock_follows_the_server_again(admin: AdminClient) -> None:
    admin.open("dropped", clock="2030-01-01T00:00:00Z")
    clock = admin.json("DELETE", "/worlds/dropped/clock")["clock"]
    assert clock == {"now": NOW, "running": False, "own": False}


def test_a_running_clock_runs_from_where_it_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.seed.clock.time", lambda: 1_000_090.5)
    clock = Clock()
    assert clock.now(500, since=1_000_000) == 590
    assert clock.now(500) == 500
    assert clock.now() == 1_000_090


def test_a_clock_set_to_run_says_so(admin: AdminClient) -> None:
    admin.open("runs")
    path = "/worlds/runs/clock"
    assert admin.json("PUT", path, {"running": True})["clock"]["running"] is True
    assert admin.json("POST", f"{path}/advance", {"days": 1})["clock"]["running"] is True
    assert admin.json("PUT", path, {"now": CLOCK})["clock"]["running"] is False


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {}),
        ("clock", {"now": "2026-05-32"}),
        ("clock", {"now": "2026-02-31"}),
        ("clock", {"now": "1969-01-01T00:00:00Z"}),
        ("clock", {"running": "yes"}),
        ("clock/advance", {"days": -1}),
        ("clock/advance", {"weeks": 1}),
        ("clock/advance", {}),
    ],
)
def test_a_bad_time_is_refused_and_the_clock_stands(
    admin: AdminClient, path: str, body: dict[str, object]
) -> None:
    admin.api("ann@refused").get("/api/tickets")
    method = "POST" if path.endswith("advance") else "PUT"
    assert admin.request(method, f"/worlds/refused/{path}", body).status_code == 422
    assert admin.json("GET", "/worlds/refused/clock")["clock"]["own"] is False


def test_a_date_is_the_start_of_its_day_as_for_the_option(admin: AdminClient) -> None:
    set_to = admin.json("PUT", "/worlds/day/clock", {"now": "2026-05-04"})
    assert set_to["clock"]["now"] == "2026-05-04T00:00:00+00:00"


def test_a_clock_does_not_pass_the_calendars_end(admin: AdminClient) -> None:
    admin.open("late", clock="2999-12-31T00:00:00Z")
    for _ in range(69):
        admin.json("POST", "/worlds/late/clock/advance", {"days": 36_500})
    refused = admin.request("POST", "/worlds/late/clock/advance", {"days": 36_500 * 2})
    assert refused.status_code == 422
    for _ in range(10):
        refused = admin.request("POST", "/worlds/late/clock/advance", {"days": 36_500})
    assert refused.status_code == 409
    assert admin.api("ann@late").put("/api/tickets/1/status", {"status": "spam"}).status_code == 200
