"""Healthy variants are strange, and keep the contract all the same."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import orjson
import pytest
from flask import Flask

from mockserver.contract.operations import Contract
from mockserver.defects.healthy_variants import HEALTHY, Variant
from tests.support.harness import CLOCK
from tests.support.probes import API, NOWHERE, Caller, Seen

TIMED = (
    "background-activity",
    "slow",
    "resetting",
    "throttled",
    "deployed-meanwhile",
    "session-cookies",
    "compressed",
    "lists-lag",
)
"""Variants that are strange in when they answer, or whether, or in headers: not in what."""


@pytest.fixture(scope="module", params=HEALTHY.values(), ids=HEALTHY)
def variant(request: pytest.FixtureRequest) -> Variant:
    found: Variant = request.param
    return found


@pytest.fixture(scope="module")
def walked(variant: Variant) -> list[Seen]:
    """Return what a variant answers."""
    # Real faults cut connections, which no in-process client survives: the mock's own tests do it.
    opened = variant.open(clock=CLOCK, faults=())
    seen = walk(opened, variant.token)
    opened.extensions["admin"].scheduler.close()
    opened.extensions["store"].close()
    return seen


@pytest.fixture(scope="module")
def default_walk() -> Iterator[list[Seen]]:
    opened = HEALTHY["default"].open(clock=CLOCK)
    yield walk(opened, "jane")
    opened.extensions["store"].close()


@pytest.fixture(scope="module")
def validators() -> dict[str, dict[int, Any]]:
    contract = Contract.load().page
    return {
        operation.id: {
            status: jsonschema_rs.validator_for(contract.standalone(schema), validate_formats=True)
            for status, schema in operation.responses.items()
            if schema is not None
        }
        for operation in contract.operations.values()
    }


def walk(app: Flask, token: str) -> list[Seen]:
    """Ask for lists, details and changes, and for what is refused or may be."""
    caller = Caller(app, "healthy")
    rows = caller.list(token)["data"]
    ids = [row["id"] for row in rows[:8]] or [NOWHERE]
    for query in ({"per_page": 5, "page": 2}, {"per_page": 0}, {"per_page": 1000}, {"page": "x"}):
        caller.list(token, **query)
    tags = ",".join(str(tag["id"]) for row in rows for tag in row["tags"])
    for name, value in {
        "status": "archived",
        "tag_ids": tags,
        "search": "reset password",
        "unassigned": "false",
        "unknown": "1",
    }.items():
        caller.list(token, **{f"filter[{name}]": value})
    for id in [*ids, *(row["ulid"] for row in rows[:1]), 501, NOWHERE]:
        caller.detail(id, token)
    for status in ("closed", "closed", "open"):
        caller.status(ids[0], status, token)
    for row in rows[8:12]:
        caller.status(row["id"], row["status"], token)
        caller.detail(row["id"], token)
    caller.write("assignee", ids[0], {}, token)
    caller.ask("getTicket", "GET", f"{API}/{ids[0]}", "nobody")
    return caller.seen


def test_there_are_at_least_twenty() -> None:
    assert len(HEALTHY) >= 20


@pytest.mark.slow
def test_every_reply_keeps_the_contract(
    variant: Variant, walked: list[Seen], validators: dict[str, dict[int, Any]]
) -> None:
    for seen in walked:
        if seen.status == 503 and variant.name == "deployed-meanwhile":
            continue
        validator = validators[seen.operation][seen.status]
        validator.validate(orjson.loads(seen.body))


@pytest.mark.slow
def test_each_is_strange_in_some_reply(
    variant: Variant, walked: list[Seen], default_walk: list[Seen]
) -> None:
    if variant.name in TIMED:
        return
    same = [seen.answer for seen in walked] == [seen.answer for seen in default_walk]
    assert same == (variant.name == "default")


def test_nothing_has_a_small_id_where_ids_are_big() -> None:
    opened = HEALTHY["big-ids"].open(clock=CLOCK)
    rows = Caller(opened, "ids").list(per_page=100)["data"]
    opened.extensions["store"].close()
    assert len(rows) == 100
    assert min(id for row in rows for id in ids_of(row)) >= 100_000


@pytest.mark.slow
def test_dressed_replies_mean_what_they_meant() -> None:
    answers = []
    for name in ("default", "as-php-writes", "indented"):
        opened = HEALTHY[name].open(clock=CLOCK)
        answers.append(Caller(opened, "same").list(per_page=100))
        opened.extensions["store"].close()
    assert answers[0] == answers[1] == answers[2]


def ids_of(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if "id" in value:
            yield value["id"]
        for inner in value.values():
            yield from ids_of(inner)
    if isinstance(value, list):
        for inner in value:
            yield from ids_of(inner)
