"""`token@name`: every name is a world of its own, and nobody sees another's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.support.harness import CLOCK, WORLD_FILE, Api, Serving, serving

pytestmark = pytest.mark.both_databases

STATUSES = ("open", "closed", "spam")


def test_a_private_world_opens_as_a_copy_of_the_seed(seeded_app: Flask, ann: Api) -> None:
    assert ann.page() == Api(seeded_app, "ann").page()


def test_everybody_of_a_private_world_sees_its_changes_and_nobody_else(
    seeded_app: Flask, ann: Api, ben: Api
) -> None:
    ann.change(1, status="spam")

    assert ben.ticket(1)["status"] == "spam"
    assert Api(seeded_app, "ann").ticket(1)["status"] == "open"
    assert Api(seeded_app, ann.token + "x").ticket(1)["status"] == "open"


def test_a_change_in_the_shared_world_stays_out_of_private_ones(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(world=WORLD_FILE)
    early = Api(app, "ann@early")
    assert early.ticket(1)["status"] == "open"
    Api(app, "ann").change(1, status="spam")

    assert early.ticket(1)["status"] == "open"
    assert Api(app, "ann@late").ticket(1)["status"] == "open"


def test_names_differ_in_case_too(seeded_app: Flask, world_name: str) -> None:
    Api(seeded_app, f"ann@{world_name}-A").change(1, status="spam")
    assert Api(seeded_app, f"ann@{world_name}-a").ticket(1)["status"] == "open"


def test_a_name_may_be_64_characters_long(seeded_app: Flask, world_name: str) -> None:
    assert Api(seeded_app, f"ann@{world_name:x<64}").get("/api/tickets").status_code == 200
    assert Api(seeded_app, f"ann@{world_name:x<65}").get("/api/tickets").status_code == 401


def test_opening_a_world_at_the_same_moment_opens_it_once(
    seeded_app: Flask, world_name: str
) -> None:
    callers = [Api(seeded_app, f"{token}@{world_name}") for token in ("ann", "ben") * 8]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda caller: caller.ids(), callers))
    assert found == [[1, 2, 3, 5, 4, 6]] * 16


def test_a_reset_puts_a_world_back_to_its_seed_and_leaves_the_others(
    seeded_app: Flask, ann: Api, world_name: str
) -> None:
    other = Api(seeded_app, f"ann@{world_name}-other")
    before, detail = ann.page(), ann.ticket(1)
    for caller in (ann, other):
        caller.change(1, status="spam")
        caller.change(2, user_id=2)
    changed = other.page()
    reply = ann.send("POST", "/_mock/reset")

    assert reply.status_code < 300, reply.text
    assert (ann.page(), ann.ticket(1)) == (before, detail)
    assert other.page() == changed


def test_a_reset_world_can_be_changed_again(ann: Api) -> None:
    ann.change(1, status="spam")
    ann.send("POST", "/_mock/reset")
    ann.change(1, status="closed")
    assert [a["type"] for a in ann.ticket(1)["activities"]] == ["status_changed"] * 2


def a_day_of_work(server: Serving, number: int) -> list[Any]:
    """Write in a private world and return everything seen there; it depends on the number alone."""
    token = f"jane@worker-{number}"
    ids = [t["id"] for t in server.get("/api/tickets?sort=created_at", token).json()["data"]]
    seen: list[Any] = [ids]
    for step in range(4):
        id = ids[(number + step) % len(ids)]
        status = STATUSES[(number + step) % 3]
        user = 1 + (number + step) % 6
        seen.append(server.put(f"/api/tickets/{id}/status", {"status": status}, token).json())
        seen.append(server.put(f"/api/tickets/{id}/assignee", {"user_id": user}, token).json())
        seen.append(server.get(f"/api/tickets/{id}", token).json())
        seen.append(server.get("/api/tickets?filter[status]=spam&per_page=100", token).json())
    return seen


@pytest.fixture(scope="module")
def alone() -> Any:
    """A server for one caller at a time: what each should see."""
    with serving("--clock", CLOCK) as running:
        yield running


@pytest.mark.slow
def test_64_private_worlds_at_work_at_once_do_not_meet(server: Serving, alone: Serving) -> None:
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(lambda number: a_day_of_work(server, number), range(64)))

    for number in range(0, 64, 7):
        expected = a_day_of_work(alone, number)
        assert repr(together[number]).replace(server.url, alone.url) == repr(expected)
    assert len({repr(day) for day in together}) == 64 or len({repr(d[1:]) for d in together}) > 40
    shared = server.get("/api/tickets?per_page=100").text
    assert shared.replace(server.url, alone.url) == alone.get("/api/tickets?per_page=100").text
