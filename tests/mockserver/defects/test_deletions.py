"""Deleted tickets are gone from everything that shows them, and written ones are never deleted."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.defects.deletions import EVERY
from mockserver.defects.healthy_variants import HEALTHY
from tests.support.harness import CLOCK, Api


@pytest.fixture
def jane() -> Iterator[Api]:
    app = HEALTHY["tickets-deleted"].open(clock=CLOCK, tickets=40)
    yield Api(app, "jane@deletions")
    app.extensions["store"].close()


def everything(jane: Api) -> dict[int, dict[str, Any]]:
    """Return the details of all tickets by id."""
    found = {id: jane.get(f"/api/tickets/{id}") for id in jane.ids("per_page=100")}
    return {id: reply.json["ticket"] for id, reply in found.items() if reply.status_code == 200}


def contact(jane: Api, id: int) -> Any:
    return jane.get(f"/api/contacts/{id}").json["contact"]  # type: ignore[index]


def test_a_deleted_ticket_is_gone_from_details_lists_searches_and_contacts(jane: Api) -> None:
    before = everything(jane)
    contacts = {t["contact"]["id"]: contact(jane, t["contact"]["id"]) for t in before.values()}
    total = [jane.page()["meta"]["total"] for _ in range(EVERY - 1)][-1]
    gone = [id for id in before if jane.get(f"/api/tickets/{id}").status_code == 404]

    assert len(gone) == 1
    ticket = before.pop(gone[0])
    owner = ticket["contact"]["id"]
    assert total == len(before)
    assert contact(jane, owner)["ticket_count"] == contacts[owner]["ticket_count"] - 1
    assert ticket["id"] not in jane.ids(f"filter[search]={ticket['subject']}&per_page=100")
    assert jane.put(f"/api/tickets/{gone[0]}/status", {"status": "open"}).status_code == 404
    assert {id: jane.ticket(id) for id in before} == before


def test_tickets_that_were_written_stay_and_so_does_half_of_the_others(jane: Api) -> None:
    before = everything(jane)
    written = list(before)[:10]
    for id in written:
        jane.change(id, status="spam")
    for _ in range(EVERY * len(before)):
        jane.page("per_page=1")

    left = everything(jane)
    assert set(written) <= set(left)
    assert len(before) / 3 < len(left) < len(before) * 0.9
