"""Sets of tickets as bitmaps of their ranks in one sort order, kept by number."""

from array import array
from collections.abc import Callable, Mapping, Sequence

from pyroaring import BitMap

FEW = 128
"""Members; a larger set is kept as a bitmap of its own, the others side by side as ranks."""

_APART = 64
"""Small sets that are read one by one; more of them are read in one go."""

ReadFew = Callable[[int, int], "array[int]"]
ReadMany = Callable[[int], BitMap]


class Sets:
    """`ends` tells where each small set lies among all of them, `many` which sets are large.

    `read_few` returns ranks of the small sets from one end to another, `read_many` the
    large set with a number.
    """

    def __init__(
        self,
        ends: Sequence[int],
        many: Mapping[int, object],
        read_few: ReadFew,
        read_many: ReadMany,
    ) -> None:
        self._ends = ends
        self._many = many
        self._read_few = read_few
        self._read_many = read_many

    def union(self, numbers: Sequence[int]) -> BitMap:
        """Return the tickets in any of these sets; numbers ascend."""
        large = [self._read_many(number) for number in numbers if number in self._many]
        small = [number for number in numbers if number not in self._many]
        if small:
            large.append(BitMap(self._few(small)))
        return BitMap.union(*large) if len(large) > 1 else large[0] if large else BitMap()

    def _few(self, numbers: Sequence[int]) -> "array[int]":
        spans = [(self._ends[number], self._ends[number + 1]) for number in numbers]
        ranks = array("I")
        if len(spans) <= _APART:
            for start, stop in spans:
                ranks.extend(self._read_few(start, stop))
            return ranks
        base = spans[0][0]
        together = self._read_few(base, spans[-1][1])
        for start, stop in spans:
            ranks.extend(together[start - base : stop - base])
        return ranks
