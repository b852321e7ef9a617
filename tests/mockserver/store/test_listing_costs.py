"""What a list costs does not grow with the tickets: counted in steps, not in time."""

import gc
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import ReferenceType, ref

import pytest
from flask import Flask
from mockserver.store.cataloguing import _Ranked

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.harness import CLOCK, Api

SMALL, LARGE = 300, 4_000

QUERIES = [
    "",
    "sort=created_at",
    "sort=-last_activity_at",
    "sort=created_at,-updated_at",
    "filter[status]=open",
    "filter[channel_ids]=1,2&filter[unassigned]=true",
    "filter[tag_ids]=1,3&sort=created_at",
    "filter[assigned_to_me]=true",
    "filter[search]=e",
    "filter[search]=the",
    "filter[search]=order+1",
    "filter[search]=xylophonist",
    "filter[search]=password&filter[status]=open&sort=-created_at",
]


@dataclass
class Counter:
    """Counts what the connections of an app do."""

    app: Flask
    asked: int = 0
    steps: int = 0
    statements: list[str] = field(default_factory=list)

    def ask(self, api: Api, query: str) -> Any:
        """Ask for a page as if nothing of it had been read before."""
        self._forget()
        return self.ask_again(api, query)

    def ask_again(self, api: Api, query: str) -> Any:
        """Ask for a page that was not answered before, with all that is known of others."""
        self.steps, self.statements = 0, []
        self.asked += 1
        for connection in self.connections:
            connection.set_progress_handler(self._step, 1)
            connection.set_trace_callback(self.statements.append)
        return api.page(f"{query}&number={self.asked}")

    @property
    def connections(self) -> list[Any]:
        connections: list[Any] = self.app.extensions["store"]._database._connections._idle
        return connections

    def _forget(self) -> None:
        store = self.app.extensions["store"]
        store._listing._rows._kept.clear()
        store._listing._rows._own.clear()
        store._listing._own._known.clear()
        store._details.clear()

    def _step(self) -> None:
        self.steps += 1


@pytest.fixture(scope="module")
def counters() -> Iterator[dict[int, Counter]]:
    apps = {size: create_app(Config(tickets=size, clock=CLOCK)) for size in (SMALL, LARGE)}
    for app in apps.values():  # a world of its own, with some changes
        api = Api(app, "jane@changed")
        for id in api.ids("per_page=20"):
            api.change(id, status="spam")
    yield {size: Counter(app) for size, app in apps.items()}
    for app in apps.values():
        app.extensions["store"].close()


@pytest.mark.parametrize("token", ["jane", "jane@changed"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_list_takes_no_more_steps_among_more_tickets(
    counters: dict[int, Counter], query: str, token: str
) -> None:
    def steps(size: int) -> list[int]:
        counter = counters[size]
        api = Api(counter.app, token)
        counter.ask(api, query)
        last = counter.ask(api, f"{query}&per_page=10")["meta"]["last_page"]
        spent = []
        for page in (1, (last + 1) // 2, last):
            counter.ask(api, f"{query}&per_page=10&page={page}")
            assert len(counter.statements) <= 9, counter.statements
            spent.append(counter.steps)
        return spent

    few, many = max(steps(SMALL)), max(steps(LARGE))
    assert many <= 1.3 * few + 100, (few, many)


@pytest.mark.parametrize("query", QUERIES)
def test_a_first_request_reads_no_tickets_but_its_own(
    counters: dict[int, Counter], query: str
) -> None:
    counter = counters[LARGE]
    counter.app.extensions["store"]._listing._catalogues._open.clear()
    counter.ask(Api(counter.app, "jane"), query)
    assert counter.steps < 6_000, "it goes through tickets one by one"


@pytest.mark.parametrize("query", QUERIES)
def test_no_statement_scans_or_sorts_a_table(counters: dict[int, Counter], query: str) -> None:
    counter = counters[LARGE]
    counter.app.extensions["store"]._listing._catalogues._open.clear()
    counter.ask(Api(counter.app, "jane@changed"), query)
    connection = counter.connections[0]
    connection.set_trace_callback(None)
    for statement in {each for each in counter.statements if each.startswith("SELECT")}:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        told = "\n".join(row[3] for row in plan)
        assert not re.search(r"SCAN (tickets|messages|tagged|catalogue)\b|TEMP B-TREE", told), told


@pytest.mark.parametrize("query", QUERIES)
def test_what_a_change_costs_the_next_list_does_not_grow_with_the_changes(
    counters: dict[int, Counter], query: str
) -> None:
    """Only what changed is read again, however much has changed before."""
    counter, spent = counters[SMALL], []
    for changes in (2, 150):
        api = Api(counter.app, f"jane@{changes}-changes-{abs(hash(query))}")
        ids = [id for page in (1, 2) for id in api.ids(f"per_page=100&page={page}")]
        for id in ids[:changes]:
            api.change(id, status="spam")
        counter.ask(api, query)
        api.change(ids[0], status="closed")
        counter.ask_again(api, query)
        spent.append(counter.steps)
    few, many = spent
    assert few > 0
    assert many <= 1.3 * few + 100, (few, many)


@pytest.mark.parametrize("query", ["", "sort=created_at", "sort=-last_activity_at"])
def test_a_first_request_does_not_wait_for_what_was_prepared(
    counters: dict[int, Counter], query: str
) -> None:
    counter = counters[LARGE]
    store = counter.app.extensions["store"]
    store._listing._catalogues._open.clear()
    store.prepare()
    counter.ask(Api(counter.app, "jane"), query)
    assert [each for each in counter.statements if "catalogue" in each] == []


def test_the_sets_of_one_order_are_gone_before_the_next_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are what a large world takes most memory for while it is seeded."""
    made: list[ReferenceType[_Ranked]] = []
    make = _Ranked.__init__

    def noted(self: _Ranked, *given: Any) -> None:
        assert [each for each in made if each()] == []
        make(self, *given)
        made.append(ref(self))

    monkeypatch.setattr(_Ranked, "__init__", noted)
    gc.disable()
    try:
        create_app(Config(tickets=300)).extensions["store"].close()
    finally:
        gc.enable()
    assert len(made) >= 3
