"""Lists show a write after the lag, and then exactly as details do; details show it at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.defects.replica import LAG, LaggingLists
from tests.support.harness import Api


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Lagging:
    """A mock behind lists that lag, whose seconds pass when the test says so."""

    seconds: Seconds = field(default_factory=Seconds)

    def __post_init__(self) -> None:
        self.app = create_app(Config(tickets=30))
        lists = LaggingLists(self.app.wsgi_app, self.seconds)
        self.app.wsgi_app = lists  # type: ignore[method-assign,assignment]  # Flask's way

    def api(self, token: str) -> Api:
        return Api(self.app, token)


@pytest.fixture
def lagging() -> Iterator[Lagging]:
    found = Lagging()
    yield found
    found.app.extensions["store"].close()


def listed(api: Api, id: int) -> Any:
    return next(row for row in api.page("per_page=100")["data"] if row["id"] == id)


@pytest.mark.parametrize("token", ["jane", "jane@private"])
def test_a_list_shows_a_write_after_the_lag_as_the_detail_does(lagging: Lagging, token) -> None:
    jane = lagging.api(token)
    before = listed(jane, 42)
    written = jane.change(42, status="closed")
    lagging.seconds.now = LAG * 0.99
    soon = listed(jane, 42)
    lagging.seconds.now = LAG
    late = listed(jane, 42)

    assert jane.ticket(42)["status"] == "closed"
    assert soon == before
    assert late == written
    assert 42 in jane.ids("filter[status]=closed&per_page=100")


def test_each_write_is_shown_in_its_turn(lagging: Lagging) -> None:
    jane = lagging.api("jane")
    jane.change(42, status="closed")
    lagging.seconds.now = LAG / 2
    jane.change(42, status="spam")
    lagging.seconds.now = LAG
    first = listed(jane, 42)["status"]
    lagging.seconds.now = LAG * 2

    assert (first, listed(jane, 42)["status"]) == ("closed", "spam")


def test_a_search_finds_a_reply_after_the_lag(lagging: Lagging) -> None:
    jane = lagging.api("jane")
    body = {"body": "<p>zebra crossing</p>", "to_recipients": ["someone@example.com"]}
    assert jane.send("POST", "/api/tickets/42/reply", json=body).status_code == 201
    before = jane.ids("filter[search]=zebra crossing")
    lagging.seconds.now = LAG

    assert (before, jane.ids("filter[search]=zebra crossing")) == ([], [42])


def test_what_was_refused_is_not_shown_later(lagging: Lagging) -> None:
    before = listed(lagging.api("jane"), 42)
    for token in ("readonly", "other", "nobody", ""):
        reply = lagging.api(token).put("/api/tickets/42/status", {"status": "closed"})
        assert reply.status_code in (401, 403, 404)
    lagging.seconds.now = LAG

    assert listed(lagging.api("jane"), 42) == before
    assert lagging.api("nobody").get("/api/tickets").status_code == 401
