"""Hints in the response header and in the journal."""

import pytest

from mockserver.journal.hints import header_text
from tests.support.harness import Api

REPEATED = (
    "filter[status] is sent 2 times, and only the last counts; "
    "did you mean filter[status]=open,closed?"
)


def test_a_request_without_a_mistake_has_no_hint(ann: Api) -> None:
    assert "X-Mock-Hint" not in ann.get("/api/tickets?filter[status]=open,closed").headers


def test_the_header_says_what_the_journal_says(ann: Api, world_name: str) -> None:
    reply = ann.get("/api/tickets?filter[status]=open&filter[status]=closed")
    assert (reply.status_code, reply.headers["X-Mock-Hint"]) == (200, REPEATED)
    journal = ann.app.test_client().get(f"/_mock/journal?world={world_name}").json
    assert journal is not None
    assert journal["exchanges"][-1]["hints"] == [REPEATED]


def test_scripts_of_another_origin_can_read_the_header(ann: Api) -> None:
    reply = ann.get("/api/tickets?page=0", headers={"Origin": "http://localhost:5173"})
    assert "X-Mock-Hint" in reply.headers["Access-Control-Expose-Headers"].split(", ")


def test_a_user_that_does_not_exist_is_told_from_those_that_do(ann: Api) -> None:
    reply = ann.put("/api/tickets/1/assignee", {"user_id": 999})
    users = ", ".join(str(user["id"]) for user in ann.get("/api/members").json["data"])  # type: ignore[index]
    assert reply.status_code == 422
    assert reply.headers["X-Mock-Hint"] == f"the workspace has no user 999; there are {users}"


def test_a_large_body_that_cannot_be_read_has_a_hint(ann: Api) -> None:
    sent = {"headers": {"Content-Type": "application/json"}, "data": "[" * 200_000}
    reply = ann.send("PUT", "/api/tickets/1/status", **sent)
    assert (reply.status_code, reply.headers["X-Mock-Hint"]) == (
        422,
        "the body is not a JSON object, or nested too deeply to be read",
    )


def test_a_refused_token_has_its_reason_in_the_journal(ann: Api) -> None:
    reply = Api(ann.app, "old@hints").get("/api/tickets")
    assert reply.headers["X-Mock-Hint"] == "this token is expired; use an active one"
    assert "old" not in reply.headers["X-Mock-Hint"]


def test_another_scheme_than_bearer_is_explained(ann: Api) -> None:
    reply = ann.app.test_client().get("/api/tickets", headers={"Authorization": "Basic ann"})
    assert "does not say Bearer" in reply.headers["X-Mock-Hint"]


@pytest.mark.parametrize(
    ("hint", "header"),
    [("a\r\nb", "a\\r\\nb"), ("ü is ignored", "\\xfc is ignored"), ("x" * 2000, "x" * 1000)],
)
def test_a_hint_is_a_valid_header(hint: str, header: str) -> None:
    assert header_text([hint]) == header


def test_hints_stand_beside_each_other(ann: Api) -> None:
    reply = ann.put("/api/tickets/1/status", {"state": "open"})
    assert reply.headers["X-Mock-Hint"] == (
        "state is ignored; did you mean status? | status is missing from the body"
    )
