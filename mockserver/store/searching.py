"""Which tickets of a seeded layer hold a term: worked out on sentences, exact for every ticket."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from mockserver.store.catalogue import Order
from mockserver.store.cataloguing import LONGEST_GRAM
from mockserver.store.shapes import END, is_pattern
from mockserver.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Filling:
    """The part of a term, from `start` to `stop`, that would stand in a hole.

    `numbers` are the particulars that fit there: whole ones within the term, and
    at its edges those that begin or end so.
    """

    start: int
    stop: int
    hole: str
    numbers: Sequence[int]


class Search:
    """Finds folded terms within sentences; holes take what the tickets have in them."""

    def __init__(self, order: Order, transaction: Transaction) -> None:
        self._order = order
        self._transaction = transaction
        catalogue = order.catalogue
        self._patterns = catalogue.lexicon(transaction, "patterns")
        self._particulars = catalogue.lexicon(transaction, "particulars")
        self._endings: dict[str, list[int]] = {}

    def find(self, term: str) -> BitMap:
        """Return the tickets with a sentence in which the term stands."""
        found = self._within(term)
        for kind in ("sentences", "patterns"):
            found |= self._all_with(kind, term)
        for masked, fillings in self._masked(term):
            patterns = list(self._patterns.holding(masked))
            if patterns:
                found |= self._filled(patterns, fillings)
        return found

    def _within(self, term: str) -> BitMap:
        """Return the tickets with a particular that holds the whole term."""
        grams = self._order.catalogue.lexicon(self._transaction, "grams")
        if len(term) > LONGEST_GRAM or not len(grams):
            return self._all_with("particulars", term)
        number = grams.number(term)
        return self._union("grams", () if number is None else (number,))

    def _all_with(self, kind: str, term: str) -> BitMap:
        lexicon = self._order.catalogue.lexicon(self._transaction, kind)
        return self._union(kind, lexicon.holding(term))

    def _filled(self, patterns: list[int], fillings: list[Filling]) -> BitMap:
        """Return the tickets with one of the patterns, and what fits in each of its holes."""
        found = self._union("patterns", patterns)
        for filling in fillings:
            found &= self._union("particulars", filling.numbers)
        return found

    def _union(self, kind: str, numbers: Iterable[int]) -> BitMap:
        first = self._order.catalogue.first(kind)
        return self._order.union(self._transaction, [first + number for number in numbers])

    def _masked(self, term: str) -> Iterator[tuple[str, list[Filling]]]:
        """Yield the term with holes in it, in every way in which some sentence has them."""
        fillings = list(self._fillings(term))

        def after(at: int, head: str, chosen: list[Filling]) -> Iterator[tuple[str, list[Filling]]]:
            for filling in fillings:
                masked = head + term[at : filling.start] + filling.hole
                if filling.start < at or masked not in self._patterns.joined:
                    continue
                yield masked + term[filling.stop :], [*chosen, filling]
                yield from after(filling.stop, masked, [*chosen, filling])

        return after(0, "", [])

    def _fillings(self, term: str) -> Iterator[Filling]:
        for hole, (before, behind) in self._order.catalogue.edges.items():
            starts = [at for at in range(1, len(term)) if _meets(term[at - 1], before)]
            stops = [at for at in range(1, len(term)) if _meets(term[at], behind)]
            for stop in stops:
                yield from self._filling(term, 0, stop, hole)
            for start in starts:
                for stop in [*stops, len(term)]:
                    yield from self._filling(term, start, stop, hole)

    def _filling(self, term: str, start: int, stop: int, hole: str) -> Iterator[Filling]:
        piece = term[start:stop]
        numbers: Sequence[int] = ()
        if start == 0 < stop:
            numbers = self._ending(piece, hole)
        elif start < stop == len(term):
            numbers = self._particulars.starting(hole + piece)
        elif start < stop and (number := self._particulars.number(hole + piece)) is not None:
            numbers = (number,)
        if numbers:
            yield Filling(start, stop, hole, numbers)

    def _ending(self, piece: str, hole: str) -> Sequence[int]:
        """Return the numbers of the hole's particulars that end so."""
        if piece not in self._endings:
            self._endings[piece] = list(self._particulars.holding(piece + END))
        found, of_hole = self._endings[piece], self._particulars.starting(hole)
        return found[bisect_left(found, of_hole.start) : bisect_left(found, of_hole.stop)]


def _meets(character: str, edge: str) -> bool:
    """Tell whether a hole may stand next to a character: beside it, or beside another hole."""
    return character in edge or is_pattern(edge)
