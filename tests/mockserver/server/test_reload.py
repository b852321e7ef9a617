"""Watched files take effect while the worlds keep what was done to them."""

from pathlib import Path
from queue import Queue
from shutil import copy
from threading import Event

import pytest
import yaml
from flask import Flask

from mockserver.admin.activity.actions import ActionRunner
from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.errors import FixtureError, SpecError, StoreUnavailable
from mockserver.seed.records import Workspace
from mockserver.server import reload as watch
from mockserver.server.reload import Reloader, refresh
from mockserver.store import World
from tests.mockserver.store.test_snapshots import disturb
from tests.support.admin import AdminClient, everything
from tests.support.harness import CLOCK, WORLD_FILE, Api, MakeApp


@pytest.fixture
def config(contract_folder: Path) -> Config:
    """A mock of copied files, which a test may save anew."""
    copy(WORLD_FILE, contract_folder / "world.yaml")
    return Config(
        world=str(contract_folder / "world.yaml"),
        contract=str(contract_folder / "openapi.yaml"),
        clock=CLOCK,
    )


@pytest.fixture
def app(make_app: MakeApp, config: Config) -> Flask:
    app = make_app(world=config.world, contract=config.contract)
    AdminClient(app).open("w")
    disturb(AdminClient(app), "w")
    return app


def again(make_app: MakeApp, config: Config, app: Flask) -> Api:
    """Ann in the same database, in a process begun anew."""
    url = app.extensions["store"].url
    return Api(make_app(world=config.world, contract=config.contract, database=url), "ann@w")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def drop(field: str, file: Path) -> None:
    """Save a schema without one of its fields."""
    schema = yaml.safe_load(file.read_text())
    schema["required"].remove(field)
    del schema["properties"][field]
    file.write_text(yaml.safe_dump(schema))


def test_a_saved_world_file_changes_the_seed_and_keeps_the_changes(
    make_app: MakeApp, config: Config, app: Flask
) -> None:
    before = {row["id"]: row for row in Api(app, "ann@w").get("/api/tickets").json["data"]}
    replace(Path(str(config.world)), "ÜBERLADEN", "Saved anew")
    refresh(app.extensions["store"], config)
    after = {
        row["id"]: row for row in again(make_app, config, app).get("/api/tickets").json["data"]
    }
    assert after[3]["subject"] == "Saved anew"
    assert after.keys() == before.keys()
    assert {id for id in after if after[id] != before[id]} == {3}


def test_a_saved_contract_renders_every_row_anew(
    make_app: MakeApp, config: Config, app: Flask
) -> None:
    file = Path(str(config.contract)).parent / "schemas" / "contact.yaml"
    saved, before = file.read_text(), everything(Api(app, "ann@w"))
    drop("avatar_url", file)
    refresh(app.extensions["store"], config)
    rows = again(make_app, config, app).get("/api/tickets").json["data"]
    assert all("avatar_url" not in row["contact"] for row in rows)
    file.write_text(saved)
    refresh(app.extensions["store"], config)
    assert everything(again(make_app, config, app)) == before


def test_a_contract_and_a_world_saved_together_give_rows_of_the_new_form(
    make_app: MakeApp, config: Config, app: Flask
) -> None:
    drop("avatar_url", Path(str(config.contract)).parent / "schemas" / "contact.yaml")
    replace(Path(str(config.world)), "ÜBERLADEN", "Saved anew")
    refresh(app.extensions["store"], config)
    rows = again(make_app, config, app).get("/api/tickets").json["data"]
    assert "Saved anew" in [row["subject"] for row in rows]
    assert all("avatar_url" not in row["contact"] for row in rows)


@pytest.mark.parametrize(
    ("name", "error"), [("openapi.yaml", SpecError), ("world.yaml", FixtureError)]
)
def test_a_file_saved_with_a_fault_changes_nothing(
    config: Config, app: Flask, name: str, error: type[Exception]
) -> None:
    before = everything(Api(app, "ann@w"))
    (Path(str(config.contract)).parent / name).write_text("a: [")
    with pytest.raises(error):
        refresh(app.extensions["store"], config)
    assert everything(Api(app, "ann@w")) == before


def test_a_world_that_is_refused_for_its_size_leaves_the_contract_as_it_was(
    make_app: MakeApp, config: Config, app: Flask
) -> None:
    world, schema = Path(str(config.world)), Path(str(config.contract)).parent / "schemas/user.yaml"
    before = everything(Api(app, "ann@w"))
    saved = {file: file.read_text() for file in (world, schema)}
    drop("avatar_url", schema)
    replace(world, "    tickets:\n", "    generate: {tickets: 40, first_id: 1}\n    tickets:\n")
    with pytest.raises(FixtureError, match="first_id"):
        refresh(app.extensions["store"], config)
    for file, text in saved.items():
        file.write_text(text)
    assert everything(again(make_app, config, app)) == before


