"""Busy colleagues: what they do follows from the seed, only when depends on real time."""

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.admin import Levers, everything
from tests.support.harness import CLOCK, NewDatabase


@pytest.fixture(scope="module")
def levers(new_database: NewDatabase) -> Iterator[Levers]:
    app = create_app(Config(world="demo", clock=CLOCK, database=new_database()))
    yield Levers(app)
    app.extensions["mock"].colleagues.close()
    app.extensions["store"].close()


def play(levers: Levers, world: str, count: int) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = levers.ask("POST", f"/worlds/{world}/busy/acts", {"count": count})[
        "acts"
    ]
    return acts


def test_the_same_seed_gives_the_same_acts_and_the_same_bytes(levers: Levers) -> None:
    levers.open("twin-1")
    levers.open("twin-2")
    levers.open("other", seed=2)
    first = play(levers, "twin-1", 60)
    assert [act for _ in range(3) for act in play(levers, "twin-2", 20)] == first
    assert play(levers, "other", 60) != first
    one, two = (everything(levers.api(f"jane@twin-{n}")) for n in (1, 2))
    assert one == two


def test_acts_show_in_the_api_as_what_they_are(levers: Levers) -> None:
    levers.open("shown")
    api = levers.api("jane@shown")
    seen = set()
    for number in range(1, 121):
        (act,) = play(levers, "shown", 1)
        ticket = api.get(f"/api/tickets/{act['ticket']}").json["ticket"]
        assert act["number"] == number
        seen.add(act["what"])
        assert _agrees(act["what"], ticket), act
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


def test_reset_begins_the_acts_anew(levers: Levers) -> None:
    levers.open("anew")
    first = play(levers, "anew", 10)
    assert levers.ask("GET", "/worlds/anew/busy")["busy"] == {"per_second": 0, "acts": 10}
    levers.ask("POST", "/worlds/anew/reset")
    assert play(levers, "anew", 10) == first


def test_busy_worlds_change_by_themselves_until_stopped(levers: Levers) -> None:
    levers.open("busy")
    started = levers.ask("PUT", "/worlds/busy/busy", {"per_second": 50})["busy"]
    assert started["per_second"] == 50
    while levers.ask("GET", "/worlds/busy/busy")["busy"]["acts"] < 5:
        Event().wait(0.01)
    stopped = levers.ask("DELETE", "/worlds/busy/busy")["busy"]
    assert stopped["per_second"] == 0
    world = levers.ask("GET", "/worlds/busy")["world"]
    assert world["busy"] == stopped
    assert world["changes"] > 0
    assert levers.ask("GET", "/worlds/shared")["world"]["changes"] == 0


def test_work_ends_with_the_world(levers: Levers) -> None:
    levers.open("ends")
    levers.ask("PUT", "/worlds/ends/busy", {"per_second": 50})
    assert levers.pull("DELETE", "/worlds/ends").status_code == 204
    levers.open("ends")
    assert levers.ask("GET", "/worlds/ends/busy")["busy"] == {"per_second": 0, "acts": 0}


def test_a_world_without_tickets_gets_some(levers: Levers) -> None:
    levers.open("empty", world="empty")
    acts = play(levers, "empty", 20)
    assert acts[0]["what"] == "write"
    assert len(acts) == 20


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "busy", {}),
        ("PUT", "busy", {"per_second": 0}),
        ("PUT", "busy", {"per_second": 51}),
        ("PUT", "busy", {"per_second": "2"}),
        ("POST", "busy/acts", {"count": 0}),
        ("POST", "busy/acts", {"count": 1.5}),
    ],
)
def test_a_bad_pace_is_refused(levers: Levers, method: str, path: str, body: object) -> None:
    levers.api("jane@idle").get("/api/tickets")
    assert levers.pull(method, f"/worlds/idle/{path}", body).status_code == 422
    assert levers.ask("GET", "/worlds/idle/busy")["busy"] == {"per_second": 0, "acts": 0}
