"""Where worlds come from: world files, made into what the store keeps."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial

from mockserver.contract.errors import StoreError
from mockserver.contract.operations import Contract
from mockserver.seed import load_world, plant
from mockserver.seed.world_file.file import WorldFile
from mockserver.store import Source, Store
from mockserver.store.apart import apart
from mockserver.store.progress import ProgressLine

DEFAULT_WORLD = "demo"
DEFAULT_SEED = 1

_LARGE = 100_000
"""Tickets; what making so many takes in memory would stay with the process that serves them."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wanted of a world; None: what its file says, and the default then."""

    seed: int | None = None
    tickets: int | None = None
    locale: str | None = None


def found(store: Store, name: str | None, wishes: Wishes, contract: Contract) -> tuple[str, ...]:
    """Make sure that the store has a shared world, the one asked for; return its file's faults.

    A kept database is taken as it is when no world, seed, size or locale is named, and
    one whose seeding broke off is seeded further. Raises FixtureError for the world
    file, StoreError for a database of another world.
    """
    kept = store.seed()
    asked = _Asked(name, wishes, store.clock.anchor().isoformat())
    if kept is not None and asked.nothing:
        return ()
    if kept is None:
        asked = asked.or_else(store.begun())
    world = load_world(asked.world or DEFAULT_WORLD, statuses(contract))
    source = source_of(world, asked.wishes, datetime.fromisoformat(asked.now))
    if kept is None:
        _plant(store, replace(source, asked=json.dumps(asdict(asked))))
    elif kept != source.seed:
        raise StoreError(
            f"{store}: holds {kept}, not {source.seed}; leave these options out, "
            "or name another database"
        )
    return world.faults


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a start asks for; `now` is where made-up history ends."""

    world: str | None
    wishes: Wishes
    now: str

    @property
    def nothing(self) -> bool:
        return self.world is None and self.wishes == Wishes()

    def or_else(self, begun: str | None) -> "_Asked":
        """Return what an earlier start had begun, where it is the same or nothing is asked."""
        if begun is None:
            return self
        earlier = json.loads(begun)
        other = _Asked(earlier["world"], Wishes(**earlier["wishes"]), earlier["now"])
        same = self.nothing or (other.world, other.wishes) == (self.world, self.wishes)
        return other if same else self


def _plant(store: Store, source: Source) -> None:
    workspaces = list(source.make())
    tickets = sum(workspace.ticket_count for workspace in workspaces)

    def work() -> None:
        line = ProgressLine(tickets)
        try:
            store.worlds.found(replace(source, make=lambda: workspaces), line)
        finally:
            line.close()

    if tickets < _LARGE:
        work()
    else:
        store.rest()
        apart(work)


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
