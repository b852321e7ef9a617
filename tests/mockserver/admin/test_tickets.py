"""The admin API of mail: what a customer or a colleague writes shows everywhere at once."""

from typing import Any

import pytest

from tests.support.admin import AdminClient

LATER = "2026-05-03T12:00:00+00:00"


@pytest.fixture
def admin(admin: AdminClient, world_name: str) -> AdminClient:
    """The admin, and a private world that is two days later than its seed."""
    admin.open(world_name, clock=LATER)
    return admin


def test_a_new_ticket_is_found_by_every_means(admin: AdminClient, world_name: str) -> None:
    letter = {
        "subject": "Where is my parcel?",
        "text": "It should have come on <Monday>.\n\nPlease help.",
        "contact": {"email": "new@customer.example", "name": "Nell New"},
        "channel": 2,
        "tags": [2, 1],
    }
    ticket = admin.json("POST", f"/worlds/{world_name}/tickets", letter)["ticket"]
    assert ticket["status"] == "open"
    assert ticket["assignee"] is None
    assert ticket["created_at"] == ticket["updated_at"] == LATER
    assert ticket["contact"]["name"] == "Nell New"
    assert ticket["channel"]["id"] == 2
    assert [tag["id"] for tag in ticket["tags"]] == [2, 1]
    assert ticket["latest_message_preview"] == "It should have come on <Monday..."
    assert ticket["messages"][0]["body_html"].startswith("<p>It should have come on &lt;Monday")
    assert ticket["activities"] == []
    api = admin.api(f"ann@{world_name}")
    assert api.get(f"/api/tickets/{ticket['id']}").json["ticket"] == ticket
    for query in (
        "sort=-created_at&per_page=1",
        "sort=-last_activity_at&per_page=1",
        "filter[search]=come on <monday>",
        "filter[channel_ids]=2&filter[tag_ids]=1&filter[status]=open&filter[unassigned]=true",
    ):
        rows = api.get(f"/api/tickets?{query}").json["data"]
        assert ticket["id"] in [row["id"] for row in rows], query


def test_ids_go_on_where_the_world_stands(admin: AdminClient, world_name: str) -> None:
    seen = admin.api(f"ann@{world_name}").get("/api/tickets?per_page=100").json["data"]
    first, second = (
        admin.json("POST", f"/worlds/{world_name}/tickets", {})["ticket"] for _ in range(2)
    )
    assert first["id"] > max(ticket["id"] for ticket in seen)
    assert second["id"] == first["id"] + 1
    assert second["messages"][0]["id"] > first["messages"][0]["id"]
    assert first["ulid"] != second["ulid"]


def test_a_known_address_is_the_contact_who_wrote_before(
    admin: AdminClient, world_name: str
) -> None:
    path = f"/worlds/{world_name}/tickets"
    carl = {"contact": {"email": "CARL@customer.example"}}
    assert admin.json("POST", path, carl)["ticket"]["contact"]["id"] == 1
    new = {"contact": {"email": "new@customer.example"}}
    first, second = (admin.json("POST", path, new)["ticket"]["contact"] for _ in range(2))
    assert first == second
    assert first["id"] > 1


def test_what_is_left_out_is_made_up_alike_in_equal_worlds(admin: AdminClient) -> None:
    for name in ("equal-1", "equal-2"):
        admin.open(name)
        for path in ("tickets", "tickets", "tickets/1/reply", "tickets/1/answer", "tickets/1/note"):
            admin.json("POST", f"/worlds/{name}/{path}", {})
    one, two = (
        admin.api(f"ann@equal-{n}").get("/api/tickets?per_page=100").json["data"] for n in (1, 2)
    )
    assert one == two
    assert len({ticket["subject"] for ticket in one}) > 6


def test_a_reply_moves_preview_and_both_times(admin: AdminClient, world_name: str) -> None:
    api = admin.api(f"ann@{world_name}")
    before = api.get("/api/tickets/1").json["ticket"]
    path = f"/worlds/{world_name}/tickets/1/reply"
    after = admin.json("POST", path, {"body_html": "<p>It <b>works</b> now</p>"})["ticket"]
    assert after["messages"][:-1] == before["messages"]
    said = after["messages"][-1]
    assert (said["type"], said["sender"]["type"], said["sender"]["id"]) == ("inbound", "contact", 1)
    assert said["created_at"] == after["updated_at"] == LATER
    assert after["latest_message_preview"] == "It works now"
    assert after["status"] == before["status"]
    assert after["activities"] == before["activities"]
    rows = api.get("/api/tickets?sort=-last_activity_at").json["data"]
    assert rows[0]["id"] == 1
    assert rows[0]["latest_message_preview"] == "It works now"
    assert [row["id"] for row in api.get("/api/tickets?filter[search]=WORKS").json["data"]] == [1]


