"""The active faults: of every world, or of one; and which requests they affect.

A fault with a share affects requests at random. What is drawn depends on the fault's text
(and so its seed), the request (method, path, query and body) and how many times the world
has received that request since its last reset: a run that makes the same requests meets
the same faults, also when they arrive in another order or in a world of another name.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock
from typing import NamedTuple

from mockserver.api.faults.syntax import Fault
from mockserver.api.rate_limit import RateLimit
from mockserver.contract.errors import ConfigError, located, suggestion
from mockserver.contract.operation import Operation
from mockserver.store import MOST_FAULTS, SHARED, Caller, FaultRow, Store

EVERY = "*"
"""In place of a world's name: every world."""

_REMEMBERED = 50_000
"""Requests whose repetitions are counted; the least recently made is forgotten first."""


class TooManyFaults(ConfigError):
    """A world has as many as it may."""


@dataclass(slots=True)
class ActiveFault:
    """An active fault, and what it did in this process.

    `kept` ones came with the server or the world and outlive a reset.
    """

    id: int
    world: str
    fault: Fault
    kept: bool
    limit: RateLimit | None
    seen: int = 0
    hits: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    """Requests of each world that count towards `times`."""
    lock: Lock = field(default_factory=Lock, repr=False)

    def draw(self, world: str, request: bytes, time: int) -> "Hit | None":
        """Return how the fault affects a request, None when the request is spared."""
        fault = self.fault
        random = Random(f"{fault.text} {time} {request.hex()}")  # noqa: S311  (no secret)
        with self.lock:
            self.seen += 1
            if random.random() >= fault.share:
                return None
            before = self.taken.get(world, 0)
            if fault.times is not None:
                if before >= fault.times:
                    return None
                self.taken[world] = before + 1
        if fault.kind == "sequence" and not fault.statuses[before]:
            return None
        return Hit(self, random, before)

    def hit(self) -> None:
        with self.lock:
            self.hits += 1


class Hit(NamedTuple):
    """A fault that affects a request, what to draw its details from, and how often it did before.

    The number is of the requests of the world that count towards `times`.
    """

    active: ActiveFault
    random: Random
    number: int

    @property
    def status(self) -> int | None:
        """The status to respond with, of an error or a sequence."""
        fault = self.active.fault
        if fault.kind == "sequence":
            return fault.statuses[self.number]
        return self.random.choice(fault.statuses) if fault.kind == "error" else None


