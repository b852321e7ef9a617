from typing import Any

import pytest
from flask import Flask

from tests.support.harness import CLOCK, LIST_FIELDS, NOW, WORLD_FILE, Api

pytestmark = pytest.mark.both_databases

SORTS = ["created_at", "updated_at", "last_activity_at"]


def only(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: fields[name] for name in names}


def without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


@pytest.mark.parametrize("body", [{"status": "closed"}, {"user_id": 2}, {"user_id": None}])
def test_an_update_answers_the_ticket_as_the_list_shows_it(ann: Api, body: dict[str, Any]) -> None:
    path = "/api/tickets/1/" + ("status" if "status" in body else "assignee")
    reply = ann.put(path, body)

    assert reply.status_code == 200
    assert list(reply.json) == ["ticket"]
    assert list(reply.json["ticket"]) == LIST_FIELDS
    assert reply.json["ticket"] == ann.page("filter[search]=reset")["data"][0]


def test_a_status_change_moves_status_and_update_time_and_nothing_else(ann: Api) -> None:
    before, after = ann.ticket(2), (ann.change(2, status="open"), ann.ticket(2))[1]

    moved = ("status", "updated_at", "activities")
    assert only(after, "status", "updated_at") == {"status": "open", "updated_at": NOW}
    assert without(after, *moved) == without(before, *moved)


def test_an_assignment_moves_assignee_and_update_time_and_nothing_else(ann: Api) -> None:
    before, after = ann.ticket(2), (ann.change(2, user_id=2), ann.ticket(2))[1]

    moved = ("assignee", "updated_at", "activities")
    assert after["assignee"] == ann.ticket(3)["assignee"]
    assert after["updated_at"] == NOW
    assert without(after, *moved) == without(before, *moved)


def test_a_change_appends_one_activity_by_the_user_of_the_token(ann: Api, ben: Api) -> None:
    before = ann.ticket(1)["activities"]
    ben.change(1, status="closed")
    ben.change(1, user_id=2)

    by_ben = {"user": {"id": 2, "name": "Ben Baker"}, "created_at": NOW}
    assert ann.ticket(1)["activities"] == [
        *before,
        {"type": "status_changed", **by_ben},
        {"type": "assignee_changed", **by_ben},
    ]


def test_null_unassigns(ann: Api) -> None:
    assert ann.change(1, user_id=None)["assignee"] is None
    assert ann.ticket(1)["assignee"] is None


@pytest.mark.parametrize("status", ["open", "closed", "spam"])
@pytest.mark.parametrize("id", [1, 2, 3])
def test_any_status_may_follow_any_other(ann: Api, id: int, status: str) -> None:
    ann.change(id, status=status)
    assert ann.ticket(id)["status"] == status


@pytest.mark.parametrize(
    ("id", "body"), [(1, {"status": "open"}), (1, {"user_id": 1}), (2, {"user_id": None})]
)
def test_setting_what_is_so_already_moves_nothing(ann: Api, id: int, body: dict[str, Any]) -> None:
    before, order = ann.ticket(id), ann.ids()
    ann.change(id, **body)
    assert (ann.ticket(id), ann.ids()) == (before, order)


def test_a_changed_status_shows_in_every_filter_at_once(ann: Api) -> None:
    ann.change(4, status="spam")

    assert ann.ids("filter[status]=open") == [1, 5]
    assert ann.ids("filter[status]=spam") == [4, 3]
    assert ann.page("filter[status]=open")["meta"]["total"] == 2
    assert ann.page("filter[status]=open,spam")["meta"]["total"] == 4
    assert ann.ids("filter[status]=spam&filter[channel_ids]=12") == [4]
    assert ann.ids("filter[status]=spam&filter[tag_ids]=12") == [4]
    assert ann.ids("filter[status]=spam&filter[search]=nothing") == [4]


def test_a_changed_assignee_shows_in_every_filter_at_once(ann: Api, ben: Api) -> None:
    ann.change(4, user_id=2)
    ann.change(1, user_id=None)

    assert ann.ids("filter[assigned_to_me]=true") == []
    assert ben.ids("filter[assigned_to_me]=true") == [4, 3, 6]
    assert ann.ids("filter[unassigned]=true") == [1, 2, 5]


