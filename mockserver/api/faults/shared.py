"""Faults that every process which serves one state has in force, the same at once."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from time import time
from typing import Any

from mockserver.api.faults.active import MOST, Faults, Plan, too_many
from mockserver.api.faults.syntax import Fault
from mockserver.api.rate_limit import RateLimit
from mockserver.contract.errors import StoreUnavailable
from mockserver.store import Sharing


class SharedFaults(Faults):
    """Kept as rows; each request looks whether they are still those it knows.

    How many requests a fault has seen and hit each process counts for itself.
    """

    def __init__(self, operations: Collection[str], sharing: Sharing) -> None:
        super().__init__(operations)
        self._rows = sharing.faults
        self._windows = sharing.windows
        self._peers = sharing.peers
        self._state: Any = None
        self._peers.answers("faults", self._tell)

    def add(self, world: str, fault: Fault, *, kept: bool = False) -> Plan:
        id = self._rows.add(world, fault.text, MOST, kept=kept)
        if id is None:
            raise too_many()
        return self._plan(id, world, fault, kept=kept)

    def listed(self, world: str | None = None) -> list[Plan]:
        self._refresh()
        told = [{int(id): n for id, n in each.items()} for each in self._peers.ask("faults")]
        return [
            replace(
                plan,
                seen=sum(counts.get(plan.id, (0, 0))[0] for counts in told),
                hits=sum(counts.get(plan.id, (0, 0))[1] for counts in told),
            )
            for plan in super().listed(world)
        ]

    def clear(self, world: str | None = None, id: int | None = None) -> list[Plan]:
        self._refresh()
        lifted = [
            plan
            for name, plans in self._plans.items()
            for plan in plans
            if world in (None, name) and id in (None, plan.id)
        ]
        self._rows.lift([plan.id for plan in lifted], world)
        return lifted

    def reset(self, world: str) -> None:
        self._refresh()
        lifted = [plan.id for plan in self._plans.get(world, ()) if not plan.kept]
        self._rows.lift(lifted, world)

    @property
    def in_force(self) -> bool:
        """True too where nobody can tell: who asks then goes the way on which that is told."""
        try:
            self._refresh()
        except StoreUnavailable:
            return True
        return super().in_force

    def plan_for(self, world: str, operation: str) -> Sequence[Plan]:
        self._refresh()
        return super().plan_for(world, operation)

    def times(self, world: str, request: bytes) -> int:
        return self._rows.times(world, request, time())

    def _refresh(self) -> None:
        """Take up what has changed; a fault that stays keeps its counts."""
        state = self._rows.state()
        if state == self._state:
            return
        known = {plan.id: plan for plans in self._plans.values() for plan in plans}
        plans: dict[str, tuple[Plan, ...]] = {}
        for id, world, text, kept in self._rows.all():
            plan = known.get(id) or self._plan(id, world, self.parse(text), kept=bool(kept))
            plans[world] = (*plans.get(world, ()), plan)
        self._plans, self._state = plans, state

    def _plan(self, id: int, world: str, fault: Fault, *, kept: bool) -> Plan:
        limit = None
        if fault.rate:
            limit = RateLimit.parse(fault.rate, self._windows, f"fault {id}")
        return Plan(id, world, fault, kept, limit)

    def _tell(self, _: Any) -> dict[str, tuple[int, int]]:
        plans = [plan for each in self._plans.copy().values() for plan in each]
        return {str(plan.id): (plan.seen, plan.hits) for plan in plans}
