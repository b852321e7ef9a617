"""Figures of a run, as load.json keeps them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parents[1] / "results" / "load.json"


@dataclass(frozen=True)
class Round:
    """Figures of one start of a server."""

    requests_per_second: float
    processor_us: float
    """Processor time per request, of the whole process tree, in microseconds."""

    memory_mb: float
    start_seconds: float
    """Until the first answer to a list."""

    median_ms: float
    p99_ms: float
    failed: int
    requests: int


@dataclass(frozen=True)
class Spread:
    """Median, minimum and maximum of several rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        known = list(values)
        return cls(median(known), min(known), max(known))


@dataclass
class Outcome:
    """One contender with one number of tickets; `wrong` maps failed checks to their messages."""

    wrong: dict[str, str]
    checks: int
    rounds: list[Round] = field(default_factory=list)

    @property
    def right(self) -> int:
        return self.checks - len(self.wrong)

    def spread(self, figure: Callable[[Round], float]) -> Spread:
        return Spread.of(figure(each) for each in self.rounds)


@dataclass
class Entry:
    """One contender; `skipped` maps numbers of tickets to the reason why there is no outcome."""

    key: str
    title: str
    version: str
    words: str
    setup: str
    sizes: dict[int, Outcome] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)


@dataclass
class Results:
    """One run."""

    date: str
    cores: int
    connections: int
    seconds: int
    rounds: int
    versions: dict[str, str]
    sizes: list[int]
    entries: list[Entry]

    def save(self, path: Path = RESULTS) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def load(cls, path: Path = RESULTS) -> "Results":
        kept = json.loads(path.read_text())
        return cls(**kept | {"entries": [_entry(entry) for entry in kept["entries"]]})


def _entry(kept: dict[str, object]) -> Entry:
    entry = Entry(**kept)  # type: ignore[arg-type]  # as asdict wrote it
    entry.sizes = {int(size): _outcome(outcome) for size, outcome in entry.sizes.items()}
    entry.skipped = {int(size): reason for size, reason in entry.skipped.items()}
    return entry


def _outcome(kept: object) -> Outcome:
    outcome = Outcome(**kept)  # type: ignore[arg-type]  # as asdict wrote it
    outcome.rounds = [Round(**each) for each in outcome.rounds]  # type: ignore[arg-type]
    return outcome
