"""The vendor's OpenAPI file of March 2026, restated, as an oracle of the mock's responses.

It differs from the pages in four places; choices bring the mock to its side in each.
"""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from flask import Flask

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.choices import Choices
from tests.support.harness import CLOCK, Api

Node = dict[str, Any]

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
MAYBE = {"type": ["string", "null"]}
TIME = {"type": "string", "format": "date-time"}


def an(object_: Node, *required: str) -> Node:
    return {"type": "object", "properties": object_, "required": list(required or object_)}


def some(item: Node) -> Node:
    return {"type": "array", "items": item}


USER = an({"id": NUMBER, "name": TEXT, "email": TEXT, "avatar_url": MAYBE, "timezone": MAYBE})
CHANNEL = an({"id": NUMBER, "name": TEXT, "type": TEXT, "color": TEXT})
TAG = an({"id": NUMBER, "ulid": TEXT, "name": TEXT, "color": TEXT})
CONTACT = an(
    {
        "id": NUMBER,
        "ulid": TEXT,
        "name": MAYBE,
        "email": TEXT,
        "avatar_url": MAYBE,
        "ticket_count": {"type": ["integer", "null"]},
        "last_activity_at": {"type": ["string", "null"], "format": "date-time"},
    }
)
FILE = an({"id": NUMBER, "name": TEXT, "url": TEXT, "size": NUMBER, "mime_type": TEXT})
SENDER = an({"id": NUMBER, "type": {"enum": ["user", "contact"]}, "name": MAYBE, "email": TEXT})
MESSAGE = an(
    {
        "id": NUMBER,
        "ulid": TEXT,
        "type": {"enum": ["inbound", "outbound", "note"]},
        "body_html": TEXT,
        "sender": SENDER,
        "attachments": some(FILE),
        "is_forward": {"type": "boolean"},
        "created_at": TIME,
    }
)
ACTIVITY = an({"type": TEXT, "user": {"type": ["object", "null"]}, "created_at": TIME})
TICKET = an(
    {
        "id": NUMBER,
        "ulid": TEXT,
        "subject": TEXT,
        "status": {"enum": ["open", "closed", "spam"]},
        "channel": CHANNEL,
        "assignee": {"anyOf": [USER, {"type": "null"}]},
        "tags": some(TAG),
        "latest_message_preview": MAYBE,
        "summary": MAYBE,
        "created_at": TIME,
        "updated_at": TIME,
    }
)
WHOLE = {"allOf": [TICKET, an({"messages": some(MESSAGE), "activities": some(ACTIVITY)})]}
WORKSPACE = an({"id": NUMBER, "name": TEXT, "slug": TEXT})


def page(item: Node) -> Node:
    numbers = ("current_page", "last_page", "per_page", "total")
    return an({"data": some(item), **dict.fromkeys(numbers, NUMBER)})


MAIL = {"body": "<p>Hello.</p>", "to_recipients": ["a@b.example"]}
OPERATIONS: list[tuple[str, str, Any, int, Node | None, tuple[int, ...]]] = [
    ("GET", "/me", None, 200, an({"user": USER, "workspace": WORKSPACE}), (401,)),
    ("GET", "/tickets", None, 200, page(TICKET), (401,)),
    ("GET", "/tickets/42", None, 200, an({"ticket": WHOLE}), (401, 404)),
    (
        "PUT",
        "/tickets/42/status",
        {"status": "closed"},
        200,
        an({"ticket": TICKET}),
        (401, 404, 422),
    ),
    (
        "PUT",
        "/tickets/42/assignee",
        {"assignee_id": 5},
        200,
        an({"ticket": TICKET}),
        (401, 404, 422),
    ),
    ("PUT", "/tickets/42/team", {"team_id": 1}, 200, an({"ticket": TICKET}), (401, 404, 422)),
    ("POST", "/tickets/42/reply", MAIL, 201, an({"message": MESSAGE}), (401, 404, 422)),
    ("POST", "/tickets/42/forward", MAIL, 201, an({"message": MESSAGE}), (401, 404, 422)),
    ("POST", "/tickets/42/note", MAIL, 201, an({"message": MESSAGE}), (401, 404, 422)),
    ("POST", "/tickets/42/tags/3", None, 200, an({"ticket": TICKET}), (401, 404)),
    ("DELETE", "/tickets/42/tags/3", None, 204, None, (401, 404)),
    ("GET", "/tickets/42/activities", None, 200, page(ACTIVITY), (401, 404)),
    ("GET", "/tags", None, 200, an({"data": some(TAG)}), (401,)),
    ("GET", "/channels", None, 200, an({"data": some(CHANNEL)}), (401,)),
    ("GET", "/members", None, 200, an({"data": some(USER)}), (401,)),
    ("GET", "/contacts", None, 200, page(CONTACT), (401,)),
    (
        "GET",
        "/contacts/12",
        None,
        200,
        an({"contact": {**CONTACT, "required": ["id", "notes"]}}),
        (401, 404),
    ),
]
"""Method, path, body, status and schema of a success, and the documented refusals."""


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    march = Choices(
        assignee_field="assignee_id", me="wrapped", pagination="flat", tag_removal="empty"
    )
    app = create_app(Config(clock=CLOCK, choices=march))
    yield app
    app.extensions["store"].close()


@pytest.fixture
def jane(app: Flask, world_name: str) -> Api:
    return Api(app, f"jane@{world_name}")


def test_there_are_17() -> None:
    assert len(OPERATIONS) == 17


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "schema", "refusals"),
    OPERATIONS,
    ids=[f"{method} {path}" for method, path, *_ in OPERATIONS],
)
def test_an_operation_answers_as_the_file_says(
    jane: Api,
    method: str,
    path: str,
    body: Any,
    status: int,
    schema: Node | None,
    refusals: tuple[int, ...],
) -> None:
    reply = jane.send(method, f"/api{path}", json=body)
    assert reply.status_code == status, reply.text
    if schema is None:
        assert not reply.data
    else:
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        jsonschema.validate(
            reply.json, schema, jsonschema.Draft202012Validator, format_checker=checker
        )

    asked = {
        401: lambda: Api(jane.app, "nobody").send(method, f"/api{path}", json=body),
        404: lambda: jane.send(
            method, f"/api{path}".replace("/42", "/4200").replace("/12", "/1200"), json=body
        ),
        422: lambda: jane.send(method, f"/api{path}", json={}),
    }
    for refusal in refusals:
        found = asked[refusal]()
        told = found.json or {}
        assert (found.status_code, type(told["message"])) == (refusal, str)
        assert ("errors" in told) is (refusal == 422)
