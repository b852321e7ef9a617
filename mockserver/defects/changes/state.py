"""What a defect remembers of each world: counts, and whatever it keeps to lie with later."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any

_WORLDS = 2_000
"""Worlds remembered; the least recently used goes."""


@dataclass(slots=True)
class Memory:
    """One world's: the requests answered so far, and what the lie keeps."""

    requests: int = 0
    kept: dict[Any, Any] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock, repr=False)
    """Held through an exchange: a world's lies follow one another."""


class Memories:
    def __init__(self) -> None:
        self._lock = Lock()
        self._worlds: OrderedDict[str, Memory] = OrderedDict()

    def of(self, world: str) -> Memory:
        with self._lock:
            memory = self._worlds.setdefault(world, Memory())
            self._worlds.move_to_end(world)
            if len(self._worlds) > _WORLDS:
                self._worlds.popitem(last=False)
            return memory

    def forget(self, world: str) -> None:
        with self._lock:
            self._worlds.pop(world, None)
