"""World files and generated worlds loaded into the store."""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from mockserver.contract.errors import StoreBusy, StoreError
from mockserver.contract.operations import Contract
from mockserver.seed.source import SeedSource
from mockserver.seed.workspaces import DEFAULT_SEED, build_workspaces
from mockserver.seed.world_file.file import WorldFile, load_world

if TYPE_CHECKING:
    from mockserver.store import Store

DEFAULT_WORLD = "demo"

_MANY = 10_000
"""Tickets whose seeding takes so long that its progress is shown."""

_LARGEST_RECIPE = 200_000
"""Characters; the changes of a larger world file are exported as the whole world."""


@dataclass(frozen=True, slots=True)
class SeedOptions:
    """Options of a generated world; None: as the world file says, or the default."""

    seed: int | None = None
    tickets: int | None = None
    locale: str | None = None


def load_shared_world(
    store: "Store", name: str | None, options: SeedOptions, contract: Contract
) -> WorldFile | None:
    """Seed the shared world if the store has none; return its world file.

    An existing database is used unchanged if no world, seed, size or locale is given; then no
    file is read.
    Raises FixtureError for the world file, StoreError for a database with another world.
    """
    kept = store.worlds.seed_description()
    if kept is not None and name is None and options == SeedOptions():
        return None
    world = load_world(name or DEFAULT_WORLD, statuses(contract))
    source = source_of(world, options, store.clock.anchor())
    if kept is None:
        _seed_store(store, source)
    elif kept != source.seed:
        raise StoreError(
            f"{store}: holds {kept}, not {source.seed}; leave these options out, "
            "or name another database"
        )
    return world


def _seed_store(store: "Store", source: SeedSource) -> None:
    workspaces = list(source.make())
    total = sum(workspace.ticket_count for workspace in workspaces)
    once = replace(source, make=lambda: workspaces)
    label, hidden = f"seeding {total:,} tickets", total < _MANY
    with click.progressbar(length=total, label=label, hidden=hidden, file=sys.stderr) as bar:
        seeded = False
        while not seeded:
            try:
                store.worlds.seed_shared(once, bar.update)
                seeded = True
            except StoreBusy:
                click.echo("waiting for another program that writes to the database", err=True)


def statuses(contract: Contract) -> tuple[str, ...]:
    """Return the statuses of the contract."""
    fields = contract.operations["updateTicketStatus"].body
    return next(field.choices for field in fields if field.name == "status")


def source_of(world: WorldFile, options: SeedOptions, now: datetime) -> SeedSource:
    """Return the source of this world; `now` is the end of the generated history."""
    seed = _seed(world, options)
    parts = [f"world {world.name}", f"seed {seed}"]
    if options.tickets is not None:
        parts.append(f"{options.tickets} tickets")
    if options.locale is not None:
        parts.append(f"locale {options.locale}")
    make = partial(
        build_workspaces, world, seed=seed, tickets=options.tickets, locale=options.locale, now=now
    )
    recipe = _recipe(world, seed, options, now)
    return SeedSource(", ".join(parts), _fingerprint(world, options, now), make, recipe)


def _recipe(world: WorldFile, seed: int, options: SeedOptions, now: datetime) -> str:
    """Return what a file of changes extends, as JSON; empty if that would be large."""
    if world.extended is not None:  # complete in itself: no option affects it
        recipe = dict(world.reference)
    else:
        asked = {"tickets": options.tickets, "locale": options.locale}
        given = {name: value for name, value in asked.items() if value is not None}
        extends = {"world": world.reference, "seed": seed, **given, "clock": now.isoformat()}
        recipe = {"extends": extends}
    text = json.dumps(recipe)
    return text if len(text) <= _LARGEST_RECIPE else ""


def _seed(world: WorldFile, options: SeedOptions) -> int:
    if options.seed is not None:
        return options.seed
    return DEFAULT_SEED if world.seed is None else world.seed


def _fingerprint(world: WorldFile, options: SeedOptions, now: datetime) -> str:
    """Return a hash of everything that determines the world's content."""
    content = {name: getattr(world, name) for name in ("name", "seed", "locale", "workspaces")}
    if world.extended is not None:
        content["reference"] = world.reference
    content_text = json.dumps([content, asdict(options), now.isoformat()], sort_keys=True)
    return hashlib.sha256(content_text.encode()).hexdigest()
