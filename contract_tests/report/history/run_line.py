"""One run as a line of JSON, and the folder that keeps these lines."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

Node = dict[str, Any]
FILE = "runs.jsonl"
MOCK = "the mock of this package"
"""Names the deployment of runs that start the mock themselves, each on another port."""


class HistoryError(Exception):
    """A folder cannot be used; the message says why."""


@dataclass(frozen=True)
class RunLine:
    """The summary of a run that is kept; it contains no personal data."""

    started: str
    base_url: str
    verdict: str
    profile: str
    seed: int
    suite: str
    requests: int
    violated: tuple[str, ...] = ()
    """Statements whose violation fails, warns or is accepted."""
    confirmed: tuple[str, ...] = ()
    not_observed: int = 0
    differences: tuple[str, ...] = ()
    drift: int = 0
    latency: dict[str, Node] = field(default_factory=dict)
    """Operation -> p50 and p95 in milliseconds."""

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.started)


def line_of(record: Node, *, own_mock: bool = False) -> RunLine:
    """Return the line of a run record; with `own_mock` of a run that started the mock itself."""
    run = record["run"]
    outcomes: dict[str, list[str]] = {"violated": [], "confirmed": [], "not observed": []}
    for statement in record["requirements"]:
        outcomes[statement["outcome"]].append(statement["id"])
    return RunLine(
        started=run["started"],
        base_url=MOCK if own_mock else run["base_url"],
        verdict=record["verdict"],
        profile=run["profile"],
        seed=run["seed"],
        suite=run["suite"],
        requests=run["requests"],
        violated=tuple(outcomes["violated"]),
        confirmed=tuple(outcomes["confirmed"]),
        not_observed=len(outcomes["not observed"]),
        differences=tuple(each["words"] for each in record["differences"]),
        drift=len(record["drift"]),
        latency={
            name: {"p50": each["p50"], "p95": each["p95"]}
            for name, each in record["latency"].items()
        },
    )


def append(folder: Path, line: RunLine) -> None:
    """Append a line to the folder's file, which is created if missing; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    # One write of a whole line: runs that end at the same time do not mix theirs.
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(line)) + "\n")


def read(folder: Path) -> tuple[list[RunLine], int]:
    """Return the runs of a folder, oldest first, and the number of unreadable lines.

    Raises HistoryError for a folder without runs.
    """
    try:
        texts = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise HistoryError(
            f"{folder} has no history: run contract-tests with --history {folder}"
        ) from None
    lines = list(_readable(texts))
    if not lines:
        raise HistoryError(f"{folder / FILE} has no readable line")
    return sorted(lines, key=lambda line: line.when), len(texts) - len(lines)


def by_deployment(runs: list[RunLine]) -> dict[str, list[RunLine]]:
    """Return the runs of each deployment by its address; the order of the runs stays."""
    found: dict[str, list[RunLine]] = {}
    for run in runs:
        found.setdefault(run.base_url, []).append(run)
    return found


def _readable(texts: list[str]) -> Iterator[RunLine]:
    for text in texts:
        try:
            node = json.loads(text)
            tuples = {name: tuple(node[name]) for name in ("violated", "confirmed", "differences")}
            line = RunLine(**{**node, **tuples})
            _ = line.when
        except (ValueError, TypeError, KeyError):
            continue
        yield line
