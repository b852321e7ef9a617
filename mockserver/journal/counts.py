"""Counts of requests by operation, parameter, value and status, and their findings."""

from collections import Counter
from dataclasses import dataclass, field, replace

from mockserver.contract.request_check import Finding, Request, RequestValidator, generic
from mockserver.journal.exchange import Exchange

_MAX_FINDINGS = 1000
"""Number of distinct findings kept; further ones are only counted."""


@dataclass(slots=True)
class CountedFinding:
    """A finding, the first request with it, and the number of requests with it."""

    finding: Finding
    request: str
    world: str
    first: int
    last: int
    count: int = 1

    @property
    def kind(self) -> str:
        return self.finding.kind

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.request}: {self.finding}{times}"


@dataclass(slots=True)
class Counts:
    """Counts by (operation, status), (operation, parameter) and (operation, parameter, value)."""

    requests: int = 0
    omitted: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    parameters: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    found: dict[tuple[str, Finding], CountedFinding] = field(default_factory=dict)
    """By route and finding, so that one route does not hide the same finding of another."""

    def count(self, exchange: Exchange, validator: RequestValidator) -> None:
        request, number = exchange.request, exchange.number
        result = validator.validate(request)
        self.requests += 1
        if result.operation is not None:
            self.statuses[result.operation, exchange.status] += 1
            for name in result.used:
                self.parameters[result.operation, name] += 1
            for name, value in result.values:
                self.values[result.operation, name, value] += 1
        for finding in result.findings:
            found = CountedFinding(finding, _line(request), exchange.world, number, number)
            self._add((_route(request), finding), found)

    def merge(self, other: "Counts") -> None:
        self.requests += other.requests
        self.omitted += other.omitted
        self.statuses.update(other.statuses)
        self.parameters.update(other.parameters)
        self.values.update(other.values)
        for key, found in other.found.items():
            self._add(key, found)

    def findings(self) -> list[CountedFinding]:
        """Return the findings, by first occurrence."""
        return sorted(self.found.values(), key=lambda found: found.first)

    def _add(self, key: tuple[str, Finding], found: CountedFinding) -> None:
        known = self.found.get(key)
        if known is not None:
            known.count += found.count
            known.first = min(known.first, found.first)
            known.last = max(known.last, found.last)
        elif len(self.found) < _MAX_FINDINGS:
            self.found[key] = replace(found)
        else:
            self.omitted += found.count


def _route(request: Request) -> str:
    return f"{request.method} {generic(request.path)}"


def _line(request: Request) -> str:
    """Return a request line with brackets decoded, as in the contract."""
    query = request.query.replace("%5B", "[").replace("%5D", "]")
    return f"{request.method} {request.path}{'?' if query else ''}{query}"[:300]
