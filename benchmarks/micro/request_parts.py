"""The parts of a request, timed one by one.

Run with `python -m pytest benchmarks/micro/request_parts.py`.
"""

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.dataset.export import CLOCK, WORLD
from mockserver.api.pagination import links_and_meta
from mockserver.api.query import Query
from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract
from mockserver.contract.response_check import Check
from mockserver.store import Caller, Store

pytest.importorskip("pytest_benchmark", reason="pip install 'there-there-mock[benchmark]'")

Benchmark = Callable[..., Any]

_TICKETS = 10_000
_QUERY = "filter%5Bstatus%5D=open&sort=-updated_at&per_page=25"
_JANE = {"Authorization": "Bearer jane"}


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    app = create_app(Config(world=WORLD, tickets=_TICKETS, clock=CLOCK))
    yield app
    app.extensions["store"].close()


@pytest.fixture(scope="module")
def store(app: Flask) -> Store:
    store: Store = app.extensions["store"]
    return store


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def jane(store: Store) -> Caller:
    caller = store.worlds.find_caller("jane")
    assert caller is not None
    return caller


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract.load()


def test_caller(benchmark: Benchmark, store: Store) -> None:
    assert benchmark(store.worlds.find_caller, "jane") is not None


def test_query(benchmark: Benchmark, contract: Contract) -> None:
    operation = contract.operations["listTickets"]

    def read() -> Any:
        query = Query(operation, _QUERY, Choices())
        return query.numbers(), query.filters(), query.sort()

    assert benchmark(read)[1] == {"status": ["open"]}


@pytest.mark.parametrize("number", [1, 50])
def test_page(benchmark: Benchmark, store: Store, jane: Caller, number: int) -> None:
    page = benchmark(store.tickets.page, jane, {"status": ["open"]}, ["-updated_at"], number, 25)
    assert len(page.rows) == 25


def test_envelope(benchmark: Benchmark, store: Store, jane: Caller) -> None:
    page = store.tickets.page(jane, {}, ["-updated_at"], 2, 25)
    address = "http://127.0.0.1:4010/api/tickets"
    around = benchmark(links_and_meta, page, address, [("per_page", "25")], Choices())
    assert around["meta"]["current_page"] == 2


def test_check(benchmark: Benchmark, contract: Contract, client: FlaskClient) -> None:
    body = client.get("/api/tickets", headers=_JANE).data
    schema = contract.operations["listTickets"].responses[200]
    assert schema is not None
    benchmark(Check(contract, schema, "listTickets: 200").body, body)


def test_detail(benchmark: Benchmark, store: Store, jane: Caller) -> None:
    assert benchmark(store.detail, jane, 1)


def test_put(benchmark: Benchmark, store: Store, jane: Caller) -> None:
    statuses = cycle(("closed", "open"))
    assert benchmark(lambda: store.changes.set_status(jane, 1, next(statuses)))


def test_whole_list(benchmark: Benchmark, client: FlaskClient) -> None:
    reply = benchmark(client.get, f"/api/tickets?{_QUERY}", headers=_JANE)
    assert reply.status_code == 200
