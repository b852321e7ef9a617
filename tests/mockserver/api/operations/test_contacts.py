"""Lists of contacts, compared with a model in Python."""

from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.harness import CLOCK, Api

SORTS = {
    "name": lambda row: ((row["name"] or "").casefold(), row["id"]),
    "created_at": lambda row: row["id"],
    "last_activity": lambda row: (row["last_activity_at"] or "", row["id"]),
}


@pytest.fixture(scope="module")
def jane() -> Api:
    return Api(create_app(Config(clock=CLOCK, tickets=300)), "jane")


def contacts(api: Api, query: str = "") -> list[dict[str, Any]]:
    """Return the contacts of all pages."""
    found, number, last = [], 1, 1
    while number <= last:
        page = api.get(f"/api/contacts?per_page=40&page={number}&{query}").json
        found += page["data"]
        number, last = number + 1, page["meta"]["last_page"]
    assert len(found) == page["meta"]["total"]
    return found


@pytest.mark.parametrize("key", SORTS)
def test_a_sort_key_orders_every_page(jane: Api, key: str) -> None:
    ascending = contacts(jane, f"sort={key}")
    assert ascending == sorted(ascending, key=SORTS[key])
    assert contacts(jane, f"sort=-{key}") == ascending[::-1]


def test_names_come_first_without_a_sort_key(jane: Api) -> None:
    assert contacts(jane) == contacts(jane, "sort=name")


@pytest.mark.parametrize("term", ["john", "ANN", "a", "%", "_", "\\", "zq", "é", ".example"])
@pytest.mark.parametrize("name", ["name", "email", "search"])
def test_a_filter_finds_a_part_in_either_case(jane: Api, name: str, term: str) -> None:
    fields = ("name", "email") if name == "search" else (name,)
    expected = [
        row
        for row in contacts(jane)
        if any(term.casefold() in (row[field] or "").casefold() for field in fields)
    ]
    assert contacts(jane, f"filter[{name}]={term.replace('%', '%25')}") == expected


def test_counts_and_times_are_those_of_the_tickets(jane: Api) -> None:
    tickets: list[dict[str, Any]] = []
    for number in range(1, 5):
        tickets += jane.page(f"per_page=100&page={number}")["data"]
    for row in contacts(jane):
        own = [ticket for ticket in tickets if ticket["contact"]["id"] == row["id"]]
        assert row["ticket_count"] == len(own)
        assert row["last_activity_at"] == max((t["updated_at"] for t in own), default=None)


def test_a_change_in_a_private_world_is_counted_there_alone(jane: Api) -> None:
    private = Api(jane.app, "jane@contacts")
    before = private.get("/api/contacts/12").json["contact"]
    private.put("/api/tickets/42/status", {"status": "closed"})
    after = private.get("/api/contacts/12").json["contact"]
    assert after["ticket_count"] == before["ticket_count"]
    assert after["last_activity_at"] > before["last_activity_at"]
    assert jane.get("/api/contacts/12").json["contact"] == before


def test_some_contacts_have_notes(jane: Api) -> None:
    ids = [row["id"] for row in contacts(jane)]
    notes = [jane.get(f"/api/contacts/{id}").json["contact"]["notes"] for id in ids[:60]]
    assert {note is None for note in notes} == {True, False}


@pytest.mark.parametrize("key", ["999999", "abc", "0", "99999999999999999999"])
def test_an_unknown_contact_is_404(jane: Api, key: str) -> None:
    reply = jane.get(f"/api/contacts/{key}")
    text = rf"No query results for model [App\Models\Contact] {key}"
    assert (reply.status_code, reply.json["message"]) == (404, text)


def test_unknown_filters_and_sorts_are_400(jane: Api) -> None:
    assert jane.get("/api/contacts?filter[phone]=1").status_code == 400
    assert jane.get("/api/contacts?sort=email").status_code == 400
