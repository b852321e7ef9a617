"""Admin API: worlds and their snapshots, and whether the mock is ready."""

from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from flask import Response

from mockserver import __version__
from mockserver.admin.clock import clock_of, read_clock
from mockserver.admin.context import AdminContext, Conflict
from mockserver.admin.registry import AdminRequest, admin_endpoint
from mockserver.api.faults import Fault
from mockserver.contract.errors import ConfigError, Invalid, NotFound
from mockserver.seed import WorldFile, changes_to_yaml, load_world, world_to_yaml
from mockserver.seed.clock import format_time
from mockserver.seed.load import DEFAULT_WORLD, SeedOptions, source_of
from mockserver.store import MOST_FAULTS, MOST_SNAPSHOTS, SHARED, Snapshot, World, WorldEntry

_SEEDED_BY = ("world", "definition", "seed", "tickets", "locale")


@admin_endpoint("getHealth")
def get_health(request: AdminRequest) -> dict[str, Any]:
    request.context.store.worlds.entry(SHARED)  # raises StoreUnavailable, which is a 503
    return {"status": "ok", "version": __version__}


@admin_endpoint("listWorlds")
def list_worlds(request: AdminRequest) -> dict[str, Any]:
    worlds = request.context.store.worlds
    return {
        "worlds": [_world(request.context, entry) for entry in worlds.entries()],
        "max_worlds": worlds.limit,
        "evicted": worlds.evicted,
    }


@admin_endpoint("openWorld")
def open_world(request: AdminRequest) -> dict[str, Any]:
    asked, context = request.body, request.context
    name = asked.get("name") or f"w-{token_hex(4)}"
    clock = read_clock(asked, "clock")
    file = _file(context, asked) if any(key in asked for key in _SEEDED_BY) else None
    source = None
    if file is not None:
        source = source_of(file, _wishes(asked), clock or context.store.clock.anchor())
    faults = _parse_faults(context, file, [each["fault"] for each in asked.get("faults", ())])
    frozen = None if clock is None else int(clock.timestamp())
    world = context.store.worlds.open(name, source, frozen)
    if world is None:
        raise Conflict(f"World {name!r} already exists; delete it, or choose another name.")
    _add_faults(context, world, faults)
    return _reply(context, name)


@admin_endpoint("getWorld")
def get_world(request: AdminRequest) -> dict[str, Any]:
    return _reply(request.context, request.existing.world.name)


@admin_endpoint("importWorld")
def import_world(request: AdminRequest) -> dict[str, Any]:
    file = _read_definition(request.context, request.body)
    source = source_of(file, SeedOptions(), request.context.store.clock.anchor())
    faults = _parse_faults(request.context, file)
    world = request.context.store.worlds.replace(request.path["world"], source)
    request.context.faults.drop(world.name)  # those of the world that it replaces
    _add_faults(request.context, world, faults)
    return _reply(request.context, request.path["world"])


@admin_endpoint("exportWorld")
def export_world(request: AdminRequest) -> Response:
    world, store = request.world, request.context.store
    text = None if request.query.get("full") else changes_to_yaml(world.name, *store.changed(world))
    text = text or world_to_yaml(world.name, store.contents(world))
    headers = {"Content-Disposition": f'attachment; filename="{world.name}.yaml"'}
    return Response(text, 200, headers, mimetype="application/yaml")


@admin_endpoint("deleteWorld")
def delete_world(request: AdminRequest) -> None:
    world = request.existing.world
    if world.name == SHARED:
        raise Conflict("The shared world cannot be deleted; reset it instead.")
    request.context.scheduler.stop(world.name)
    request.context.store.worlds.delete(world)


@admin_endpoint("resetWorld")
def reset_world(request: AdminRequest) -> dict[str, Any]:
    request.context.store.worlds.reset(request.world)
    return _reply(request.context, request.path["world"])


@admin_endpoint("resetOwnWorld")
def reset_own_world(request: AdminRequest) -> dict[str, Any]:
    return {"world": reset_world(request)["world"]}


@admin_endpoint("listSnapshots")
def list_snapshots(request: AdminRequest) -> dict[str, Any]:
    return {
        "snapshots": [
            _snapshot(each) for each in request.context.store.snapshots.all(request.world)
        ]
    }


