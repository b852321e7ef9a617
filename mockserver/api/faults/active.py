"""The active faults: of every world, or of one; and which requests they affect.

A fault with a share affects requests at random. What is drawn depends on the fault's text
(and so its seed), the request (method, path, query and body) and how many times the world
has received that request since its last reset: a run that makes the same requests meets
the same faults, also when they arrive in another order or in a world of another name.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from threading import Lock
from typing import NamedTuple

from mockserver.api.faults.syntax import Fault
from mockserver.api.rate_limit import RateLimit
from mockserver.contract.errors import ConfigError
from mockserver.store import MOST_FAULTS, SHARED, Caller, FaultRow, Store

EVERY = "*"
"""In place of a world's name: every world."""

_REMEMBERED = 50_000
"""Requests whose repetitions are counted; the least recently made is forgotten first."""


class TooManyFaults(ConfigError):
    """A world has as many as it may."""


@dataclass(slots=True)
class Plan:
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
        lot = Random(f"{fault.text} {time} {request.hex()}")  # noqa: S311  (no secret)
        with self.lock:
            self.seen += 1
            if lot.random() >= fault.share:
                return None
            before = self.taken.get(world, 0)
            if fault.times is not None:
                if before >= fault.times:
                    return None
                self.taken[world] = before + 1
        if fault.kind == "sequence" and not fault.statuses[before]:
            return None
        return Hit(self, lot, before)

    def hit(self) -> None:
        with self.lock:
            self.hits += 1


class Hit(NamedTuple):
    """A fault that affects a request, what to draw its details from, and how often it did before.

    The number is of the requests of the world that count towards `times`.
    """

    plan: Plan
    lot: Random
    number: int

    @property
    def status(self) -> int | None:
        """The status to respond with, of an error or a sequence."""
        fault = self.plan.fault
        if fault.kind == "sequence":
            return fault.statuses[self.number]
        return self.lot.choice(fault.statuses) if fault.kind == "error" else None


class Faults:
    """Those that the server was started with, and those in the database.

    A world is known by its name, the shared one by `shared`. Processes that use one database
    share the latter; each has its own counts and rate limits.
    """

    def __init__(self, operations: Collection[str], store: Store) -> None:
        self._operations = tuple(operations)
        self._store = store
        self._lock = Lock()
        self._started: dict[tuple[str, str], Plan] = {}
        self._stored: dict[int, Plan] = {}
        self._times: OrderedDict[tuple[str, bytes], int] = OrderedDict()

    def renew(self, store: Store) -> None:
        """Go on with another store of the same worlds."""
        self._store = store

    def begin_with(self, texts: Iterable[str], shared: Iterable[str] = ()) -> None:
        """Activate the faults that a server starts with; raises ConfigError.

        Those of `shared` are for the shared world. Called again, it removes those that are
        no longer named, and adds those that are new.
        """
        faults = [self.parse(text) for text in texts]
        begun = [(fault.world or EVERY, fault) for fault in faults]
        begun += [(SHARED, self.parse(text)) for text in shared]
        wanted = {(world, fault.text): fault for world, fault in begun}
        for key in self._started.keys() - wanted.keys():
            del self._started[key]
        for (world, text), fault in wanted.items():
            if (world, text) not in self._started:
                id = self._store.faults.new_id()
                self._started[world, text] = _plan(id, world, fault, kept=True)

    def parse(self, text: str) -> Fault:
        """Read a fault; raises ConfigError."""
        return Fault.parse(text, self._operations)

    def add(self, world: str, fault: Fault, *, kept: bool = False) -> Plan:
        """Activate a fault in every process that uses the database; raises TooManyFaults."""
        id = self._store.faults.add(world, fault.text, kept=kept)
        if id is None:
            raise TooManyFaults(f"A world has at most {MOST_FAULTS} faults; remove some.")
        return self._stored.setdefault(id, _plan(id, world, fault, kept=kept))

    def listed(self, world: str | None = None) -> list[Plan]:
        """Return the plans of every world, or those that one world meets."""
        rows = self._store.faults.rows(world)
        if world is None:
            with self._lock:
                known = {row.id for row in rows}
                self._stored = {id: plan for id, plan in self._stored.items() if id in known}
        return [*self._started_in(world), *map(self._stored_plan, rows)]

    def clear(self, world: str | None = None, id: int | None = None) -> list[Plan]:
        """Remove the faults of one world, or all; only the one with this id. Return them."""
        plans = [plan for plan in self.listed() if world in (None, plan.world)]
        removed = [plan for plan in plans if id in (None, plan.id)]
        gone = {plan.id for plan in removed}
        started = [key for key, plan in self._started.items() if plan.id in gone]
        for key in started:
            self._started.pop(key, None)
        self._store.faults.delete(gone)
        self._forget(world)
        return removed

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

    def plans_for(
        self, world: str, operation: str, path: str, caller: Caller | None
    ) -> Sequence[Plan]:
        """Return the plans that requests to one path of an operation of one world meet."""
        plans = self._started_in(world) if self._started else []
        if caller is None or caller.with_faults:
            plans += map(self._stored_plan, self._store.faults.rows(world))
        return [plan for plan in plans if plan.fault.concerns(operation, path)]

    def times(self, world: str, request: bytes) -> int:
        """Count one more request of this identity; return how often it came before."""
        key = (world, request)
        with self._lock:
            times = self._times.pop(key, 0)
            self._times[key] = times + 1
            if len(self._times) > _REMEMBERED:
                self._times.popitem(last=False)
        return times

    def _started_in(self, world: str | None) -> list[Plan]:
        plans = list(self._started.values())
        return [plan for plan in plans if world is None or plan.world in (EVERY, world)]

    def _stored_plan(self, row: FaultRow) -> Plan:
        """Return what this process knows of a fault in the database; its text never changes."""
        plan = self._stored.get(row.id)
        if plan is None:
            made = _plan(row.id, row.world, self.parse(row.text), kept=row.kept)
            plan = self._stored.setdefault(row.id, made)
        return plan

    def _forget(self, world: str | None) -> None:
        with self._lock:
            for key in [key for key in self._times if world in (None, key[0])]:
                del self._times[key]
            for plan in (*self._started.values(), *self._stored.values()):
                if world is not None:
                    plan.taken.pop(world, None)


def _plan(id: int, world: str, fault: Fault, *, kept: bool) -> Plan:
    limit = RateLimit.parse(fault.rate) if fault.rate else None
    return Plan(id, world, fault, kept, limit)


def identity(method: str, path: str, query: bytes, body: bytes) -> bytes:
    """Return what makes a request the same as another."""
    parts = [method.encode(), path.encode(errors="replace"), query, body]
    return hashlib.blake2b(b"\0".join(parts), digest_size=16).digest()
