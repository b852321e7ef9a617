"""Sorted texts in one long string, so that all of them are searched at once."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from mockserver.store.shapes import END, HOLES

_HOLE = re.compile(rf"(?=(.)([{HOLES}])(.))", re.DOTALL)


class Lexicon:
    """Texts by their number; every one stands between two ENDs."""

    def __init__(self, joined: str, starts: Sequence[int]) -> None:
        self.joined = joined
        self.starts = starts

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Lexicon":
        """Join texts, which are sorted."""
        starts = accumulate((len(text) + 1 for text in texts), initial=0)
        return cls(END.join(["", *texts, ""]), array("q", starts))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> str:
        return self.joined[self.starts[number] + 1 : self.starts[number + 1]]

    def holding(self, piece: str) -> Iterator[int]:
        """Yield the numbers of the texts with a piece in them; END in it stands for an edge."""
        at = self.joined.find(piece)
        while at >= 0:
            number = bisect_right(self.starts, at) - 1
            yield number
            at = self.joined.find(piece, self.starts[number + 1])

    def starting(self, prefix: str) -> range:
        """Return the numbers of the texts that begin so."""
        first = bisect_left(range(len(self)), prefix, key=self.__getitem__)
        size = len(prefix)
        after = bisect_right(range(len(self)), prefix, first, key=lambda n: self[n][:size])
        return range(first, after)

    def number(self, text: str) -> int | None:
        found = bisect_left(range(len(self)), text, key=self.__getitem__)
        return found if found < len(self) and self[found] == text else None

    @property
    def edges(self) -> dict[str, list[str]]:
        """The characters right before each hole, and those right behind it."""
        edges: dict[str, list[set[str]]] = {}
        for before, hole, behind in _HOLE.findall(self.joined):
            around = edges.setdefault(hole, [set(), set()])
            around[0].add(before)
            around[1].add(behind)
        return {hole: ["".join(sorted(side)) for side in sides] for hole, sides in edges.items()}
