"""Levers of worlds: open, show, import and export, reset, snapshot, delete."""

from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from flask import Response

from mockserver.admin.clock import clock_of
from mockserver.admin.context import Conflict, Mock
from mockserver.admin.registry import Pull, lever
from mockserver.contract.errors import ConfigError, Invalid, NotFound
from mockserver.seed import WorldFile, dump_world, load_world
from mockserver.seed.clock import iso, parse
from mockserver.seed.load import DEFAULT_WORLD, SeedOptions, source_of
from mockserver.seed.source import SeedSource
from mockserver.store import SHARED, Snapshot, World, WorldEntry

_SEEDED_BY = ("world", "definition", "seed", "tickets", "locale")


@lever("listWorlds")
def list_worlds(pull: Pull) -> dict[str, Any]:
    worlds = pull.mock.store.worlds
    return {
        "worlds": [_world(pull.mock, entry) for entry in worlds.entries()],
        "max_worlds": worlds.limit,
    }


@lever("openWorld")
def open_world(pull: Pull) -> dict[str, Any]:
    asked, mock = pull.body, pull.mock
    name = asked.get("name") or f"w-{token_hex(4)}"
    clock = int(parse(asked["clock"]).timestamp()) if "clock" in asked else None
    file = _file(mock, asked) if any(key in asked for key in _SEEDED_BY) else None
    source = None if file is None else _source(mock, file, asked)
    world = mock.store.worlds.open(name, source, clock)
    if world is None:
        raise Conflict(f"There is a world {name!r} already; delete it, or choose another name.")
    _add_faults(mock, world, [*_troubles(file), *asked.get("faults", ())])
    return _reply(mock, name)


@lever("getWorld")
def get_world(pull: Pull) -> dict[str, Any]:
    return _reply(pull.mock, pull.entry.world.name)


@lever("importWorld")
def import_world(pull: Pull) -> dict[str, Any]:
    file = _read_definition(pull.mock, pull.body)
    source = source_of(file, SeedOptions(), pull.mock.store.clock.anchor())
    world = pull.mock.store.worlds.replace(pull.path["world"], source)
    _add_faults(pull.mock, world, _troubles(file))
    return _reply(pull.mock, pull.path["world"])


@lever("exportWorld")
def export_world(pull: Pull) -> Response:
    world = pull.world
    text = dump_world(world.name, pull.mock.store.contents(world))
    headers = {"Content-Disposition": f'attachment; filename="{world.name}.yaml"'}
    return Response(text, 200, headers, mimetype="application/yaml")


@lever("deleteWorld")
def delete_world(pull: Pull) -> None:
    world = pull.world
    if world.name == SHARED:
        raise Conflict("The shared world stays; reset it instead.")
    pull.mock.colleagues.stop(world.name)
    pull.mock.store.worlds.delete(world)


@lever("resetWorld")
def reset_world(pull: Pull) -> dict[str, Any]:
    pull.mock.store.worlds.reset(pull.world)
    return _reply(pull.mock, pull.path["world"])


@lever("resetOwnWorld")
def reset_own_world(pull: Pull) -> dict[str, Any]:
    return {"world": reset_world(pull)["world"]}


@lever("listSnapshots")
def list_snapshots(pull: Pull) -> dict[str, Any]:
    return {"snapshots": [_snapshot(each) for each in pull.mock.store.snapshots.all(pull.world)]}


@lever("saveSnapshot")
def save_snapshot(pull: Pull) -> dict[str, Any]:
    saved = pull.mock.store.snapshots.save(pull.world, pull.path["snapshot"])
    if saved is None:
        raise Conflict("This world has 50 snapshots already; delete one first.")
    return {"snapshot": _snapshot(saved)}


@lever("restoreSnapshot")
def restore_snapshot(pull: Pull) -> dict[str, Any]:
    if not pull.mock.store.snapshots.restore(pull.world, pull.path["snapshot"]):
        raise _no_snapshot(pull)
    return _reply(pull.mock, pull.path["world"])


@lever("deleteSnapshot")
def delete_snapshot(pull: Pull) -> None:
    if not pull.mock.store.snapshots.delete(pull.world, pull.path["snapshot"]):
        raise _no_snapshot(pull)


def _add_faults(mock: Mock, world: World, faults: list[Any]) -> None:
    """Activate the faults that a world is opened with; delete it again if one is not valid."""
    try:
        for fault in [mock.faults.parse(each["fault"]) for each in faults]:
            mock.faults.add(world.name, fault, kept=True)
    except ConfigError as error:
        mock.store.worlds.delete(world)
        raise Invalid({"faults": [f"faults: {error}."]}) from None


def _no_snapshot(pull: Pull) -> NotFound:
    world, name = pull.path["world"], pull.path["snapshot"]
    return NotFound(f"World {world!r} has no snapshot {name!r}.")


def _file(mock: Mock, asked: dict[str, Any]) -> WorldFile:
    if "definition" in asked:
        return _read_definition(mock, asked["definition"])
    return load_world(asked.get("world") or mock.config.world or DEFAULT_WORLD, mock.statuses)


def _troubles(file: WorldFile | None) -> list[dict[str, str]]:
    return [] if file is None else [{"fault": text} for text in file.faults]


def _source(mock: Mock, file: WorldFile, asked: dict[str, Any]) -> SeedSource:
    clock = mock.store.clock
    now = parse(asked["clock"]) if "clock" in asked else clock.anchor()
    return source_of(file, _wishes(asked), now)


def _wishes(asked: dict[str, Any]) -> SeedOptions:
    numbers = {key: int(asked[key]) for key in ("seed", "tickets") if key in asked}
    return SeedOptions(**numbers, locale=asked.get("locale"))


def _read_definition(mock: Mock, definition: Any) -> WorldFile:
    """Read a world file given as text or as data; raises FixtureError."""
    if not isinstance(definition, str):
        definition = yaml.dump(definition, Dumper=yaml.CSafeDumper, allow_unicode=True)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "world.yaml"
        file.write_text(definition, encoding="utf-8")
        return load_world(file, mock.statuses)


def _reply(mock: Mock, name: str) -> dict[str, Any]:
    entry = mock.store.worlds.entry(name)
    if entry is None:
        raise NotFound(f"World {name!r} has gone meanwhile.")
    return {"world": _world(mock, entry), "tokens": _tokens(mock, entry)}


def _world(mock: Mock, entry: WorldEntry) -> dict[str, Any]:
    world = entry.world
    return {
        "name": world.name,
        "shared": world.name == SHARED,
        "made_from": entry.seed,
        "created_at": iso(entry.created),
        "used_at": iso(entry.used),
        "changes": world.changes,
        "clock": clock_of(mock, world),
        "busy": {"per_second": mock.colleagues.rate(world.name), "acts": entry.acts},
    }


def _tokens(mock: Mock, entry: WorldEntry) -> list[dict[str, Any]]:
    suffix = "" if entry.world.name == SHARED else f"@{entry.world.name}"
    return [
        {
            "token": f"{token}{suffix}",
            "state": state,
            "readonly": bool(readonly),
            "user": {"id": id, "name": name, "email": email},
            "workspace": {"id": workspace, "name": company},
        }
        for token, state, readonly, id, name, email, workspace, company in mock.store.worlds.tokens(
            entry.world
        )
    ]


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "name": snapshot.name,
        "created_at": iso(snapshot.created),
        "changes": snapshot.changes,
    }
