"""Figures of a run, as scale.json keeps them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parents[1] / "results" / "scale.json"


@dataclass(frozen=True)
class Shape:
    """One filter under all sorts and on all pages, in milliseconds of processor time."""

    filter: str
    total: int
    first_ms: float
    """Of the very first request for it: nothing of it is remembered yet."""
    median_ms: float
    worst_ms: float
    worst: str
    """Sort and page of the slowest answer."""


@dataclass(frozen=True)
class Size:
    """What was found with one number of tickets; starts in seconds, memory in megabytes."""

    tickets: int
    first_start: float
    next_start: float
    memory: float
    contract: str
    """What the contract suite says of it."""

    shapes: list[Shape]


def save(sizes: Sequence[Size], path: Path = RESULTS) -> None:
    path.write_text(json.dumps([asdict(size) for size in sizes], indent=1) + "\n")


def load(path: Path = RESULTS) -> list[Size]:
    kept = json.loads(path.read_text())
    return [Size(**size | {"shapes": [Shape(**s) for s in size["shapes"]]}) for size in kept]
