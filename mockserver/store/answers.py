"""What was read before: what was asked for names the state it is in, so it is still the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from mockserver.store.catalogue import remember

_REMEMBERED = 300
"""Answers, over all worlds; a page of 25 tickets takes about 25 kB."""

Answer = TypeVar("Answer")


class Answers:
    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def of(self, asked: Hashable, read: Callable[[], Answer]) -> Answer:
        """Return what was read before for the same, or read it."""
        answer: Answer = remember(self._kept, asked, read, _REMEMBERED)
        return answer
