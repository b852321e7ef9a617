"""The faults in force: for every world, or for one; which of them befall which request.

A fault with a share falls by lot. The lot is drawn from the fault's text (and so its seed),
the request (method, path, query and body) and how many times the world has seen
that request since its last reset: a run that makes the same requests meets the
same faults, also when they arrive in another order or in a world of another name.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Lock

from mockserver.api.faults.syntax import Fault
from mockserver.api.rate_limit import RateLimit
from mockserver.contract.errors import ConfigError
from mockserver.store import SHARED

EVERY = "*"
"""In place of a world's name: every world."""

_REMEMBERED = 50_000
"""Requests whose repetitions are counted; the least recently made goes."""

_WORLDS = 2000
MOST = 100
"""Faults that a world may have."""


class TooManyFaults(ConfigError):
    """A world has as many as it may."""


@dataclass(slots=True)
class Plan:
    """A fault in force; `kept` ones came with the server or the world and outlive a reset."""

    id: int
    world: str
    fault: Fault
    kept: bool
    limit: RateLimit | None
    seen: int = 0
    hits: int = 0
    lock: Lock = field(default_factory=Lock, repr=False)

    def draw(self, request: bytes, time: int) -> Random | None:
        """Return what to draw the details from, None when the request is spared."""
        fault = self.fault
        lot = Random(f"{fault.text} {time} {request.hex()}")  # noqa: S311  (no secret)
        with self.lock:
            self.seen += 1
        return lot if lot.random() < fault.share else None

    def hit(self) -> None:
        with self.lock:
            self.hits += 1


class Faults:
    """Every fault of a server; a world is known by its name, the shared one by `shared`."""

    def __init__(self, operations: Collection[str]) -> None:
        self._operations = tuple(operations)
        self._lock = Lock()
        self._ids = count(1)
        self._plans: dict[str, tuple[Plan, ...]] = {}
        self._begun: dict[tuple[str, str], Plan] = {}
        self._times: OrderedDict[tuple[str, bytes], int] = OrderedDict()

    def begin_with(self, texts: Iterable[str], shared: Iterable[str] = ()) -> None:
        """Put the faults in force that a server starts with; raises ConfigError.

        Those of `shared` are for the shared world. Called again, it lifts those that are
        no longer named, and adds those that are new.
        """
        faults = [self.parse(text) for text in texts]
        begun = [(fault.world or EVERY, fault) for fault in faults]
        begun += [(SHARED, self.parse(text)) for text in shared]
        wanted = {(world, fault.text): fault for world, fault in begun}
        for world, text in self._begun.keys() - wanted.keys():
            self.clear(world, self._begun.pop((world, text)).id)
        for (world, text), fault in wanted.items():
            if (world, text) not in self._begun:
                self._begun[world, text] = self.add(world, fault, kept=True)

    def parse(self, text: str) -> Fault:
        """Read a fault; raises ConfigError."""
        return Fault.parse(text, self._operations)

    def add(self, world: str, fault: Fault, *, kept: bool = False) -> Plan:
        """Put a fault in force; raises TooManyFaults."""
        limit = RateLimit.parse(fault.rate) if fault.rate else None
        with self._lock:
            plans = self._plans.get(world, ())
            if len(plans) >= MOST:
                raise too_many()
            plan = Plan(next(self._ids), world, fault, kept, limit)
            self._plans[world] = (*plans, plan)
            self._drop_oldest()
        return plan

    def listed(self, world: str | None = None) -> list[Plan]:
        """Return the plans of every world, or those that one world meets."""
        plans = self._plans.copy()
        if world is None:
            return [plan for each in plans.values() for plan in each]
        return [*plans.get(EVERY, ()), *plans.get(world, ())]

    def clear(self, world: str | None = None, id: int | None = None) -> list[Plan]:
        """Lift the faults of one world, or all; only the one with this id. Return them."""
        with self._lock:
            lifted = [
                plan
                for name, plans in self._plans.items()
                for plan in plans
                if world in (None, name) and id in (None, plan.id)
            ]
            self._lift(lifted)
            self._forget(world)
        return lifted

    def reset(self, world: str) -> None:
        """Lift what was added to a world since it was made, and count its requests from 0."""
        with self._lock:
            self._lift([plan for plan in self._plans.get(world, ()) if not plan.kept])
            self._forget(world)

    def drop(self, world: str) -> None:
        """Forget a world that is gone."""
        self.clear(world)

    def plan_for(self, world: str, operation: str) -> Sequence[Plan]:
        """Return the plans that requests to one operation of one world meet."""
        if not self._plans:
            return ()
        plans = (*self._plans.get(EVERY, ()), *self._plans.get(world, ()))
        return [plan for plan in plans if plan.fault.operation in (None, operation)]

    def times(self, world: str, request: bytes) -> int:
        """Count one more request of this identity; return how often it came before."""
        key = (world, request)
        with self._lock:
            times = self._times.pop(key, 0)
            self._times[key] = times + 1
            if len(self._times) > _REMEMBERED:
                self._times.popitem(last=False)
        return times

    def _drop_oldest(self) -> None:
        """Forget the faults of a world long gone when there are too many worlds."""
        names = [world for world in self._plans if world != EVERY]
        if len(names) > _WORLDS:
            del self._plans[names[0]]

    def _lift(self, lifted: Collection[Plan]) -> None:
        gone = {plan.id for plan in lifted}
        kept = {
            world: tuple(plan for plan in plans if plan.id not in gone)
            for world, plans in self._plans.items()
        }
        self._plans = {world: plans for world, plans in kept.items() if plans}

    def _forget(self, world: str | None) -> None:
        for key in [key for key in self._times if world in (None, key[0])]:
            del self._times[key]


def too_many() -> TooManyFaults:
    return TooManyFaults(f"A world has at most {MOST} faults; lift some.")


def identity(method: str, path: str, query: bytes, body: bytes) -> bytes:
    """Return what makes a request the same as another."""
    parts = [method.encode(), path.encode(errors="replace"), query, body]
    return hashlib.blake2b(b"\0".join(parts), digest_size=16).digest()
