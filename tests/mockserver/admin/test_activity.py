"""Busy colleagues: what they do follows from the seed, only when depends on real time."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.admin import AdminClient, everything
from tests.support.harness import CLOCK, NewDatabase


@pytest.fixture(scope="module")
def admin(new_database: NewDatabase) -> Iterator[AdminClient]:
    app = create_app(Config(world="demo", clock=CLOCK, database=new_database()))
    yield AdminClient(app)
    app.extensions["admin"].scheduler.close()
    app.extensions["store"].close()


def play(admin: AdminClient, world: str, count: int) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = admin.json(
        "POST", f"/worlds/{world}/activity/actions", {"count": count}
    )["actions"]
    return actions


def test_the_same_seed_gives_the_same_acts_and_the_same_bytes(admin: AdminClient) -> None:
    admin.open("twin-1")
    admin.open("twin-2")
    admin.open("other", seed=2)
    first = play(admin, "twin-1", 60)
    assert [act for _ in range(3) for act in play(admin, "twin-2", 20)] == first
    assert play(admin, "other", 60) != first
    one, two = (everything(admin.api(f"jane@twin-{n}")) for n in (1, 2))
    assert one == two


def test_acts_show_in_the_api_as_what_they_are(admin: AdminClient) -> None:
    admin.open("shown")
    api = admin.api("jane@shown")
    seen = set()
    for number in range(1, 121):
        (act,) = play(admin, "shown", 1)
        ticket = api.get(f"/api/tickets/{act['ticket']}").json["ticket"]
        assert act["number"] == number
        seen.add(act["action"])
        assert _agrees(act["action"], ticket), act
    assert seen == {
        *("write", "reply", "answer", "note", "assign"),
        *("unassign", "close", "reopen", "tag"),
    }


def _agrees(what: str, ticket: dict[str, Any]) -> bool:
    kinds = {"write": "inbound", "reply": "inbound", "answer": "outbound", "note": "note"}
    if what in kinds:
        return bool(ticket["messages"][-1]["type"] == kinds[what])
    if what in ("assign", "unassign"):
        return (ticket["assignee"] is None) is (what == "unassign")
    if what in ("close", "reopen"):
        return bool(ticket["status"] == ("closed" if what == "close" else "open"))
    return bool(ticket["tags"])


def test_reset_restarts_the_actions(admin: AdminClient) -> None:
    admin.open("restarted")
    first = play(admin, "restarted", 10)
    assert admin.json("GET", "/worlds/restarted/activity")["activity"] == {
        "per_second": 0,
        "actions": 10,
    }
    admin.json("POST", "/worlds/restarted/reset")
    assert play(admin, "restarted", 10) == first


def test_busy_worlds_change_by_themselves_until_stopped(admin: AdminClient) -> None:
    admin.open("busy")
    started = admin.json("PUT", "/worlds/busy/activity", {"per_second": 50})["activity"]
    assert started["per_second"] == 50
    while admin.json("GET", "/worlds/busy/activity")["activity"]["actions"] < 5:
        Event().wait(0.01)
    stopped = admin.json("DELETE", "/worlds/busy/activity")["activity"]
    assert stopped["per_second"] == 0
    world = admin.json("GET", "/worlds/busy")["world"]
    assert world["activity"] == stopped
    assert world["changes"] > 0
    assert admin.json("GET", "/worlds/shared")["world"]["changes"] == 0


def test_work_ends_with_the_world(admin: AdminClient) -> None:
    admin.open("ends")
    admin.json("PUT", "/worlds/ends/activity", {"per_second": 50})
    assert admin.request("DELETE", "/worlds/ends").status_code == 204
    admin.open("ends")
    assert admin.json("GET", "/worlds/ends/activity")["activity"] == {"per_second": 0, "actions": 0}


def test_a_world_without_tickets_gets_some(admin: AdminClient) -> None:
    admin.open("empty", world="empty")
    acts = play(admin, "empty", 20)
    assert acts[0]["action"] == "write"
    assert len(acts) == 20


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "activity", {}),
        ("PUT", "activity", {"per_second": 0}),
        ("PUT", "activity", {"per_second": 51}),
        ("PUT", "activity", {"per_second": "2"}),
        ("POST", "activity/actions", {"count": 0}),
        ("POST", "activity/actions", {"count": 1.5}),
    ],
)
def test_a_bad_pace_is_refused(admin: AdminClient, method: str, path: str, body: object) -> None:
    admin.api("jane@idle").get("/api/tickets")
    assert admin.request(method, f"/worlds/idle/{path}", body).status_code == 422
    assert admin.json("GET", "/worlds/idle/activity")["activity"] == {"per_second": 0, "actions": 0}
