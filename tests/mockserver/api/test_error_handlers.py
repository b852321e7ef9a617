"""The order of refusals, and how each is written."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.support.harness import WORLD_FILE, Api

MISSING = {"message": r"No query results for model [App\Models\Ticket] 9999"}
UNAUTHENTICATED = {"message": "Unauthenticated."}
NO_ACCESS = {"message": "This action is unauthorized."}


@pytest.fixture
def nobody(seeded_app: Flask) -> Api:
    return Api(seeded_app, "wrong")


@pytest.fixture
def limited(make_app: Callable[..., Flask]) -> Api:
    """Ann, allowed one request a minute."""
    return Api(make_app(world=WORLD_FILE, rate="1/minute"), "ann")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("token", ["ann", "wrong"])
@pytest.mark.parametrize("path", ["/api/nope", "/api/tickets/1/nope", "/nope", "/api"])
def test_an_unknown_route_is_404_before_anything_else(
    seeded_app: Flask, token: str, method: str, path: str
) -> None:
    reply = Api(seeded_app, token).send(method, path)
    assert reply.status_code == 404
    assert reply.json == {"message": f"The route {path[1:]} could not be found."}


@pytest.mark.parametrize(
    ("method", "path", "supported"),
    [
        ("PATCH", "/api/tickets/1/status", "PUT"),
        ("GET", "/api/tickets/1/assignee", "PUT"),
        ("POST", "/api/tickets", "GET, HEAD"),
        ("DELETE", "/api/tickets/1", "GET, HEAD"),
        ("TRACE", "/api/tickets", "GET, HEAD"),
        ("PURGE", "/api/tickets", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("token", ["ann", "wrong"])
def test_a_wrong_method_is_405_before_the_token_is_looked_at(
    seeded_app: Flask, token: str, method: str, path: str, supported: str
) -> None:
    reply = Api(seeded_app, token).send(method, path)

    assert reply.status_code == 405
    assert reply.headers["Allow"] == supported
    assert reply.json == {
        "message": f"The {method} method is not supported for route {path[1:]}. "
        f"Supported methods: {supported}."
    }


def test_head_of_a_route_that_only_writes_is_405(ann: Api) -> None:
    reply = ann.send("HEAD", "/api/tickets/1/status")
    assert (reply.status_code, reply.data) == (405, b"")


def test_no_token_comes_before_a_missing_ticket_and_a_bad_query(nobody: Api) -> None:
    for reply in (
        nobody.get("/api/tickets/9999"),
        nobody.get("/api/tickets?sort=bogus"),
        nobody.put("/api/tickets/9999/status", {}),
    ):
        assert (reply.status_code, reply.json) == (401, UNAUTHENTICATED)


def test_no_token_comes_before_the_limit(limited: Api) -> None:
    limited.get("/api/tickets")
    assert limited.get("/api/tickets").status_code == 429
    assert Api(limited.app, "wrong").get("/api/tickets").status_code == 401


def test_the_limit_comes_before_a_missing_ticket(limited: Api) -> None:
    assert limited.get("/api/tickets/9999").status_code == 404
    assert limited.get("/api/tickets/9999").status_code == 429


@pytest.mark.parametrize("path", ["status", "assignee"])
def test_a_missing_ticket_comes_before_invalid_input(ann: Api, path: str) -> None:
    reply = ann.put(f"/api/tickets/9999/{path}", {})
    assert (reply.status_code, reply.json) == (404, MISSING)


def test_a_missing_ticket_comes_before_missing_rights(rita: Api) -> None:
    assert rita.put("/api/tickets/9999/status", {"status": "open"}).status_code == 404


@pytest.mark.parametrize("path", ["status", "assignee"])
def test_missing_rights_come_before_invalid_input(rita: Api, path: str) -> None:
    reply = rita.put(f"/api/tickets/1/{path}", {})
    assert (reply.status_code, reply.json) == (403, NO_ACCESS)


def test_a_refused_number_comes_before_an_unknown_filter(choosing: Callable[..., Api]) -> None:
    """The framework validates a request before its query builder reads the filters."""
    strict = choosing(per_page_invalid="refuse")
    assert strict.get("/api/tickets?per_page=0&filter[nope]=1").status_code == 422


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [("/api/tickets", "wrong", 401), ("/api/tickets/1", "ann", 422)],
)
def test_401_and_422_are_written_on_one_line(
    seeded_app: Flask, path: str, token: str, status: int
) -> None:
    reply = (
        Api(seeded_app, token).get(path)
        if status == 401
        else Api(seeded_app, token).put("/api/tickets/1/status", {})
    )
    assert reply.status_code == status
    assert reply.text == json.dumps(reply.json, separators=(",", ":"))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/tickets?sort=bogus", 400),
        ("GET", "/api/tickets/9999", 404),
        ("GET", "/api/nope", 404),
        ("POST", "/api/tickets", 405),
    ],
)
def test_other_errors_are_indented_by_four(ann: Api, method: str, path: str, status: int) -> None:
    reply = ann.send(method, path)
    assert reply.status_code == status
    assert reply.text == json.dumps(reply.json, indent=4)


ODD_ACCEPTS = ["text/html", "*/*", "application/xml", "", "text/html, application/json"]


@pytest.mark.parametrize("accept", ODD_ACCEPTS)
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/tickets", 200),
        ("GET", "/api/tickets?sort=bogus", 400),
        ("GET", "/api/tickets/9999", 404),
        ("GET", "/api/nope", 404),
        ("POST", "/api/tickets", 405),
        ("PUT", "/api/tickets/1/status", 422),
    ],
)
def test_every_answer_is_json_whatever_is_accepted(
    ann: Api, accept: str, method: str, path: str, status: int
) -> None:
    reply = ann.send(method, path, headers={"Accept": accept})

    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "application/json"
    assert isinstance(reply.json, dict)


def test_an_unforeseen_fault_is_a_500_that_hides_its_cause(
    ann: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(ann.app.extensions["store"], "detail", fail)
    reply = ann.get("/api/tickets/1")

    assert (reply.status_code, reply.json) == (500, {"message": "Server Error"})


def test_a_database_out_of_reach_is_a_503_that_says_to_try_again(
    ann: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mockserver.contract.errors import StoreUnavailable

    def fail(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(ann.app.extensions["store"], "detail", fail)
    reply = ann.get("/api/tickets/1")

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
