"""The source of a seeded world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mockserver.seed.records import Workspace


@dataclass(frozen=True, slots=True)
class SeedSource:
    """The source of a layer: a description, a fingerprint, and a function that creates it.

    `recipe` is the world file, as JSON, that leads to the same layer; empty if there is none.
    """

    seed: str
    fingerprint: str
    make: Callable[[], Iterable[Workspace]]
    recipe: str = ""
