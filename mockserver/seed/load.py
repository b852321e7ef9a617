"""World files and generated worlds loaded into the store."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from mockserver.contract.errors import StoreError
from mockserver.contract.operations import Contract
from mockserver.seed.planting import plant
from mockserver.seed.progress import ProgressLine
from mockserver.seed.source import SeedSource
from mockserver.seed.world_file.file import WorldFile, load_world

if TYPE_CHECKING:
    from mockserver.store import Store

DEFAULT_WORLD = "demo"
DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class SeedOptions:
    """Options of a generated world; None: as the world file says, or the default."""

    seed: int | None = None
    tickets: int | None = None
    locale: str | None = None


def load_shared_world(
    store: "Store", name: str | None, options: SeedOptions, contract: Contract
) -> tuple[str, ...]:
    """Make sure that the store has the shared world asked for; return its file's faults.

    A kept database is used as it is when no world, seed, size or locale is given, and
    interrupted seeding is resumed. Raises FixtureError for the world
    file, StoreError for a database of another world.
    """
    kept = store.seed()
    request = _Request(name, options, store.clock.anchor().isoformat())
    if kept is not None and request.nothing:
        return ()
    if kept is None:
        request = request.or_interrupted(store.interrupted_seed())
    world = load_world(request.world or DEFAULT_WORLD, statuses(contract))
    source = source_of(world, request.options, datetime.fromisoformat(request.now))
    if kept is None:
        _seed_store(store, replace(source, request=json.dumps(asdict(request))))
    elif kept != source.seed:
        raise StoreError(
            f"{store}: holds {kept}, not {source.seed}; leave these options out, "
            "or name another database"
        )
    return world.faults


@dataclass(frozen=True, slots=True)
class _Request:
    """What a start asks for; `now` is the end of the generated history."""

    world: str | None
    options: SeedOptions
    now: str

    @property
    def nothing(self) -> bool:
        return self.world is None and self.options == SeedOptions()

    def or_interrupted(self, interrupted: str | None) -> "_Request":
        """Return the interrupted request if it is the same, or if this start asks for nothing."""
        if interrupted is None:
            return self
        earlier = json.loads(interrupted)
        other = _Request(earlier["world"], SeedOptions(**earlier["options"]), earlier["now"])
        same = self.nothing or (other.world, other.options) == (self.world, self.options)
        return other if same else self


def _seed_store(store: "Store", source: SeedSource) -> None:
    workspaces = list(source.make())
    line = ProgressLine(sum(workspace.ticket_count for workspace in workspaces))
    try:
        store.worlds.seed_shared(replace(source, make=lambda: workspaces), line)
    finally:
        line.close()


def statuses(contract: Contract) -> tuple[str, ...]:
    """Return the statuses that the contract knows."""
    fields = contract.operations["updateTicketStatus"].body
    return next(field.choices for field in fields if field.name == "status")


def source_of(world: WorldFile, options: SeedOptions, now: datetime) -> SeedSource:
    """Return the seed of this world; `now` is the end of the generated history."""
    seed = _seed(world, options)
    parts = [f"world {world.name}", f"seed {seed}"]
    if options.tickets is not None:
        parts.append(f"{options.tickets} tickets")
    if options.locale is not None:
        parts.append(f"locale {options.locale}")
    make = partial(plant, world, seed=seed, tickets=options.tickets, locale=options.locale, now=now)
    return SeedSource(", ".join(parts), _fingerprint(world, options, now), make)


def _seed(world: WorldFile, options: SeedOptions) -> int:
    if options.seed is not None:
        return options.seed
    return DEFAULT_SEED if world.seed is None else world.seed


def _fingerprint(world: WorldFile, options: SeedOptions, now: datetime) -> str:
    """Return a hash that differs for worlds with different content."""
    content = {name: getattr(world, name) for name in ("name", "seed", "locale", "workspaces")}
    content_text = json.dumps([content, asdict(options), now.isoformat()], sort_keys=True)
    return hashlib.sha256(content_text.encode()).hexdigest()
