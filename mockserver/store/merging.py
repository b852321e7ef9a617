"""Two layers as one list: a bitmap of the base's tickets, and a world's own rows between them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyroaring import BitMap

from mockserver.store.catalogue import Order


class Entry(NamedTuple):
    """One of a world's own rows in the list."""

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
        self._ranks = [order.place(entry.time, entry.id) for entry in own.entries]
        self._places = [self._before(rank) + n for n, rank in enumerate(self._ranks)]

    def __len__(self) -> int:
        return len(self._chosen) + len(self._own)

    def between(self, start: int, stop: int) -> tuple[list[int], list[int]]:
        """Return the ids from one position up to, not with, another: own rows', and the base's."""
        first, last = bisect_left(self._places, start), bisect_left(self._places, stop)
        ranks = self._chosen[start - first : stop - last]
        own = [entry.id for entry in self._own[first:last]]
        return own, [self._order.ids[rank] for rank in ranks]

    def widened(self, start: int, stop: int) -> tuple[int, int]:
        """Return the positions from `start` to `stop`, and all that are tied with the outermost."""
        first, last = self._time(start), self._time(stop - 1)
        times, own = self._order.times, [entry.time for entry in self._own]
        before = self._before(bisect_left(times, first))
        behind = self._before(bisect_right(times, last))
        return before + bisect_left(own, first), behind + bisect_right(own, last)

    def _time(self, position: int) -> int:
        at = bisect_left(self._places, position)
        if at < len(self._places) and self._places[at] == position:
            return self._own[at].time
        return self._order.times[self._chosen[position - at]]

    def _before(self, rank: int) -> int:
        """Return how many of the base's tickets in the list stand before a rank of the order."""
        return self._chosen.rank(rank - 1) if rank else 0