class Faults:
    """Those that the server was started with, and those in the database.

    A world is known by its name, the shared one by `shared`. Processes that use one database
    share the latter; each has its own counts and rate limits.
    """

    def __init__(self, operations: Mapping[str, Operation], store: Store) -> None:
        self.operations = operations
        self._store = store
        self._lock = Lock()
        self._started: dict[tuple[str, str], ActiveFault] = {}
        self._stored: dict[int, ActiveFault] = {}
        self._times: OrderedDict[tuple[str, bytes], int] = OrderedDict()

    def start_with(self, faults: Iterable[Fault], shared: Iterable[Fault] = ()) -> None:
        """Activate the faults that a server starts with.

        Those of `shared` are for the shared world. Called again, it removes those that are
        no longer named, and adds those that are new.
        """
        named = [(fault.world or EVERY, fault) for fault in faults]
        named += [(SHARED, fault) for fault in shared]
        wanted = {(world, fault.text): fault for world, fault in named}
        for key in self._started.keys() - wanted.keys():
            del self._started[key]
        for (world, text), fault in wanted.items():
            if (world, text) not in self._started:
                id = self._store.faults.new_id()
                self._started[world, text] = _active_fault(id, world, fault, kept=True)

    def parse(self, text: str) -> Fault:
        """Read a fault; raises ConfigError, also for an operation or a path that is unknown."""
        fault = Fault.parse(text)
        name = fault.operation
        if name is not None and name not in self.operations:
            raise ConfigError(f"no operation {name!r}; {suggestion(name, self.operations)}")
        operations, path = self.operations.values(), fault.path
        if path and not any(each.may_have(path) for each in operations):
            known = [each.path for each in operations]
            remedy = suggestion(path, known, "`mockserver routes` lists them")
            raise ConfigError(f"path: no operation has {path}; {remedy}")
        return fault

    def parse_all(self, texts: Iterable[str], place: str) -> list[Fault]:
        """Read a list of faults; raises ConfigError with the place of the one that is wrong."""
        faults = []
        for index, text in enumerate(texts):
            with located(f"{place}[{index}]"):
                faults.append(self.parse(text))
        return faults

    def add(self, world: str, fault: Fault, *, kept: bool = False) -> ActiveFault:
        """Activate a fault in every process that uses the database; raises TooManyFaults."""
        id = self._store.faults.add(world, fault.text, kept=kept)
        if id is None:
            raise TooManyFaults(f"A world has at most {MOST_FAULTS} faults; remove some.")
        return self._stored.setdefault(id, _active_fault(id, world, fault, kept=kept))

    def listed(self, world: str | None = None) -> list[ActiveFault]:
        """Return the faults of every world, or those that one world meets."""
        before = list(self._stored)
        rows = self._store.faults.rows(world)
        if world is None:
            with self._lock:  # faults that were added meanwhile are not in `before`
                for id in set(before) - {row.id for row in rows}:
                    self._stored.pop(id, None)
        return [*self._started_in(world), *map(self._stored_fault, rows)]

    def clear(self, world: str | None = None) -> list[ActiveFault]:
        """Remove the faults of one world, or all, and count their requests from 0; return them."""
        removed = [active for active in self.listed() if world in (None, active.world)]
        self._remove(removed)
        self._forget(world)
        return removed

    def remove(self, id: int) -> bool:
        """Remove one fault; return whether there was one with this id."""
        found = [active for active in self.listed() if active.id == id]
        self._remove(found)
        return bool(found)

    def reset(self, world: str) -> None:
        """Remove what was added to a world since it was made, and count its requests from 0."""
        rows = self._store.faults.rows(world)
        self._store.faults.delete(row.id for row in rows if row.world == world and not row.kept)
        self._forget(world)

    def drop(self, world: str) -> None:
        """Forget a world that was deleted; what the server was started with stays."""
        rows = self._store.faults.rows(world)
        self._store.faults.delete(row.id for row in rows if row.world == world)
        self._forget(world)

    def affecting(
        self, world: str, operation: str, path: str, caller: Caller | None
    ) -> Sequence[ActiveFault]:
        """Return the faults that requests to one path of an operation of one world meet."""
        faults = self._started_in(world) if self._started else []
        if caller is None or caller.with_faults:
            faults += map(self._stored_fault, self._store.faults.rows(world))
        return [active for active in faults if active.fault.concerns(operation, path)]

    def times(self, world: str, request: bytes) -> int:
        """Count one more request of this identity; return how often it came before."""
        key = (world, request)
        with self._lock:
            times = self._times.pop(key, 0)
            self._times[key] = times + 1
            if len(self._times) > _REMEMBERED:
                self._times.popitem(last=False)
        return times

    def _remove(self, faults: Sequence[ActiveFault]) -> None:
        gone = {active.id for active in faults}
        for key in [key for key, active in self._started.items() if active.id in gone]:
            self._started.pop(key, None)
        self._store.faults.delete(gone)

    def _started_in(self, world: str | None) -> list[ActiveFault]:
        faults = list(self._started.values())
        return [active for active in faults if world is None or active.world in (EVERY, world)]

    def _stored_fault(self, row: FaultRow) -> ActiveFault:
        """Return what this process knows of a fault in the database; its text never changes."""
        active = self._stored.get(row.id)
        if active is None:
            made = _active_fault(row.id, row.world, Fault.parse(row.text), kept=row.kept)
            active = self._stored.setdefault(row.id, made)
        return active

    def _forget(self, world: str | None) -> None:
        with self._lock:
            for key in [key for key in self._times if world in (None, key[0])]:
                del self._times[key]
            for active in (*self._started.values(), *self._stored.values()):
                if world is not None:
                    active.taken.pop(world, None)


def _active_fault(id: int, world: str, fault: Fault, *, kept: bool) -> ActiveFault:
    limit = RateLimit.parse(fault.rate) if fault.rate else None
    return ActiveFault(id, world, fault, kept, limit)


def identity(method: str, path: str, query: bytes, body: bytes) -> bytes:
    """Return what makes a request the same as another."""
    parts = [method.encode(), path.encode(errors="replace"), query, body]
    return hashlib.blake2b(b"\0".join(parts), digest_size=16).digest()
