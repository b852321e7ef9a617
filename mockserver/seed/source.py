"""The source of a seeded world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mockserver.seed.records import Workspace


@dataclass(frozen=True, slots=True)
class SeedSource:
    """The source of a layer: a description, a fingerprint, and a function that creates it."""

    seed: str
    fingerprint: str
    make: Callable[[], Iterable[Workspace]]
