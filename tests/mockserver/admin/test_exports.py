"""Export and import: a world saved on one server and opened on another gives equal bytes."""

from pathlib import Path

import pytest
import yaml

from tests.mockserver.store.test_snapshots import disturb
from tests.support.admin import Levers, everything
from tests.support.harness import DESK, MakeApp

TOKENS = {"demo": ("jane", "other", "readonly"), DESK: ("ann", "zoe", "rita")}


@pytest.mark.slow
@pytest.mark.parametrize("world", ["demo", DESK])
def test_an_exported_world_opens_elsewhere_with_equal_bytes(make_app: MakeApp, world: str) -> None:
    here, there = Levers(make_app(world=world)), Levers(make_app(world="empty"))
    here.open("broken")
    first = TOKENS[world][0]
    if world == DESK:
        disturb(here, "broken")
    here.ask("POST", "/worlds/broken/busy/acts", {"count": 80})
    saved = here.export("broken")
    there.app.test_client().put("/_mock/worlds/opened", data=saved, content_type="application/yaml")
    assert there.ask("GET", "/worlds/opened")["world"]["changes"] == 0
    for token in TOKENS[world]:
        one, two = here.api(f"{token}@broken"), there.api(f"{token}@opened")
        assert everything(one) == everything(two)
    tokens = [levers.ask("GET", f"/worlds/{name}")["tokens"] for levers, name in _both(here, there)]
    assert [t["token"].split("@")[0] for t in tokens[0]] == [
        t["token"].split("@")[0] for t in tokens[1]
    ]
    assert there.api(f"{first}@opened").get("/api/tickets").json["meta"]["total"] > 0


def _both(here: Levers, there: Levers) -> list[tuple[Levers, str]]:
    return [(here, "broken"), (there, "opened")]


def test_an_export_of_an_import_is_the_same_file(make_app: MakeApp) -> None:
    levers = Levers(make_app(world=DESK))
    levers.open("w")
    disturb(levers, "w")
    first = levers.export("w")
    for _ in range(2):
        levers.app.test_client().put("/_mock/worlds/w", data=first)
        assert levers.export("w") == first


def test_a_server_starts_in_an_exported_world(make_app: MakeApp, tmp_path: Path) -> None:
    levers = Levers(make_app(world=DESK))
    levers.open("w")
    disturb(levers, "w")
    file = tmp_path / "saved.yaml"
    file.write_bytes(levers.export("w"))
    started = Levers(make_app(world=str(file)))
    assert everything(started.api("ann")) == everything(levers.api("ann@w"))


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
    levers, whole = Levers(reduced), Levers(make_app(world="demo"))
    assert "summary" not in levers.api("jane").get("/api/tickets").json["data"][0]
    assert yaml.safe_load(levers.export("shared")) == yaml.safe_load(whole.export("shared"))


def test_an_import_replaces_a_world_in_use_and_is_what_reset_leads_to(make_app: MakeApp) -> None:
    levers = Levers(make_app(world=DESK))
    levers.open("w")
    disturb(levers, "w")
    saved, api = levers.export("w"), levers.api("ann@w")
    bytes_then = everything(api)
    levers.ask("POST", "/worlds/w/reset")
    disturb(levers, "w")
    levers.app.test_client().put("/_mock/worlds/w", data=saved)
    assert everything(api) == bytes_then
    disturb(levers, "w")
    assert everything(api) != bytes_then
    levers.ask("POST", "/worlds/w/reset")
    assert everything(api) == bytes_then


def test_the_shared_world_can_be_replaced(make_app: MakeApp) -> None:
    levers = Levers(make_app(world=DESK))
    levers.ask("PUT", "/worlds/shared", {"workspaces": [{"name": "X"}]})
    assert levers.api("ann").get("/api/tickets").status_code == 401


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"workspaces: [", "no readable YAML"),
        (b"workspaces: []", "workspaces"),
        (b"\xff\xfe", "UTF-8"),
        (b"workspaces: [{name: X, tickets: [{subject: a, contact: 9}]}]", "channel"),
    ],
)
def test_a_bad_world_file_is_refused_and_the_world_stays(
    make_app: MakeApp, data: bytes, words: str
) -> None:
    levers = Levers(make_app(world=DESK))
    levers.open("w")
    before = everything(levers.api("ann@w"))
    refused = levers.app.test_client().put(
        "/_mock/worlds/w", data=data, content_type="application/yaml"
    )
    assert refused.status_code == 422
    assert words in refused.json["message"]
    assert everything(levers.api("ann@w")) == before
