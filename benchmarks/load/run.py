"""A run: every contender in turn in each round, each time freshly started."""

import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contenders import Contender, Skipped
from benchmarks.dataset.dataset import Dataset
from benchmarks.dataset.export import export
from benchmarks.load.checks import CHECKS, Caller, wrong_answers
from benchmarks.load.driver import drive
from benchmarks.load.mix import as_line, mix
from benchmarks.load.results import Entry, Outcome, Results, Round
from benchmarks.process.serving import Running, serving
from benchmarks.process.usage import memory, processor_seconds

_WARM_UP = 1
"""Seconds of load before the measurement, for compilers and caches."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """Options of a run."""

    sizes: Sequence[int]
    seconds: int
    rounds: int
    connections: int
    contenders: Sequence[Contender]


def run(plan: Plan, say: Say) -> Results:
    """Measure, and return the results; `say` is called with a line for every step."""
    entries = {
        contender.key: Entry(
            contender.key,
            contender.title,
            contender.version,
            contender.dialect.words,
            contender.setup,
        )
        for contender in plan.contenders
    }
    ready = list(_installed(plan, entries, say))
    for size in plan.sizes:
        say(f"== {size:,} tickets")
        _Size(plan, size, export(size), say).measure(ready, entries)
    return Results(
        date=time.strftime("%Y-%m-%d", time.gmtime()),
        cores=os.cpu_count() or 1,
        connections=plan.connections,
        seconds=plan.seconds,
        rounds=plan.rounds,
        versions=_versions(),
        sizes=list(plan.sizes),
        entries=list(entries.values()),
    )


class _Size:
    """All rounds with one number of tickets."""

    def __init__(self, plan: Plan, size: int, dataset: Dataset, say: Say) -> None:
        self._plan = plan
        self._size = size
        self._dataset = dataset
        self._say = say

    def measure(self, contenders: Sequence[Contender], entries: dict[str, Entry]) -> None:
        for number in range(self._plan.rounds):
            for contender in contenders:
                self._round(number, contender, entries[contender.key])

    def _round(self, number: int, contender: Contender, entry: Entry) -> None:
        if self._size in entry.skipped:
            return
        try:
            self._attempt(number, contender, entry)
        except Skipped as reason:
            entry.skipped[self._size] = str(reason)
            entry.sizes.pop(self._size, None)
            self._say(f"{contender.title}: skipped: {reason}")

    def _attempt(self, number: int, contender: Contender, entry: Entry) -> None:
        if contender.largest is not None and self._size > contender.largest:
            raise Skipped(contender.limit)
        with _folder() as folder:
            contender.prepare(self._dataset, folder)
            with serving(contender, folder, self._size) as running:
                if number == 0:
                    entry.sizes[self._size] = self._check(contender, running)
                found = timed(self._plan, contender, self._dataset, running)
        entry.sizes[self._size].rounds.append(found)
        self._say(
            f"{contender.title}: {found.requests_per_second:,.0f} requests/s, "
            f"{found.processor_us:,.0f} µs each, {found.memory_mb:.0f} MB, "
            f"started in {found.start_seconds:.2f} s, {found.failed} failed"
        )

    def _check(self, contender: Contender, running: Running) -> Outcome:
        if not contender.has_tickets:
            return Outcome({}, 0)
        wrong = wrong_answers(Caller(running.url, contender.dialect, self._dataset))
        outcome = Outcome(wrong, len(CHECKS))
        self._say(f"{contender.title}: {outcome.right} of {outcome.checks} answers right")
        for name, complaint in wrong.items():
            self._say(f"  {name}: {complaint}")
        return outcome


def _installed(plan: Plan, entries: dict[str, Entry], say: Say) -> Iterator[Contender]:
    for contender in plan.contenders:
        try:
            contender.install()
        except Skipped as reason:
            entries[contender.key].skipped = dict.fromkeys(plan.sizes, str(reason))
            say(f"{contender.title}: skipped: {reason}")
        else:
            yield contender


def timed(plan: Plan, contender: Contender, dataset: Dataset, running: Running) -> Round:
    """Send the mix to a server, first to warm it up, then to measure."""
    with _folder() as folder:
        lines = folder / "mix.txt"
        with lines.open("w") as file:
            file.writelines(f"{as_line(call)}\n" for call in mix(dataset, contender.dialect))
        drive(running.url, lines, _WARM_UP, plan.connections)
        before = processor_seconds(running.pid)
        load = drive(running.url, lines, plan.seconds, plan.connections)
        spent = processor_seconds(running.pid) - before
    return Round(
        requests_per_second=load.requests / load.seconds,
        processor_us=spent * 1e6 / max(1, load.requests),
        memory_mb=memory(running.pid) / 1e6,
        start_seconds=running.start,
        median_ms=load.median_ms,
        p99_ms=load.p99_ms,
        failed=load.failed,
        requests=load.requests,
    )


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="benchmark-") as name:
        yield Path(name)


def _versions() -> dict[str, str]:
    node = _first_line(["node", "--version"])
    return {"python": platform.python_version()} | ({"node": node} if node else {})


def _first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return (done.stdout.splitlines() or [""])[0]
