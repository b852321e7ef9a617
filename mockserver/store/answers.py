"""What was read of a world in one state: asked again in that state, it is the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from mockserver.store.catalogue import remember
from mockserver.store.worlds import World

_REMEMBERED = 300
"""Answers, over all worlds; a page of 25 tickets takes about 25 kB."""

Answer = TypeVar("Answer")


class Answers:
    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def of(self, world: World, asked: Hashable, read: Callable[[], Answer]) -> Answer:
        """Return what was read before for the same in the same state, or read it."""
        if world.state is None:
            return read()
        key = (world.layer, world.state, asked)
        answer: Answer = remember(self._kept, key, read, _REMEMBERED)
        return answer