def test_a_rehearsal_takes_no_time_for_the_size_of_a_world(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []

    def rehearse(config: Config) -> Flask:
        sizes.append(Api(rehearsal := create_app(config), "jane").page()["meta"]["total"])
        return rehearsal

    monkeypatch.setattr(watch, "create_app", rehearse)
    config = Config(world="demo", tickets=300, clock=CLOCK)
    app = make_app(world=config.world, tickets=config.tickets)
    refresh(app.extensions["store"], config)
    assert Api(app, "jane").page()["meta"]["total"] == 300
    assert sizes[0] < 100


def test_the_watch_notices_a_saved_file(
    config: Config, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_EVERY", 0.01)
    refreshed, reported = Event(), Queue[str]()
    with Reloader(app.extensions["store"], config, refreshed.set, reported.put):
        replace(Path(str(config.world)), "ÜBERLADEN", "Saved anew")
        assert refreshed.wait(30)
        assert reported.get(timeout=30) == "world.yaml reloaded: 1 ticket changed"
    assert Api(app, "ann@w").get("/api/tickets/3").json["ticket"]["subject"] == "Saved anew"


def test_a_file_that_became_unusable_meanwhile_is_reported_and_the_next_one_is_used(
    config: Config, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_EVERY", 0.01)
    errors, reported = [SpecError("openapi.yaml: not YAML")], Queue[str]()

    def refreshed() -> None:
        if errors:
            raise errors.pop()

    with Reloader(app.extensions["store"], config, refreshed, reported.put):
        replace(Path(str(config.world)), "ÜBERLADEN", "First")
        reason = "openapi.yaml: not YAML; the previous version stays in use"
        assert reported.get(timeout=30) == reason
        replace(Path(str(config.world)), "First", "Second")
        assert reported.get(timeout=30) == "world.yaml reloaded: 1 ticket changed"


def test_the_watch_notices_every_file_of_the_contract(
    config: Config, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_EVERY", 0.01)
    refreshed = Event()
    [file, *_] = sorted((Path(str(config.contract)).parent / "schemas" / "paths").glob("*.yaml"))
    with Reloader(app.extensions["store"], config, refreshed.set, print):
        replace(file, "summary: ", "summary: A ")
        assert refreshed.wait(30)


def test_a_reload_names_the_tickets_that_keep_their_own_changes(
    config: Config, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_EVERY", 0.01)
    Api(app, "ann@other").put("/api/tickets/3/status", {"status": "closed"})
    Api(app, "ann@other").put("/api/tickets/1/status", {"status": "spam"})
    reported = Queue[str]()
    with Reloader(app.extensions["store"], config, lambda: None, reported.put):
        replace(Path(str(config.world)), "ÜBERLADEN", "Saved anew")
        assert reported.get(timeout=30) == (
            "world.yaml reloaded: 1 ticket changed; ticket 3 keeps its own changes in world other "
            "(POST /_mock/worlds/other/reset drops them)"
        )


@pytest.mark.slow
def test_an_act_during_which_a_file_is_taken_up_is_not_the_last(
    config: Config, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = app.extensions["store"]
    workspaces = store.workspaces

    def saved_meanwhile(world: World) -> list[Workspace]:
        monkeypatch.undo()
        replace(Path(str(config.world)), "ÜBERLADEN", "Saved anew")
        refresh(store, config)
        found: list[Workspace] = workspaces(world)
        return found

    monkeypatch.setattr(store, "workspaces", saved_meanwhile)
    with pytest.raises(StoreUnavailable):
        ActionRunner(store).next("w")
    assert ActionRunner(store).next("w") is not None


def test_a_world_file_may_use_a_status_that_the_contract_adds(
    make_app: MakeApp, config: Config, app: Flask
) -> None:
    file = Path(str(config.contract)).parent / "schemas" / "status.yaml"
    replace(file, "enum: [open, closed, spam]", "enum: [open, closed, spam, waiting]")
    ticket = "    tickets:\n      - {id: 900, subject: New, contact: 1, status: waiting}\n"
    replace(Path(str(config.world)), "    tickets:\n", ticket)

    started = make_app(world=config.world, contract=config.contract)
    assert Api(started, "ann").ticket(900)["status"] == "waiting"
    refresh(app.extensions["store"], config)
    assert Api(again(make_app, config, app).app, "ann").ticket(900)["status"] == "waiting"
