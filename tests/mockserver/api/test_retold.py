"""What is told from memory: only to whoever asks the same, and never of another state."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from flask import Flask

from mockserver.store import usage
from mockserver.store.database import Database
from tests.support.admin import Levers
from tests.support.harness import DESK, Api, MakeApp

LIST = "/api/tickets?filter[status]=open,closed,spam&per_page=5"


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(world=DESK)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One item for each time that the database is read."""
    seen: list[None] = []
    read = Database.read

    def noted(self: Database) -> Any:
        seen.append(None)
        return read(self)

    monkeypatch.setattr(Database, "read", noted)
    return seen


def test_what_was_answered_is_told_again_without_a_look(app: Flask, readings: list[None]) -> None:
    ann = Api(app, "ann")
    first = ann.get(LIST).data
    looks = len(readings)
    assert ann.get(LIST).data == first
    assert len(readings) == looks > 0
    ann.change(1, status="spam")
    assert ann.get(LIST).data != first
    assert len(readings) > looks


def test_nothing_is_told_of_another_caller_world_or_address(app: Flask) -> None:
    ann, ben = Api(app, "ann"), Api(app, "ben")
    mine = "/api/tickets?filter[assigned_to_me]=true"
    assert ann.get(mine).json["data"] != ben.get(mine).json["data"]
    Api(app, "ann@w").change(1, status="spam")
    assert Api(app, "ann@w").get("/api/tickets/1").data != ann.get("/api/tickets/1").data
    hosts = ("one.test", "two.test:81")
    links = [ann.get(LIST, headers={"Host": host}).json["links"]["first"] for host in hosts]
    assert [link.split("/")[2] for link in links] == list(hosts)
    assert Api(app, "nobody").get(LIST).status_code == 401


def test_a_change_of_any_kind_ends_what_is_known(app: Flask) -> None:
    levers, ann = Levers(app), Api(app, "ann@w")
    levers.open("w")
    levers.ask("PUT", "/worlds/w/snapshots/then")
    seed = ann.get(LIST).data

    changed = [ann.get(LIST).data for _ in [ann.change(1, status="spam")]]
    levers.ask("POST", "/worlds/w/tickets", {"subject": "Hello"})
    changed.append(ann.get(LIST).data)
    levers.ask("POST", "/worlds/w/reset")
    assert ann.get(LIST).data == seed
    ann.change(2, status="spam")
    changed.append(ann.get(LIST).data)
    levers.ask("POST", "/worlds/w/snapshots/then/restore")
    assert ann.get(LIST).data == seed
    assert len({seed, *changed}) == 4
    levers.pull("DELETE", "/worlds/w")
    assert ann.get(LIST).data == seed


def test_a_look_at_an_older_state_learns_nothing_of_a_newer_one(app: Flask) -> None:
    """And what it learns is not taken for the newer state."""
    store, ann = app.extensions["store"], Api(app, "ann@w")
    ann.change(1, status="spam")

    def ids(status: str) -> list[int]:
        caller = store.caller("ann@w")
        page = store.page(caller, {"status": [status]}, ["-updated_at"], 1, 99)
        return [orjson.loads(row)["id"] for row in page.rows]

    with store.look():
        before = ids("spam")
        with ThreadPoolExecutor(1) as other:
            other.submit(ann.change, 2, status="spam").result()
            newer = other.submit(ids, "spam").result()
        assert ids("spam") == before
    assert sorted(newer) == sorted([*before, 2]) == sorted(ids("spam"))


def test_a_world_that_is_told_from_memory_counts_as_used(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    levers = Levers(make_app(world=DESK, max_worlds=2))
    seconds = iter(range(2_000_000_000, 2_000_001_000))
    monkeypatch.setattr(usage, "time", lambda: next(seconds))
    for name in ("a", "b", "a", "b", "a"):  # of the last there is nothing new
        levers.api(f"ann@{name}").get(LIST)
    levers.api("ann@c").get(LIST)
    names = {world["name"] for world in levers.ask("GET", "/worlds")["worlds"]}
    assert names == {"shared", "a", "c"}