@admin_endpoint("saveSnapshot")
def save_snapshot(request: AdminRequest) -> dict[str, Any]:
    saved = request.context.store.snapshots.save(request.world, request.path["snapshot"])
    if saved is None:
        raise Conflict(f"This world already has {MOST_SNAPSHOTS} snapshots; delete one first.")
    return {"snapshot": _snapshot(saved)}


@admin_endpoint("restoreSnapshot")
def restore_snapshot(request: AdminRequest) -> dict[str, Any]:
    if not request.context.store.snapshots.restore(request.world, request.path["snapshot"]):
        raise _no_snapshot(request)
    return _reply(request.context, request.path["world"])


@admin_endpoint("deleteSnapshot")
def delete_snapshot(request: AdminRequest) -> None:
    if not request.context.store.snapshots.delete(request.world, request.path["snapshot"]):
        raise _no_snapshot(request)


def _parse_faults(
    context: AdminContext, file: WorldFile | None, more: Sequence[str] = ()
) -> list[Fault]:
    """Return the faults of a new world, before it replaces another; raises Invalid."""
    own = file.faults if file else ()
    if len(own) + len(more) > MOST_FAULTS:
        raise Invalid({"faults": [f"faults: a world has at most {MOST_FAULTS}."]})
    try:
        faults = context.faults.parse_all(own, f"{file.source}: faults" if file else "")
        return [*faults, *context.faults.parse_all(more, "faults")]
    except ConfigError as error:
        raise Invalid({"faults": [f"{error}."]}) from None


def _add_faults(context: AdminContext, world: World, faults: list[Fault]) -> None:
    for fault in faults:
        context.faults.add(world.name, fault, kept=True)


def _no_snapshot(request: AdminRequest) -> NotFound:
    world, name = request.path["world"], request.path["snapshot"]
    return NotFound(f"World {world!r} has no snapshot {name!r}.")


def _file(context: AdminContext, asked: dict[str, Any]) -> WorldFile:
    if "definition" in asked:
        return _read_definition(context, asked["definition"])
    return load_world(asked.get("world") or context.config.world or DEFAULT_WORLD, context.statuses)


def _wishes(asked: dict[str, Any]) -> SeedOptions:
    numbers = {key: int(asked[key]) for key in ("seed", "tickets") if key in asked}
    return SeedOptions(**numbers, locale=asked.get("locale"))


def _read_definition(context: AdminContext, definition: Any) -> WorldFile:
    """Read a world file given as text or as data; raises FixtureError."""
    if not isinstance(definition, str):
        definition = yaml.dump(definition, Dumper=yaml.CSafeDumper, allow_unicode=True)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "world.yaml"
        file.write_text(definition, encoding="utf-8")
        return load_world(file, context.statuses)


def _reply(context: AdminContext, name: str) -> dict[str, Any]:
    entry = context.store.worlds.entry(name)
    if entry is None:
        raise NotFound(f"World {name!r} was deleted during the request.")
    return {"world": _world(context, entry), "tokens": _tokens(context, entry)}


def _world(context: AdminContext, entry: WorldEntry) -> dict[str, Any]:
    world = entry.world
    return {
        "name": world.name,
        "shared": world.name == SHARED,
        "seeded_from": entry.seed,
        "created_at": format_time(entry.created),
        "used_at": format_time(entry.used),
        "changes": world.changes,
        "clock": clock_of(context, world),
        "activity": {"per_second": context.scheduler.rate(world.name), "actions": entry.acts},
    }


def _tokens(context: AdminContext, entry: WorldEntry) -> list[dict[str, Any]]:
    return [
        {
            "token": entry.world.token(each.token),
            "state": each.state,
            "readonly": bool(each.readonly),
            "user": {"id": each.user, "name": each.user_name, "email": each.email},
            "workspace": {"id": each.workspace, "name": each.workspace_name},
        }
        for each in context.store.worlds.tokens(entry.world)
    ]


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "name": snapshot.name,
        "created_at": format_time(snapshot.created),
        "changes": snapshot.changes,
    }
