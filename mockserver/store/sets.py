"""Sets of tickets as bitmaps of their ranks in one sort order, kept by number."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pyroaring import BitMap

FEW = 128
"""Members; a larger set is kept as a bitmap of its own, the others side by side as ranks."""

_APART = 32
"""Sets that are read one by one; more of them are read in one go, with all that lies between."""

Read = Callable[[int, int], Any]


class Sets:
    """`ends` tells where each small set lies among all of them, `large` at which place a large one.

    `read_few` returns ranks of the small sets from one end to another, `read_many` bytes
    of the large ones from one cut to another: `cuts` part them.
    """

    def __init__(
        self,
        ends: Sequence[int],
        read_few: Read,
        large: Mapping[int, int],
        cuts: Sequence[int],
        read_many: Read,
    ) -> None:
        self._ends = ends
        self._read_few = read_few
        self._large = large
        self._cuts = cuts
        self._read_many = read_many

    def union(self, numbers: Sequence[int]) -> BitMap:
        """Return the tickets in any of these sets; numbers ascend."""
        ends, cuts = self._ends, self._cuts
        small = [n for n in numbers if n not in self._large]
        places = [self._large[n] for n in numbers if n in self._large]
        ranks = array("I")
        for few in _read([(ends[n], ends[n + 1]) for n in small], self._read_few):
            ranks.extend(few)
        bitmaps = [BitMap(ranks)] if ranks else []
        many = _read([(cuts[at], cuts[at + 1]) for at in places], self._read_many)
        bitmaps.extend(map(BitMap.deserialize, many))
        return BitMap.union(*bitmaps) if bitmaps else BitMap()


def _read(spans: Sequence[tuple[int, int]], read: Read) -> Iterator[Any]:
    if len(spans) <= _APART:
        yield from (read(start, stop) for start, stop in spans)
        return
    base = spans[0][0]
    together = read(base, spans[-1][1])
    yield from (together[start - base : stop - base] for start, stop in spans)
