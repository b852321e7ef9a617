"""Two layers as one list: a bitmap of the base's tickets, and a world's own rows between them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyroaring import BitMap

from mockserver.store.catalogue import Order


class Entry(NamedTuple):
    """Where a ticket of the world's own stands in the order."""

    time: int
    id: int


@dataclass(frozen=True, slots=True)
class Own:
    """A world's own rows that pass, in order, and the tickets of the base that its rows hide."""

    entries: Sequence[Entry] = ()
    hidden: BitMap = BitMap()  # noqa: RUF009 - nobody changes it


NOTHING = Own()


class Merged:
    """The list in ascending order, by position from 0."""

    def __init__(self, order: Order, chosen: BitMap, own: Own) -> None:
        self._order = order
        self._chosen = chosen - own.hidden if own.hidden else chosen
        self._own = own.entries
        self._places = [
            self._before(order.place(entry.time, entry.id)) + index
            for index, entry in enumerate(own.entries)
        ]

    def __len__(self) -> int:
        return len(self._chosen) + len(self._own)

    def between(self, start: int, stop: int) -> tuple[Sequence[Entry], list[int]]:
        """Return the own tickets, and ids of the base's, from one position up to another."""
        first, last = bisect_left(self._places, start), bisect_left(self._places, stop)
        ranks = self._chosen[start - first : stop - last]
        return self._own[first:last], list(map(self._order.ids.__getitem__, ranks))

    def widened(self, start: int, stop: int) -> tuple[int, int]:
        """Return the positions from `start` to `stop`, and all that are tied with the outermost."""
        times = self._order.times
        first, last = self._time(start), self._time(stop - 1)
        before = self._before(bisect_left(times, first))
        behind = self._before(bisect_right(times, last))
        own = [entry.time for entry in self._own]
        return before + bisect_left(own, first), behind + bisect_right(own, last)

    def _time(self, position: int) -> int:
        own, base = bisect_left(self._places, position), self._order.times
        if own < len(self._places) and self._places[own] == position:
            return self._own[own].time
        return base[self._chosen[position - own]]

    def _before(self, place: int) -> int:
        """Return how many of the base's tickets in the list stand before a place of the order."""
        return self._chosen.rank(place - 1) if place else 0
