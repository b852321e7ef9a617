"""Who may pull admin: this machine, the holder of the admin token, and no strange page."""

import pytest

from mockserver.contract.loopback import is_loopback
from tests.support.admin import AdminClient
from tests.support.harness import WORLD_FILE, MakeApp

WORLDS = "/worlds"
HEADER = "X-Mock-Admin-Token"


def status(admin: AdminClient, path: str = WORLDS, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return admin.request("GET", path, headers=named).status_code


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8", "a.localhost"])
def test_this_machine_needs_no_token(make_app: MakeApp, host: str) -> None:
    assert is_loopback(host)
    assert status(AdminClient(make_app(world=WORLD_FILE, host=host))) == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "mock.example"])
def test_elsewhere_admin_are_off_and_say_how_to_switch_them_on(
    make_app: MakeApp, host: str
) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE, host=host))
    refused = admin.request("POST", WORLDS, {"name": "x"})
    assert refused.status_code == 403
    assert "--admin-token" in refused.json["message"]
    assert admin.api("ann").get("/api/tickets").status_code == 200
    assert admin.api("ann@w").send("POST", "/_mock/reset").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_an_admin_token_is_asked_for_wherever_it_is_set(make_app: MakeApp, host: str) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE, host=host, admin_token="s3cret"))
    assert status(admin) == 401
    assert status(admin, X_Mock_Admin_Token="wrong") == 401
    assert status(admin, X_Mock_Admin_Token="s3cret") == 200
    assert status(admin, Authorization="Bearer s3cret") == 200
    assert status(admin, Authorization="Bearer ann") == 401
    assert admin.api("ann@w").send("POST", "/_mock/reset").status_code == 200


def test_a_name_that_only_resolves_here_is_refused(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    refused = admin.request("GET", WORLDS, headers={"Host": "rebound.example:4010"})
    assert refused.status_code == 403
    assert "127.0.0.1" in refused.json["message"]
    assert status(admin, Host="[::1]:4010") == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:5173", "null"])
def test_a_page_of_another_origin_is_refused_unless_asked_in(
    make_app: MakeApp, origin: str
) -> None:
    closed, opened = (
        AdminClient(make_app(world=WORLD_FILE, admin_cors=cors)) for cors in (False, True)
    )
    page = {"Origin": origin, "Host": "localhost:4010"}
    refused = closed.request("POST", "/worlds/shared/reset", headers=page)
    assert refused.status_code == 403
    assert "--admin-cors" in refused.json["message"]
    assert "Access-Control-Allow-Origin" not in refused.headers
    allowed = opened.request("POST", "/worlds/shared/reset", headers=page)
    assert allowed.status_code == 200
    assert allowed.headers["Access-Control-Allow-Origin"] in (origin, "*")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:5173"}, 200),  # a development server that passes it on
        ({"Origin": "http://evil.example"}, 403),
        ({"Host": "rebound.example:4010"}, 403),
    ],
    ids=str,
)
def test_a_world_is_not_reset_by_a_foreign_page(
    make_app: MakeApp, headers: dict[str, str], status: int
) -> None:
    api = AdminClient(make_app(world=WORLD_FILE)).api("ann@w")
    assert api.send("POST", "/_mock/reset", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/docs/", "/_mock/docs/"])
def test_no_page_shows_the_references_in_a_frame(make_app: MakeApp, path: str) -> None:
    page = make_app(world=WORLD_FILE).test_client().get(path)
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_responses_of_the_admin_api_are_no_scripts_of_other_pages(make_app: MakeApp) -> None:
    headers = AdminClient(make_app(world=WORLD_FILE)).request("GET", WORLDS).headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_of_the_mock_itself_may_use_the_admin_api(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    own = {"Origin": "http://localhost:4010", "Host": "localhost:4010"}
    assert admin.request("GET", WORLDS, headers=own).status_code == 200


def test_a_preflight_opens_the_api_and_not_the_levers(make_app: MakeApp) -> None:
    client = make_app(world=WORLD_FILE).test_client()
    asked = {"Origin": "http://x.example", "Access-Control-Request-Method": "POST"}
    allowed = "Access-Control-Allow-Origin"
    assert allowed in client.options("/api/tickets", headers=asked).headers
    assert allowed not in client.options("/_mock/worlds", headers=asked).headers
