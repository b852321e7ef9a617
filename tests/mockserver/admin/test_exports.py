"""Export and import: a world saved on one server and opened on another gives equal bytes."""

from pathlib import Path

import pytest
import yaml

from tests.mockserver.store.test_snapshots import disturb
from tests.support.admin import AdminClient, everything
from tests.support.harness import WORLD_FILE, MakeApp

TOKENS = {"demo": ("jane", "other", "readonly"), WORLD_FILE: ("ann", "zoe", "rita")}


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "?full=true"])
@pytest.mark.parametrize("world", ["demo", WORLD_FILE])
def test_an_exported_world_opens_elsewhere_with_equal_bytes(
    make_app: MakeApp, world: str, query: str
) -> None:
    here, there = AdminClient(make_app(world=world)), AdminClient(make_app(world="empty"))
    here.open("broken")
    first = TOKENS[world][0]
    if world == WORLD_FILE:
        disturb(here, "broken")
    here.json("POST", "/worlds/broken/activity/actions", {"count": 80})
    saved = here.export("broken", query)
    there.app.test_client().put("/_mock/worlds/opened", data=saved, content_type="application/yaml")
    assert there.json("GET", "/worlds/opened")["world"]["changes"] == 0
    for token in TOKENS[world]:
        one, two = here.api(f"{token}@broken"), there.api(f"{token}@opened")
        assert everything(one) == everything(two)
    tokens = [admin.json("GET", f"/worlds/{name}")["tokens"] for admin, name in _both(here, there)]
    assert [t["token"].split("@")[0] for t in tokens[0]] == [
        t["token"].split("@")[0] for t in tokens[1]
    ]
    assert there.api(f"{first}@opened").get("/api/tickets").json["meta"]["total"] > 0


def _both(here: AdminClient, there: AdminClient) -> list[tuple[AdminClient, str]]:
    return [(here, "broken"), (there, "opened")]


@pytest.mark.parametrize("query", ["", "?full=true"])
def test_an_export_of_an_import_is_the_same_file(make_app: MakeApp, query: str) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    admin.open("w")
    disturb(admin, "w")
    first = admin.export("w", query)
    for _ in range(2):
        admin.app.test_client().put("/_mock/worlds/w", data=first)
        assert admin.export("w", query) == first


@pytest.mark.slow
def test_what_the_contract_does_not_show_is_exported_all_the_same(
    make_app: MakeApp, contract_folder: Path
) -> None:
    for name, field in (("ticket", "summary"), ("message", "body_html"), ("contact", "email")):
        file = contract_folder / "schemas" / f"{name}.yaml"
        schema = yaml.safe_load(file.read_text())
        schema["required"].remove(field)
        del schema["properties"][field]
        file.write_text(yaml.safe_dump(schema))
    reduced = make_app(world="demo", contract=str(contract_folder / "openapi.yaml"), check=False)
    admin, whole = AdminClient(reduced), AdminClient(make_app(world="demo"))
    assert "summary" not in admin.api("jane").get("/api/tickets").json["data"][0]
    exported = [yaml.safe_load(each.export("shared", "?full=true")) for each in (admin, whole)]
    assert exported[0] == exported[1]


def test_an_import_replaces_a_world_in_use_and_is_what_reset_leads_to(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    admin.open("w")
    disturb(admin, "w")
    saved, api = admin.export("w"), admin.api("ann@w")
    bytes_then = everything(api)
    admin.json("POST", "/worlds/w/reset")
    disturb(admin, "w")
    admin.app.test_client().put("/_mock/worlds/w", data=saved)
    assert everything(api) == bytes_then
    disturb(admin, "w")
    assert everything(api) != bytes_then
    admin.json("POST", "/worlds/w/reset")
    assert everything(api) == bytes_then


def test_the_shared_world_can_be_replaced(make_app: MakeApp) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    admin.json("PUT", "/worlds/shared", {"workspaces": [{"name": "X"}]})
    assert admin.api("ann").get("/api/tickets").status_code == 401


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"workspaces: [", "not valid YAML"),
        (b"workspaces: []", "workspaces"),
        (b"\xff\xfe", "UTF-8"),
        (b"workspaces: [{name: X, tickets: [{subject: a, contact: 9}]}]", "channel"),
    ],
)
def test_a_bad_world_file_is_refused_and_the_world_stays(
    make_app: MakeApp, data: bytes, words: str
) -> None:
    admin = AdminClient(make_app(world=WORLD_FILE))
    admin.open("w")
    before = everything(admin.api("ann@w"))
    refused = admin.app.test_client().put(
        "/_mock/worlds/w", data=data, content_type="application/yaml"
    )
    assert refused.status_code == 422
    assert words in refused.json["message"]
    assert everything(admin.api("ann@w")) == before