def test_a_change_shows_in_every_sort_at_once(ann: Api) -> None:
    before = {key: ann.ids(f"sort={key}") for key in SORTS}
    ann.change(6, status="open")

    assert ann.ids("sort=updated_at") == [4, 5, 3, 2, 1, 6]
    assert ann.ids("sort=-updated_at") == [6, 1, 2, 3, 5, 4]
    for key in ("created_at", "last_activity_at"):
        assert ann.ids(f"sort={key}") == before[key]


def test_a_change_keeps_the_total_of_the_whole_list(ann: Api) -> None:
    for id in (1, 2, 3):
        ann.change(id, status="closed")
    assert (sorted(ann.ids()), ann.page()["meta"]["total"]) == ([1, 2, 3, 4, 5, 6], 6)


def test_a_change_shows_on_the_page_it_moves_to(ann: Api) -> None:
    ann.change(6, status="open")
    assert [ann.ids(f"per_page=2&page={page}") for page in (1, 2, 3)] == [[6, 1], [2, 3], [5, 4]]


def test_changes_of_one_ticket_add_up(ann: Api) -> None:
    ann.change(5, status="closed")
    ann.change(5, user_id=2)
    ann.change(5, status="spam")

    ticket = ann.ticket(5)
    assert (ticket["status"], ticket["assignee"]["id"]) == ("spam", 2)
    assert [a["type"] for a in ticket["activities"]] == [
        *("status_changed", "assignee_changed", "status_changed")
    ]


def test_a_change_never_moves_the_update_time_back(make_app: Any) -> None:
    early = Api(make_app(world=WORLD_FILE, clock=CLOCK), "ann")
    kept = early.app.extensions["store"].url
    early.change(1, status="closed")
    late = Api(make_app(database=kept, clock="2020-01-01T00:00:00Z"), "ann")

    assert late.change(1, status="open")["updated_at"] == NOW
    times = [activity["created_at"] for activity in late.ticket(1)["activities"]]
    assert times == sorted(times)


@pytest.mark.parametrize(
    "body",
    [{"user_id": "2"}, {"user_id": 2.0}, {"user_id": " 2 "}, {"user_id": "+2"}],
)
def test_an_assignee_may_be_written_loosely(ann: Api, body: dict[str, Any]) -> None:
    assert ann.change(1, **body)["assignee"]["id"] == 2


def test_true_counts_as_user_one(ann: Api) -> None:
    assert ann.change(2, user_id=True)["assignee"]["id"] == 1


@pytest.mark.parametrize("value", ["", "   "])
def test_an_empty_assignee_is_null(ann: Api, value: str) -> None:
    assert ann.change(1, user_id=value)["assignee"] is None


def test_a_status_is_trimmed(ann: Api) -> None:
    assert ann.change(1, status=" closed ")["status"] == "closed"


def test_fields_that_nobody_asked_for_are_ignored(ann: Api) -> None:
    before = ann.ticket(1)
    ann.put("/api/tickets/1/status", {"status": "closed", "subject": "Changed", "user_id": 2})
    after = ann.ticket(1)
    assert only(after, "subject", "assignee") == only(before, "subject", "assignee")


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "application/json; charset=utf-8", "application/vnd.api+json"],
)
def test_json_is_read_under_every_name_it_has(ann: Api, media_type: str) -> None:
    reply = ann.send(
        "PUT", "/api/tickets/1/status", data=b'{"status": "spam"}', content_type=media_type
    )
    assert reply.json["ticket"]["status"] == "spam"


def test_a_form_is_read(ann: Api) -> None:
    ann.send("PUT", "/api/tickets/1/status", data={"status": "spam"})
    ann.send("PUT", "/api/tickets/1/assignee", data={"user_id": "2"})
    ticket = ann.ticket(1)
    assert (ticket["status"], ticket["assignee"]["id"]) == ("spam", 2)


def test_a_field_may_stand_in_the_query_but_the_body_wins(ann: Api) -> None:
    assert ann.send("PUT", "/api/tickets/1/status?status=spam").json["ticket"]["status"] == "spam"
    reply = ann.put("/api/tickets/1/status?status=spam", {"status": "closed"})
    assert reply.json["ticket"]["status"] == "closed"


def test_the_shared_world_is_another_than_a_private_one(seeded_app: Flask, ann: Api) -> None:
    ann.change(1, status="spam")
    assert Api(seeded_app, "ann").ticket(1)["status"] == "open"
