"""Where worlds come from: world files, made into what the store keeps."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from mockserver.clock import Clock
from mockserver.config import Config
from mockserver.errors import StoreError
from mockserver.seed import load_world, plant
from mockserver.seed.worldfile import WorldFile
from mockserver.spec import Contract
from mockserver.store import Source, Store

DEFAULT_WORLD = "demo"
DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of a world; None: what its file says, and the default then."""

    seed: int | None = None
    tickets: int | None = None
    locale: str | None = None


def found(store: Store, config: Config, clock: Clock, contract: Contract) -> tuple[str, ...]:
    """Make sure that the store has a shared world, the one asked for; return its file's faults.

    A kept database is taken as it is when no world, seed, size or locale is named.
    Raises FixtureError for the world file, StoreError for a database of another world.
    """
    kept = store.seed()
    asked = (config.world, config.seed, config.tickets, config.locale)
    if kept is not None and not any(option is not None for option in asked):
        return ()
    world = load_world(config.world or DEFAULT_WORLD, statuses(contract))
    wishes = Wishes(config.seed, config.tickets, config.locale)
    source = source_of(world, wishes, clock.anchor())
    if kept is None:
        store.worlds.found(source)
    elif kept != source.seed:
        raise StoreError(
            f"{store}: holds {kept}, not {source.seed}; leave these options out, "
            "or name another database"
        )
    return world.faults


def statuses(contract: Contract) -> tuple[str, ...]:
    """Return the statuses that the contract knows."""
    fields = contract.operations["updateTicketStatus"].body
    return next(field.choices for field in fields if field.name == "status")


def source_of(world: WorldFile, wishes: Wishes, now: datetime) -> Source:
    """Return what a layer of this world is made from; `now` is where made-up history ends."""
    seed = _seed(world, wishes)
    parts = [f"world {world.name}", f"seed {seed}"]
    if wishes.tickets is not None:
        parts.append(f"{wishes.tickets} tickets")
    if wishes.locale is not None:
        parts.append(f"locale {wishes.locale}")
    make = partial(plant, world, seed=seed, tickets=wishes.tickets, locale=wishes.locale, now=now)
    return Source(", ".join(parts), _fingerprint(world, wishes, now), make)


def _seed(world: WorldFile, wishes: Wishes) -> int:
    if wishes.seed is not None:
        return wishes.seed
    return DEFAULT_SEED if world.seed is None else world.seed


def _fingerprint(world: WorldFile, wishes: Wishes, now: datetime) -> str:
    """Tell worlds apart that would be planted differently."""
    content = {name: getattr(world, name) for name in ("name", "seed", "locale", "workspaces")}
    told = json.dumps([content, asdict(wishes), now.isoformat()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
