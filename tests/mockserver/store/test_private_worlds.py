"""`token@name`: every name is a world of its own, and nobody sees another's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from tests.support.harness import WORLD_FILE, Api

pytestmark = pytest.mark.both_databases


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


def test_a_reset_world_can_be_changed_again(ann: Api) -> None:
    ann.change(1, status="spam")
    ann.send("POST", "/_mock/reset")
    ann.change(1, status="closed")
    assert [a["type"] for a in ann.ticket(1)["activities"]] == ["status_changed"] * 2
