"""Counts of what was asked for: by operation, parameter, value and status; and what was amiss."""

from collections import Counter
from dataclasses import dataclass, field, replace

from mockserver.journal.exchange import Exchange
from mockserver.journal.validation import Finding, Judge, Request, generic

_MOST = 1000
"""Distinct findings kept; the rest is only counted."""


@dataclass(slots=True)
class Found:
    """A finding, the first request that gave rise to it, and how many did."""

    finding: Finding
    request: str
    world: str
    first: int
    last: int
    count: int = 0

    @property
    def kind(self) -> str:
        return self.finding.kind

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.request}: {self.finding}{times}"


@dataclass(slots=True)
class Tally:
    """`statuses` by operation and status, `parameters` and fields by operation and name."""

    requests: int = 0
    untold: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    parameters: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    found: dict[tuple[str, Finding], Found] = field(default_factory=dict)
    """One of each kind for each route, so that mending one fault does not uncover the next."""

    def count(self, repeated: "Repeated", judge: Judge) -> None:
        judgement, times = judge.judge(repeated.request), repeated.times
        self.requests += times
        if judgement.operation is not None:
            self.statuses[judgement.operation, repeated.status] += times
            for name in judgement.used:
                self.parameters[judgement.operation, name] += times
            for name, value in judgement.values:
                self.values[judgement.operation, name, value] += times
        for finding in judgement.findings:
            found = Found(finding, _line(repeated.request), repeated.world, *repeated.span)
            self._keep((_route(repeated.request), finding), found, times)

    def merge(self, other: "Tally") -> None:
        self.requests += other.requests
        self.untold += other.untold
        self.statuses.update(other.statuses)
        self.parameters.update(other.parameters)
        self.values.update(other.values)
        for key, found in other.found.items():
            self._keep(key, found, found.count)

    def findings(self) -> list[Found]:
        """Return what was amiss, in the order in which it first was."""
        return sorted(self.found.values(), key=lambda found: found.first)

    def _keep(self, key: tuple[str, Finding], found: Found, times: int) -> None:
        known = self.found.get(key)
        if known is None and len(self.found) >= _MOST:
            self.untold += times
            return
        if known is None:
            known = self.found[key] = replace(found, count=0)
        known.count += times
        known.first = min(known.first, found.first)
        known.last = max(known.last, found.last)


@dataclass(slots=True)
class Repeated:
    """One request made several times with one outcome, between two exchanges' numbers."""

    request: Request
    status: int
    world: str
    first: int
    last: int
    times: int = 1

    @classmethod
    def once(cls, exchange: Exchange) -> "Repeated":
        number = exchange.number
        return cls(exchange.request, exchange.status, exchange.world, number, number)

    @property
    def span(self) -> tuple[int, int]:
        return self.first, self.last


def _route(request: Request) -> str:
    return f"{request.method} {generic(request.path)}"


def _line(request: Request) -> str:
    """Write a request as the contract writes its names, with brackets."""
    query = request.query.replace("%5B", "[").replace("%5D", "]")
    return f"{request.method} {request.path}{'?' if query else ''}{query}"[:300]
