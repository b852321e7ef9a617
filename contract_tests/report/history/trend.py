"""Trends over the runs of a deployment: violated since a day, or flaky."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from contract_tests.report.history.run_line import RunLine

Mark = Literal["violated", "confirmed", ""]
"""How one run saw a statement; empty when it did not observe it."""
FLAKY = 3
"""Changes between confirmed and violated from which on a statement is called flaky."""
STEADY = 5
"""Violations in a row, up to the last run, after which it is not called flaky any more."""


@dataclass(frozen=True)
class Trend:
    """One statement over all runs, oldest first."""

    statement: str
    marks: tuple[Mark, ...]
    lines: tuple[RunLine, ...] = field(repr=False)

    @property
    def changes(self) -> int:
        """How often the statement changed between confirmed and violated."""
        seen = [mark for mark in self.marks if mark]
        return sum(before != after for before, after in pairwise(seen))

    @property
    def words(self) -> str:
        """The trend in a few words; empty if the statement was never violated."""
        violated = [n for n, mark in enumerate(self.marks) if mark == "violated"]
        if not violated:
            return ""
        confirmed = [n for n, mark in enumerate(self.marks) if mark == "confirmed"]
        since = [n for n in violated if n > max(confirmed, default=-1)]
        if self.changes >= FLAKY and len(since) < STEADY:
            observed = len(violated) + len(confirmed)
            return f"flaky: violated in {len(violated)} of {observed} runs that observed it"
        if self.marks[-1] == "violated":
            return f"violated since {self._day(since[0])}"
        span = f"violated from {self._day(violated[0])} to {self._day(violated[-1])}"
        return f"{span}, not observed since" if since else span

    def _day(self, number: int) -> str:
        return f"{self.lines[number].when:%-d %B %Y}"


def trends(lines: Iterable[RunLine]) -> list[Trend]:
    """Return the statements that were ever violated, those that are violated now first."""
    lines = tuple(lines)
    names = dict.fromkeys(name for line in reversed(lines) for name in line.violated)
    found = [Trend(name, tuple(_mark(line, name) for line in lines), lines) for name in names]
    return sorted(found, key=lambda trend: not trend.words.startswith("violated since"))


def _mark(line: RunLine, name: str) -> Mark:
    if name in line.violated:
        return "violated"
    return "confirmed" if name in line.confirmed else ""
