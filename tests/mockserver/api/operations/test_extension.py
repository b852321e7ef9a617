"""The operations outside the page: what they return, refuse and change."""

from typing import Any

import pytest
from flask import Flask

from mockserver.contract.choices import Choices
from tests.support.harness import NOW, Api, MakeApp

BODY = "<p>We found the <b>cause</b>.</p>"
ADDRESS = "someone@example.com"


def post(api: Api, path: str, body: Any = None) -> Any:
    return api.send("POST", f"/api/tickets/{path}", **({} if body is None else {"json": body}))


def rows(api: Api, path: str) -> list[dict[str, Any]]:
    reply = api.get(f"/api/{path}")
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json["data"]
    return found


def test_me_is_the_user_of_the_token(ann: Api, ben: Api) -> None:
    assert ann.get("/api/me").json["name"] == "Ann Archer"
    assert ben.get("/api/me").json["id"] == 2


def test_members_are_those_who_have_not_left_by_name(ann: Api) -> None:
    assert [row["name"] for row in rows(ann, "members")] == ["Ann Archer", "Ben Baker", "Rita Reed"]


def test_channels_and_tags_are_those_of_the_workspace(ann: Api) -> None:
    assert [row["id"] for row in rows(ann, "channels")] == [1, 2, 12]
    assert [row["name"] for row in rows(ann, "tags")] == ["bug", "late", "money"]
    ticket = ann.ticket(1)
    assert ticket["tags"][0] in rows(ann, "tags")
    assert ticket["channel"] in rows(ann, "channels")


@pytest.mark.parametrize(
    ("kind", "extra", "type_", "forward", "activity"),
    [
        ("reply", {}, "outbound", False, "reply_sent"),
        ("note", {}, "note", False, "note_added"),
        ("forward", {"to_recipients": [ADDRESS]}, "outbound", True, "forwarded"),
    ],
)
def test_a_message_is_seen_everywhere_at_once(
    ann: Api, kind: str, extra: dict[str, Any], type_: str, forward: bool, activity: str
) -> None:
    before = ann.ticket(2)
    reply = post(ann, f"2/{kind}", {"body": BODY, **extra})
    assert reply.status_code == 201, reply.text
    message = reply.json["message"]
    assert (message["type"], message["is_forward"]) == (type_, forward)
    assert (message["sender"]["type"], message["sender"]["id"]) == ("user", 1)

    after = ann.ticket(2)
    assert after["messages"] == [*before["messages"], message]
    assert after["activities"][-1] == {
        "type": activity,
        "user": {"id": 1, "name": "Ann Archer"},
        "created_at": NOW,
    }
    assert (after["updated_at"], after["latest_message_preview"]) == (NOW, "We found the cause.")
    assert after["status"] == before["status"] == "closed"
    assert ann.ids("filter[search]=found%20the%20cause") == [2]
    assert ann.ids("sort=-last_activity_at")[0] == 2


def test_a_forwarded_message_is_one_of_the_ticket(ann: Api) -> None:
    own, other = (ann.ticket(id)["messages"][0]["id"] for id in (1, 2))
    body = {"body": BODY, "to_recipients": [ADDRESS], "forwarded_from_message_id": own}
    assert post(ann, "1/forward", body).status_code == 201
    refused = post(ann, "1/forward", body | {"forwarded_from_message_id": other})
    problem = "The selected forwarded from message id is invalid."
    assert (refused.status_code, refused.json["message"]) == (422, problem)


REFUSED = [
    ("reply", {}, {"body": ["The body field is required."]}),
    ("note", {"body": " \n"}, {"body": ["The body field is required."]}),
    ("note", {"body": 5}, {"body": ["The body field must be a string."]}),
    (
        "reply",
        {"body": BODY, "to_recipients": [ADDRESS, "nobody", 7]},
        {
            "to_recipients.1": ["The to_recipients.1 field must be a valid email address."],
            "to_recipients.2": ["The to_recipients.2 field must be a valid email address."],
        },
    ),
    (
        "reply",
        {"body": BODY, "cc_recipients": "a@b.example"},
        {"cc_recipients": ["The cc recipients field must be an array."]},
    ),
    (
        "forward",
        {"to_recipients": []},
        {
            "body": ["The body field is required."],
            "to_recipients": ["The to recipients field is required."],
        },
    ),
]


@pytest.mark.parametrize(("kind", "body", "errors"), REFUSED)
def test_an_invalid_message_is_refused_and_not_stored(
    ann: Api, kind: str, body: Any, errors: dict[str, list[str]]
) -> None:
    before = ann.ticket(1)
    reply = post(ann, f"1/{kind}", body)
    assert (reply.status_code, reply.json["errors"]) == (422, errors)
    assert ann.ticket(1) == before


def test_half_of_a_surrogate_pair_is_no_json(ann: Api) -> None:
    reply = ann.send(
        "POST",
        "/api/tickets/1/note",
        data=rb'{"body": "\ud800"}',
        content_type="application/json",
    )
    assert reply.json["errors"] == {"body": ["The body field is required."]}


def test_a_form_can_hold_a_list_of_recipients(ann: Api) -> None:
    form = {"body": BODY, "to_recipients[]": [ADDRESS, "nobody"]}
    reply = ann.send("POST", "/api/tickets/1/reply", data=form, content_type=FORM)
    assert list(reply.json["errors"]) == ["to_recipients.1"]


FORM = "application/x-www-form-urlencoded"


