import re
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mockserver.api.faults.forced_response import DOCUMENTED
from mockserver.contract.operations import Contract
from tests.support.harness import Api

CONTRACT = Contract.load()
PUTS = {"updateTicketStatus": {"status": "closed"}, "updateTicketAssignee": {"user_id": None}}
STATUSES = [
    (operation.id, status)
    for operation in CONTRACT.operations.values()
    for status in operation.responses
]


def ask(seeded_app: Flask, operation: str, prefer: str) -> TestResponse:
    """Ask without a token, for a ticket that is not there: a forced answer needs neither."""
    found = CONTRACT.operations[operation]
    path = found.path.replace("{id}", "987654")
    return seeded_app.test_client().open(path, method=found.method, headers={"Prefer": prefer})


def obeys(operation: str, reply: TestResponse) -> bool:
    schema = CONTRACT.operations[operation].responses[reply.status_code]
    assert schema is not None
    whole = CONTRACT.standalone(schema)
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    return validator.is_valid(reply.json)


@pytest.mark.parametrize(("operation", "status"), STATUSES)
def test_every_documented_status_can_be_forced(
    seeded_app: Flask, operation: str, status: int
) -> None:
    reply = ask(seeded_app, operation, f"code={status}")
    assert reply.status_code == status
    assert obeys(operation, reply)
    assert reply.headers["Preference-Applied"] == f"code={status}"


@pytest.mark.parametrize("example", [DOCUMENTED, "empty"])
def test_every_example_obeys_the_contract(seeded_app: Flask, example: str) -> None:
    reply = ask(seeded_app, "listTickets", f"example={example}")
    assert reply.status_code == 200
    assert obeys("listTickets", reply)


def test_the_documented_examples_are_those_of_the_vendor(seeded_app: Flask) -> None:
    page: Any = ask(seeded_app, "listTickets", "example=documented").json
    assert page["data"][0]["subject"] == "Cannot reset my password"
    assert page["meta"] == {"current_page": 1, "last_page": 5, "per_page": 10, "total": 48}
    ticket: Any = ask(seeded_app, "getTicket", "example=documented").json
    assert ticket["ticket"]["messages"][0]["sender"]["type"] == "contact"


def test_links_of_an_example_never_lead_to_the_vendor(seeded_app: Flask) -> None:
    page: Any = ask(seeded_app, "listTickets", "example=documented").json
    assert page["links"]["first"].startswith("http://localhost/api/tickets?")
    assert "therethere.com" not in str(page["links"])


def test_an_empty_page_has_no_ticket(seeded_app: Flask) -> None:
    page: Any = ask(seeded_app, "listTickets", "example=empty").json
    assert (page["data"], page["meta"]["total"], page["meta"]["last_page"]) == ([], 0, 1)


def test_a_forced_answer_changes_nothing(ann: Api) -> None:
    for prefer in ("code=200", "code=422", "example=documented"):
        spam = {"status": "spam"}
        ann.send("PUT", "/api/tickets/1/status", json=spam, headers={"Prefer": prefer})
    assert ann.ticket(1)["status"] == "open"


def test_several_preferences_stand_in_one_header(
    seeded_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("mockserver.api.faults.delivery.time.sleep", slept.append)
    reply = ask(seeded_app, "getTicket", 'respond-async, Code="404"; why=test, delay=500ms')
    assert reply.status_code == 404
    assert sum(slept) == 0.5
    assert reply.headers["Preference-Applied"] == "code=404, delay=0.5s"


def test_a_delay_alone_lets_the_operation_answer(ann: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("mockserver.api.faults.delivery.time.sleep", slept.append)
    reply = ann.get("/api/tickets/1?__delay=2s")
    assert reply.json["ticket"]["id"] == 1  # type: ignore[index]
    assert sum(slept) == 2.0


def test_parameters_do_what_the_header_does(ann: Api) -> None:
    assert ann.get("/api/tickets?__code=429").status_code == 429
    assert ann.page("__example=empty")["data"] == []


def test_parameters_are_kept_from_the_operation_and_from_links(ann: Api) -> None:
    page = ann.page("per_page=1&__delay=0s&filter%5Bstatus%5D=open")
    assert page["links"]["next"].endswith("?per_page=1&filter%5Bstatus%5D=open&page=2")
    empty = ann.page("per_page=7&__example=empty")
    assert empty["links"]["first"].endswith("?per_page=7&page=1")


@pytest.mark.parametrize(
    ("prefer", "complaint"),
    [
        ("code=418", "listTickets documents no status 418; ask for one of 200, 400, 401, 422, 429"),
        ("code=404", "documents no status 404"),
        ("code=teapot", "is not a status; write it as Prefer: code=429"),
        ("code=", "is not a status"),
        ("example=huge", "has no example 'huge'; there are documented and empty"),
        ("example=", "names no example"),
        ("example=empty, code=429", "are of status 200, not 429"),
        ("delay=soon", "is not a delay; write it with its unit"),
        ("delay=61s", "60s at most"),
        ("delay=-1", "is not a delay"),
    ],
)
def test_what_cannot_be_forced_is_refused_with_the_remedy(
    seeded_app: Flask, prefer: str, complaint: str
) -> None:
    reply = ask(seeded_app, "listTickets", prefer)
    assert reply.status_code == 400
    assert complaint in reply.json["message"]  # type: ignore[index]
    assert reply.headers["X-Mock-Hint"] == reply.json["message"].rstrip(".")  # type: ignore[index]
    assert "Preference-Applied" not in reply.headers


def test_parameters_are_refused_by_their_own_name(ann: Api) -> None:
    reply = ann.get("/api/tickets?__code=teapot")
    assert re.match("__code=teapot is not a status", reply.json["message"])  # type: ignore[index]


def test_other_preferences_are_left_alone(ann: Api) -> None:
    reply = ann.get("/api/tickets", headers={"Prefer": "return=minimal, dynamic=true"})
    assert reply.status_code == 200
    assert reply.json["data"]  # type: ignore[index]


def test_a_preference_on_an_unknown_route_does_not_make_it_known(seeded_app: Flask) -> None:
    reply = seeded_app.test_client().get("/api/ticket", headers={"Prefer": "code=200"})
    assert reply.status_code == 404


def test_a_page_of_another_origin_may_force_an_answer_and_read_it(seeded_app: Flask) -> None:
    origin = {"Origin": "http://localhost:5173"}
    asking = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "prefer"}
    preflight = seeded_app.test_client().options("/api/tickets", headers={**origin, **asking})
    assert "prefer" in preflight.headers["Access-Control-Allow-Headers"].lower()
    reply = seeded_app.test_client().get("/api/tickets", headers={**origin, "Prefer": "code=429"})
    assert reply.headers["Access-Control-Allow-Origin"] == origin["Origin"]
    assert "Preference-Applied" in reply.headers["Access-Control-Expose-Headers"]


def test_forced_answers_hold_under_the_framework_s_own_envelope(choosing: Any) -> None:
    caller = choosing(meta_keys="framework", link_query="drop", update_reply="detail")
    reply = caller.get("/api/tickets?__example=empty")
    assert obeys("listTickets", reply)
    assert reply.json["meta"]["from"] is None
