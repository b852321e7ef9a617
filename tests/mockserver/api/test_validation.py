"""The texts of refused input, and how loosely types are taken."""

from typing import Any

import pytest

from tests.support.harness import Api

REQUIRED = ["The status field is required."]
NO_TEXT = ["The status field must be a string.", "The selected status is invalid."]
INVALID = ["The selected status is invalid."]

PRESENT = ["The user id field must be present."]
NO_INTEGER = ["The user id field must be an integer."]
NO_USER = ["The selected user id is invalid."]


def refusal(field: str, messages: list[str]) -> dict[str, Any]:
    more = f" (and {len(messages) - 1} more error)" if len(messages) > 1 else ""
    return {"message": messages[0] + more, "errors": {field: messages}}


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({}, REQUIRED),
        ({"status": None}, REQUIRED),
        ({"status": ""}, REQUIRED),
        ({"status": "   "}, REQUIRED),
        ({"status": []}, REQUIRED),
        ({"status": {}}, REQUIRED),
        ({"Status": "open"}, REQUIRED),
        ({"status": "pending"}, INVALID),
        ({"status": "Open"}, INVALID),
        ({"status": "open,closed"}, INVALID),
        ({"status": "null"}, INVALID),
        ({"status": 1}, NO_TEXT),
        ({"status": 0}, NO_TEXT),
        ({"status": True}, NO_TEXT),
        ({"status": False}, NO_TEXT),
        ({"status": 1.5}, NO_TEXT),
        ({"status": ["open"]}, NO_TEXT),
        ({"status": {"open": True}}, NO_TEXT),
    ],
)
def test_a_status_is_refused(ann: Api, body: Any, messages: list[str]) -> None:
    before = ann.ticket(1)
    reply = ann.put("/api/tickets/1/status", body)

    assert (reply.status_code, reply.json) == (422, refusal("status", messages))
    assert ann.ticket(1) == before


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({}, PRESENT),
        ({"assignee_id": 2}, PRESENT),
        ({"user_id": "abc"}, NO_INTEGER),
        ({"user_id": "null"}, NO_INTEGER),
        ({"user_id": 1.5}, NO_INTEGER),
        ({"user_id": "1.0"}, NO_INTEGER),
        ({"user_id": "02"}, NO_INTEGER),
        ({"user_id": "٢"}, NO_INTEGER),
        ({"user_id": False}, NO_INTEGER),
        ({"user_id": []}, NO_INTEGER),
        ({"user_id": {}}, NO_INTEGER),
        ({"user_id": [2]}, NO_INTEGER),
        ({"user_id": 2**63}, NO_INTEGER),
        ({"user_id": -(2**63) - 1}, NO_INTEGER),
        ({"user_id": 10**30}, NO_INTEGER),
        ({"user_id": "9" * 30}, NO_INTEGER),
        ({"user_id": 1e300}, NO_INTEGER),
        ({"user_id": 999}, NO_USER),
        ({"user_id": 0}, NO_USER),
        ({"user_id": -1}, NO_USER),
        ({"user_id": 2**63 - 1}, NO_USER),
        ({"user_id": 3}, NO_USER),  # has left
        ({"user_id": 9}, NO_USER),  # of another workspace
    ],
)
def test_an_assignee_is_refused(ann: Api, body: Any, messages: list[str]) -> None:
    before = ann.ticket(1)
    reply = ann.put("/api/tickets/1/assignee", body)

    assert (reply.status_code, reply.json) == (422, refusal("user_id", messages))
    assert ann.ticket(1) == before


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b'{"status": }', b'"open"', b"[]", b'["status"]', b"null", b"42"),
        *(b"\xff\xfe", b"[" * 100_000, b'{"status": "\xc3\x28"'),
        b'\xef\xbb\xbf{"status": "open"}',  # PHP reads neither a byte order mark
        '{"status": "open"}'.encode("utf-16"),  # nor UTF-16
    ],
)
def test_what_is_no_json_object_is_taken_as_empty_input(ann: Api, data: bytes) -> None:
    reply = ann.send("PUT", "/api/tickets/1/status", data=data, content_type="application/json")
    assert (reply.status_code, reply.json) == (422, refusal("status", REQUIRED))


@pytest.mark.parametrize(
    "media_type", [None, "text/plain", "application/xml", "multipart/form-data"]
)
def test_a_body_under_another_name_than_json_is_not_read(ann: Api, media_type: str | None) -> None:
    reply = ann.send(
        "PUT", "/api/tickets/1/status", data=b'{"status": "closed"}', content_type=media_type
    )
    assert (reply.status_code, reply.json) == (422, refusal("status", REQUIRED))


def test_a_form_field_that_is_missing_is_refused(ann: Api) -> None:
    reply = ann.send("PUT", "/api/tickets/1/assignee", data={"other": "1"})
    assert (reply.status_code, reply.json) == (422, refusal("user_id", PRESENT))


def test_an_array_in_the_query_is_no_integer(ann: Api) -> None:
    reply = ann.send("PUT", "/api/tickets/1/assignee?user_id[]=2")
    assert (reply.status_code, reply.json) == (422, refusal("user_id", NO_INTEGER))


def test_errors_of_several_fields_are_counted_together() -> None:
    from mockserver.contract.errors import Invalid

    one = {"a": ["First."], "b": ["Second."]}
    assert Invalid(one).body() == {"message": "First. (and 1 more error)", "errors": one}
    three = {"a": ["First.", "Second."], "b": ["Third."]}
    assert Invalid(three).body()["message"] == "First. (and 2 more errors)"
    assert Invalid({"a": ["First."]}).body()["message"] == "First."