def test_a_tag_is_added_once_and_removed(ann: Api) -> None:
    def tags(reply: Any) -> list[int]:
        assert reply.status_code == 200, reply.text
        return [tag["id"] for tag in reply.json["ticket"]["tags"]]

    assert tags(post(ann, "1/tags/12")) == [1, 2, 12]
    assert tags(post(ann, "1/tags/12")) == [1, 2, 12]
    assert 1 in ann.ids("filter[tag_ids]=12")
    assert tags(ann.send("DELETE", "/api/tickets/1/tags/1")) == [2, 12]
    assert tags(ann.send("DELETE", "/api/tickets/1/tags/1")) == [2, 12]
    assert [a["type"] for a in ann.ticket(1)["activities"]][1:] == ["tag_added", "tag_removed"]


@pytest.mark.parametrize("path", ["/api/tickets/1/tags/99", "/api/tickets/99/tags/1"])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_missing_ticket_or_tag_is_404(ann: Api, method: str, path: str) -> None:
    assert ann.send(method, path).status_code == 404


def test_a_team_is_assigned_beside_the_assignee(demo: Api, world_name: str) -> None:
    before = demo.ticket(42)
    assert demo.put("/api/tickets/42/team", {"team_id": 2}).status_code == 200
    after = demo.ticket(42)
    assert after["activities"][-1]["type"] == "team_changed"
    assert after["assignee"] == before["assignee"]
    again = demo.put("/api/tickets/42/team", {"team_id": 2})
    assert again.status_code == 200
    assert len(demo.ticket(42)["activities"]) == len(after["activities"])
    export = demo.get(f"/_mock/worlds/{world_name}/export").text
    assert "team: 2" in export
    for body in ({"team_id": 4}, {"team_id": 99}, {}):  # 4 is a team of another workspace
        assert demo.put("/api/tickets/42/team", body).status_code == 422


def test_activities_come_in_pages_of_25(ann: Api) -> None:
    for _ in range(13):
        post(ann, "1/tags/12")
        ann.send("DELETE", "/api/tickets/1/tags/12")
    log = ann.ticket(1)["activities"]
    first = ann.get("/api/tickets/1/activities").json
    second = ann.get("/api/tickets/1/activities?page=2").json
    assert [*first["data"], *second["data"]] == log
    assert first["meta"] == {"current_page": 1, "last_page": 2, "per_page": 25, "total": 27}
    assert second["links"]["prev"].endswith("/api/tickets/1/activities?page=1")


@pytest.mark.parametrize("kind", ["reply", "note", "tags/1", "team"])
def test_who_may_only_read_changes_nothing(rita: Api, kind: str) -> None:
    method = "PUT" if kind == "team" else "POST"
    reply = rita.send(method, f"/api/tickets/1/{kind}", json={"body": BODY, "team_id": None})
    assert reply.status_code == 403


def test_nothing_is_shown_or_changed_without_a_token(ann: Api) -> None:
    stranger = Api(ann.app, "nobody")
    for path in ("me", "members", "channels", "tags", "contacts", "contacts/1"):
        assert stranger.get(f"/api/{path}").status_code == 401
    assert post(stranger, "1/note", {"body": BODY}).status_code == 401


def test_another_workspace_has_its_own_people_and_contacts(demo_app: Flask) -> None:
    jane, other = Api(demo_app, "jane"), Api(demo_app, "other")
    for path in ("members", "channels", "contacts?per_page=100"):
        ours, theirs = ({row["id"] for row in rows(api, path)} for api in (jane, other))
        assert not ours & theirs
    assert other.get("/api/contacts/12").status_code == 404
    assert other.get("/api/tickets/42/activities").status_code == 404


def test_a_foreign_ticket_can_be_forbidden(make_app: MakeApp) -> None:
    app = make_app(choices=Choices(foreign_ticket="forbidden"))
    other = Api(app, "other")
    assert other.get("/api/tickets/42/activities").status_code == 403
    assert post(other, "42/note", {"body": BODY}).status_code == 403
    assert post(other, "42/tags/3").status_code == 403


@pytest.mark.parametrize(
    ("path_id", "by_id", "by_ulid"),
    [("integer", 200, 404), ("ulid", 404, 200), ("either", 200, 200)],
)
def test_contacts_and_tags_are_named_as_tickets_are(
    make_app: MakeApp, path_id: Any, by_id: int, by_ulid: int
) -> None:
    jane = Api(make_app(choices=Choices(path_id=path_id)), "jane")
    ticket = jane.page("filter[search]=Cannot%20reset%20my%20password")["data"][0]
    tag = next(row for row in rows(jane, "tags") if row["name"] == "urgent")
    for name, expected in (("id", by_id), ("ulid", by_ulid)):
        assert jane.get(f"/api/contacts/{ticket['contact'][name]}").status_code == expected
        key = ticket["id"] if path_id == "integer" else ticket["ulid"]
        assert post(jane, f"{key}/tags/{tag[name]}").status_code == expected
    lower = jane.get(f"/api/contacts/{ticket['contact']['ulid'].lower()}")
    assert lower.status_code == by_ulid


def test_only_the_page_has_four_operations(make_app: MakeApp) -> None:
    api = Api(make_app(only_page=True), "jane")
    assert api.get("/api/tickets").status_code == 200
    assert api.get("/api/members").status_code == 404
    assert len(api.get("/openapi.json").json["paths"]) == 4
