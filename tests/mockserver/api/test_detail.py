import json

import pytest

from mockserver.contract import resources
from tests.support.harness import LIST_FIELDS, Api


def test_a_ticket_comes_under_one_key_with_its_thread_and_log(ann: Api) -> None:
    reply = ann.get("/api/tickets/1").json

    assert list(reply) == ["ticket"]
    assert list(reply["ticket"]) == [*LIST_FIELDS, "messages", "activities"]


def test_messages_come_oldest_first(ann: Api) -> None:
    messages = ann.ticket(1)["messages"]

    assert [message["created_at"] for message in messages] == [
        "2026-04-21T09:00:00+00:00",
        "2026-04-22T09:00:00+00:00",
    ]
    assert [message["type"] for message in messages] == ["inbound", "outbound"]


def test_a_message_has_every_documented_field(ann: Api) -> None:
    inbound, outbound = ann.ticket(1)["messages"]

    assert list(inbound) == [
        *("id", "ulid", "type", "body_html", "sender", "attachments", "is_forward", "created_at")
    ]
    assert inbound["body_html"] == "<p>The link expired.</p>"
    assert (inbound["sender"]["type"], outbound["sender"]["type"]) == ("contact", "user")
    assert list(inbound["sender"]) == ["id", "type", "name", "email", "avatar_url"]


def test_an_activity_has_the_three_documented_fields(ann: Api) -> None:
    assert ann.ticket(1)["activities"] == [
        {
            "type": "status_changed",
            "user": {"id": 1, "name": "Ann Archer"},
            "created_at": "2026-04-30T09:00:00+00:00",
        }
    ]


def test_activities_come_oldest_first(ann: Api) -> None:
    ann.change(1, status="closed")
    ann.change(1, status="spam")
    times = [activity["created_at"] for activity in ann.ticket(1)["activities"]]
    assert len(times) == 3
    assert times == sorted(times)


def test_the_documented_ticket_stands_word_for_word(demo: Api) -> None:
    documented = json.loads((resources.examples() / "get-ticket.json").read_text())
    assert demo.get("/api/tickets/42").json == documented


@pytest.mark.parametrize("key", ["0001", "%31"])
def test_an_id_may_have_leading_zeros_and_be_percent_encoded(ann: Api, key: str) -> None:
    assert ann.get(f"/api/tickets/{key}").json["ticket"] == ann.ticket(1)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("9999", "9999"),
        ("0", "0"),
        ("-1", "-1"),
        ("abc", "abc"),
        ("1abc", "1abc"),
        ("1.0", "1.0"),
        ("99999999999999999999999", "99999999999999999999999"),
        ("9223372036854775808", "9223372036854775808"),
        ("%0A", "\n"),
        ("\u0661", "\u0661"),  # a one, but not an ASCII one
        ("1%20", "1 "),
        ("null", "null"),
    ],
)
def test_a_path_that_names_no_ticket_is_404(ann: Api, key: str, shown: str) -> None:
    reply = ann.get(f"/api/tickets/{key}")
    assert reply.status_code == 404
    assert reply.json == {"message": f"No query results for model [App\\Models\\Ticket] {shown}"}


def test_a_ulid_is_no_id_unless_chosen(ann: Api) -> None:
    assert ann.get(f"/api/tickets/{ann.ticket(1)['ulid']}").status_code == 404


def test_a_ticket_of_another_workspace_is_missing(ann: Api, zoe: Api) -> None:
    assert zoe.ticket(50)["subject"] == "Elsewhere"
    for reply in (
        ann.get("/api/tickets/50"),
        ann.put("/api/tickets/50/status", {"status": "open"}),
        ann.put("/api/tickets/50/assignee", {"user_id": 1}),
        zoe.get("/api/tickets/1"),
    ):
        assert reply.status_code == 404