def test_a_contacts_reply_opens_a_closed_ticket_by_nobodys_hand(
    admin: AdminClient, world_name: str
) -> None:
    api = admin.api(f"ann@{world_name}")
    before = api.get("/api/tickets/2").json["ticket"]
    assert before["status"] == "closed"
    after = admin.json("POST", f"/worlds/{world_name}/tickets/2/reply", {})["ticket"]
    assert after["status"] == "open"
    reopened = {"type": "status_changed", "user": None, "created_at": LATER}
    assert after["activities"] == [*before["activities"], reopened]
    assert 2 in [row["id"] for row in api.get("/api/tickets?filter[status]=open").json["data"]]
    assert 2 not in [
        row["id"] for row in api.get("/api/tickets?filter[status]=closed").json["data"]
    ]


@pytest.mark.parametrize(("action", "kind"), [("answer", "outbound"), ("note", "note")])
def test_a_colleague_writes_and_the_status_stays(
    admin: AdminClient, world_name: str, action: str, kind: str
) -> None:
    path = f"/worlds/{world_name}/tickets/2/{action}"
    ticket = admin.json("POST", path, {"user": 2, "text": "Have you tried the other door?"})[
        "ticket"
    ]
    said = ticket["messages"][-1]
    assert (said["type"], said["sender"]["type"], said["sender"]["id"]) == (kind, "user", 2)
    assert ticket["status"] == "closed"
    [activity] = ticket["activities"]
    assert (activity["user"]["id"], activity["created_at"]) == (2, LATER)
    assert ticket["updated_at"] == LATER


def test_the_assignee_writes_when_nobody_is_named(admin: AdminClient, world_name: str) -> None:
    ticket = admin.json("POST", f"/worlds/{world_name}/tickets/1/answer", {})["ticket"]
    assert ticket["messages"][-1]["sender"]["id"] == ticket["assignee"]["id"] == 1


def test_tags_come_last_and_go_and_move_nothing_else(admin: AdminClient, world_name: str) -> None:
    api = admin.api(f"ann@{world_name}")
    before = api.get("/api/tickets/1").json["ticket"]

    def tags(method: str, tag: int) -> list[int]:
        ticket = admin.json(method, f"/worlds/{world_name}/tickets/1/tags/{tag}")["ticket"]
        rest: dict[str, Any] = {k: v for k, v in ticket.items() if k != "tags"}
        assert rest == {k: v for k, v in before.items() if k != "tags"}
        return [each["id"] for each in ticket["tags"]]

    def filtered(tag: int) -> list[int]:
        rows = api.get(f"/api/tickets?filter[tag_ids]={tag}").json["data"]
        return [row["id"] for row in rows]

    assert tags("PUT", 12) == [1, 2, 12]
    assert tags("PUT", 12) == [1, 2, 12]
    assert 1 in filtered(12)
    assert tags("DELETE", 1) == [2, 12]
    assert 1 not in filtered(1)
    assert tags("DELETE", 1) == [2, 12]


def test_the_api_and_the_admin_write_to_one_history(admin: AdminClient, world_name: str) -> None:
    api = admin.api(f"ann@{world_name}")
    admin.json("POST", f"/worlds/{world_name}/tickets/1/reply", {"text": "one"})
    api.put("/api/tickets/1/assignee", {"user_id": 2})
    admin.json("POST", f"/worlds/{world_name}/tickets/1/reply", {"text": "two"})
    api.put("/api/tickets/1/status", {"status": "closed"})
    ticket = api.get("/api/tickets/1").json["ticket"]
    assert [m["body_html"] for m in ticket["messages"][-2:]] == ["<p>one</p>", "<p>two</p>"]
    assert ticket["assignee"]["id"] == 2
    assert ticket["status"] == "closed"
    assert len(ticket["activities"]) == 3


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("tickets", {"channel": 99}, "channel"),
        ("tickets", {"workspace": 99}, "workspace"),
        ("tickets", {"tags": [1, 99]}, "tags"),
        ("tickets", {"subject": ""}, "subject"),
        ("tickets", {"contact": {"email": "nobody"}}, "contact.email"),
        ("tickets", {"contact": {"name": "x"}}, "contact"),
        ("tickets", {"text": "a", "body_html": "b"}, "body"),
        ("tickets/1/answer", {"user": 3}, "user"),
        ("tickets/1/answer", {"user": 99}, "user"),
        ("tickets/1/note", {"user": 1, "txt": "a"}, "body"),
        ("tickets/1/reply", {"user": 1}, "body"),
    ],
)
def test_bad_mail_is_refused_and_nothing_is_changed(
    admin: AdminClient, world_name: str, path: str, body: Any, field: str
) -> None:
    refused = admin.request("POST", f"/worlds/{world_name}/{path}", body)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == [field]
    assert admin.json("GET", f"/worlds/{world_name}")["world"]["changes"] == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "tickets/999/reply"),
        ("POST", "tickets/abc/reply"),
        ("POST", "tickets/99999999999999999999999/note"),
        ("PUT", "tickets/1/tags/99"),
        ("PUT", "tickets/999/tags/1"),
    ],
)
def test_what_is_not_there_is_404(
    admin: AdminClient, world_name: str, method: str, path: str
) -> None:
    refused = admin.request(method, f"/worlds/{world_name}/{path}")
    assert refused.status_code == 404
    assert refused.json["message"]
