import pytest
from flask import Flask

from tests.support.harness import Api

ORIGIN = "https://front.example:3000"


def listed(header: str) -> set[str]:
    return {name.strip().lower() for name in header.split(",")}


@pytest.mark.parametrize(
    ("method", "path", "token", "status"),
    [
        ("GET", "/api/tickets", "ann", 200),
        ("GET", "/api/tickets?sort=bogus", "ann", 400),
        ("GET", "/api/tickets", "wrong", 401),
        ("PUT", "/api/tickets/1/status", "rita", 403),
        ("GET", "/api/tickets/9999", "ann", 404),
        ("GET", "/api/nope", "ann", 404),
        ("POST", "/api/tickets", "ann", 405),
        ("PUT", "/api/tickets/1/status", "ann", 422),
    ],
)
def test_any_origin_may_read_every_answer(
    seeded_app: Flask, method: str, path: str, token: str, status: int
) -> None:
    reply = Api(seeded_app, token).send(method, path, headers={"Origin": ORIGIN})

    assert reply.status_code == status
    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert reply.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in reply.headers["Vary"]


def test_scripts_may_read_the_rate_headers(ann: Api) -> None:
    reply = ann.get("/api/tickets", headers={"Origin": ORIGIN})
    assert listed(reply.headers["Access-Control-Expose-Headers"]) >= {
        *("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after")
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/tickets"),
        ("GET", "/api/tickets/1"),
        ("PUT", "/api/tickets/1/status"),
        ("PUT", "/api/tickets/1/assignee"),
    ],
)
def test_a_preflight_is_answered_without_a_token(seeded_app: Flask, method: str, path: str) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    reply = seeded_app.test_client().options(path, headers=asked)

    assert reply.status_code in (200, 204)
    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert method in reply.headers["Access-Control-Allow-Methods"]
    assert listed(reply.headers["Access-Control-Allow-Headers"]) == {
        "authorization",
        "content-type",
    }


def test_options_without_an_origin_tells_the_methods(seeded_app: Flask) -> None:
    reply = seeded_app.test_client().options("/api/tickets")
    assert (reply.status_code, reply.data) == (200, b"")
    assert listed(reply.headers["Allow"]) == {"get", "head", "options"}


def test_an_answer_without_an_origin_stays_plain(ann: Api) -> None:
    assert "Access-Control-Allow-Origin" not in ann.get("/api/tickets").headers
