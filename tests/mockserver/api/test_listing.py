import re

import pytest

from mockserver.contract.operations import Contract
from tests.support.harness import LIST_FIELDS, Api

ALL = [1, 2, 3, 5, 4, 6]


def test_a_page_has_the_documented_keys_and_nothing_else(ann: Api) -> None:
    page = ann.page()

    assert list(page) == ["data", "links", "meta"]
    assert list(page["links"]) == ["first", "last", "prev", "next"]
    assert list(page["meta"]) == ["current_page", "last_page", "per_page", "total"]


def test_every_ticket_of_the_workspace_is_listed_once(ann: Api) -> None:
    assert ann.ids() == ALL


def test_another_workspace_lists_its_own_tickets(zoe: Api) -> None:
    assert zoe.ids() == [50]


def test_a_list_item_has_the_twelve_fields_in_the_documented_order(ann: Api) -> None:
    assert [list(ticket) for ticket in ann.page()["data"]] == [LIST_FIELDS] * 6


def test_the_activity_timestamp_is_sorted_by_but_never_shown(ann: Api) -> None:
    text = ann.get("/api/tickets").text + ann.get("/api/tickets/1").text
    assert "last_activity_at" not in text


def test_a_list_item_is_the_detail_without_its_thread_and_log(ann: Api) -> None:
    for item in ann.page()["data"]:
        detail = ann.ticket(item["id"])
        assert {name: detail[name] for name in LIST_FIELDS} == item


def test_the_nested_objects_have_the_documented_keys(ann: Api) -> None:
    ticket = ann.page("filter[search]=reset")["data"][0]

    assert ticket["channel"] == {"id": 1, "name": "Mail", "type": "email", "color": "#3b82f6"}
    assert list(ticket["assignee"]) == ["id", "name", "email", "avatar_url", "timezone"]
    assert list(ticket["contact"]) == ["id", "ulid", "name", "email", "avatar_url"]
    assert [list(tag) for tag in ticket["tags"]] == [["id", "ulid", "name", "color"]] * 2


def test_times_are_written_with_seconds_and_offset(ann: Api) -> None:
    for ticket in ann.page()["data"]:
        for name in ("created_at", "updated_at"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", ticket[name])


def test_head_answers_as_get_without_a_body(ann: Api) -> None:
    get, head = ann.get("/api/tickets"), ann.send("HEAD", "/api/tickets")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_a_trailing_slash_changes_nothing(ann: Api) -> None:
    assert ann.get("/api/tickets/?per_page=2").json["data"] == ann.page("per_page=2")["data"]
    assert ann.get("/api/tickets/1/").json["ticket"] == ann.ticket(1)


@pytest.mark.parametrize("query", ["include=messages", "fields[tickets]=id", "q=1", "filter=open"])
def test_unknown_parameters_outside_filter_and_sort_are_ignored(ann: Api, query: str) -> None:
    assert ann.ids(query) == ALL


def test_the_reply_declares_json_that_nobody_may_cache(ann: Api) -> None:
    reply = ann.get("/api/tickets")

    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Cache-Control"] == "no-cache, private"


def test_every_documented_parameter_has_a_meaning(ann: Api) -> None:
    """A parameter that the contract gains and the code ignores would change nothing here."""
    narrowing = {
        "per_page": "1",
        "page": "2",
        "sort": "created_at",
        "filter[status]": "spam",
        "filter[channel_ids]": "12",
        "filter[tag_ids]": "12",
        "filter[search]": "refund",
        "filter[assigned_to_me]": "true",
        "filter[unassigned]": "true",
    }
    assert set(narrowing) == set(Contract.load().operations["listTickets"].query)
    for name, value in narrowing.items():
        assert ann.ids(f"{name}={value}") != ALL, name
