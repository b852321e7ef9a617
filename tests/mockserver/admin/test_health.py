"""The health address, which probes ask for."""

from flask import Flask

from mockserver import __version__
from tests.support.harness import CLOCK, WORLD_FILE, MakeApp


def test_health_says_that_the_mock_is_ready(seeded_app: Flask) -> None:
    reply = seeded_app.test_client().get("/_mock/health")
    assert (reply.status_code, reply.json) == (200, {"status": "ok", "version": __version__})


def test_health_needs_no_token_where_the_admin_api_does(make_app: MakeApp) -> None:
    app = make_app(world=WORLD_FILE, clock=CLOCK, host="0.0.0.0", admin_token="secret")
    client = app.test_client()
    assert client.get("/_mock/worlds").status_code == 401
    assert client.get("/_mock/health", headers={"Host": "mock:4010"}).status_code == 200
