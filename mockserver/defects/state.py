"""State of a defect for each world."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any

_WORLDS = 2_000
"""Maximum number of worlds; the state of the least recently used is dropped."""


@dataclass(slots=True)
class WorldState:
    """State of one world: the number of requests, and values that the behavior keeps."""

    requests: int = 0
    kept: dict[Any, Any] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock, repr=False)
    """Held during an exchange, so that requests of one world run one after another."""


class WorldStates:
    def __init__(self) -> None:
        self._lock = Lock()
        self._worlds: OrderedDict[str, WorldState] = OrderedDict()

    def of(self, world: str) -> WorldState:
        with self._lock:
            state = self._worlds.setdefault(world, WorldState())
            self._worlds.move_to_end(world)
            if len(self._worlds) > _WORLDS:
                self._worlds.popitem(last=False)
            return state

    def forget(self, world: str) -> None:
        with self._lock:
            self._worlds.pop(world, None)
