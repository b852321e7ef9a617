"""Two layers as one list: a bitmap of the base's tickets, and a world's own rows between them."""

from bisect import bisect_left, bisect_right
from operator import attrgetter

from pyroaring import BitMap

from mockserver.store.catalogue import Order
from mockserver.store.own import Own

_TIME = attrgetter("time")


class Merged:
    """The list in ascending order, by position from 0."""

    def __init__(self, order: Order, chosen: BitMap, own: Own) -> None:
        self._order = order
        self._chosen = chosen - own.hidden if own.hidden else chosen
        self._own = own.entries
        self._ranks = own.ranks

    def __len__(self) -> int:
        return len(self._chosen) + len(self._own)

    def between(self, start: int, stop: int) -> tuple[list[int], list[int]]:
        """Return the ids from one position up to, not with, another: own rows', and the base's."""
        first, last = self._own_before(start), self._own_before(stop)
        ranks = self._chosen[start - first : stop - last]
        own = [entry.id for entry in self._own[first:last]]
        return own, [self._order.ids[rank] for rank in ranks]

    def widened(self, start: int, stop: int) -> tuple[int, int]:
        """Return the positions from `start` to `stop`, and all that are tied with the outermost."""
        first, last = self._time(start), self._time(stop - 1)
        times = self._order.times
        before = self._before(bisect_left(times, first))
        behind = self._before(bisect_right(times, last))
        return (
            before + bisect_left(self._own, first, key=_TIME),
            behind + bisect_right(self._own, last, key=_TIME),
        )

    def _time(self, position: int) -> int:
        at = self._own_before(position)
        if at < len(self._own) and self._place(at) == position:
            return self._own[at].time
        return self._order.times[self._chosen[position - at]]

    def _own_before(self, position: int) -> int:
        return bisect_left(range(len(self._own)), position, key=self._place)

    def _place(self, number: int) -> int:
        """Return the position of one of the own rows."""
        return self._before(self._ranks[number]) + number

    def _before(self, rank: int) -> int:
        """Return how many of the base's tickets in the list stand before a rank of the order."""
        return self._chosen.rank(rank - 1) if rank else 0
