"""What a world is seeded from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mockserver.seed.records import Workspace


@dataclass(frozen=True, slots=True)
class SeedSource:
    """What a layer is seeded from: in words, as a fingerprint, and as a function."""

    seed: str
    fingerprint: str
    make: Callable[[], Iterable[Workspace]]
