"""Which tickets of a seeded layer hold a term: worked out on sentences, exact for every ticket."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyroaring import BitMap

from mockserver.store.catalogue import Order
from mockserver.store.cataloguing import LONGEST_GRAM
from mockserver.store.database import Transaction
from mockserver.store.shapes import END, HOLES


@dataclass(frozen=True, slots=True)
class Filling:
    """The part of a term, from `start` to `stop`, that would stand in a hole.

    `numbers` are the particulars that fit there: whole ones within the term, and
    at its edges those that begin or end so.
    """

    start: int
    stop: int
    hole: str
    numbers: tuple[int, ...]


class Search:
    """Finds folded terms within sentences; holes take what the tickets have in them."""

    def __init__(self, order: Order, transaction: Transaction) -> None:
        self._order = order
        self._transaction = transaction
        catalogue = order.catalogue
        self._sentences = catalogue.lexicon(transaction, "sentences")
        self._particulars = catalogue.lexicon(transaction, "particulars")

    def find(self, term: str) -> BitMap:
        """Return the tickets with a sentence in which the term stands."""
        numbers = list(self._sentences.holding(term))
        found = self._order.union(self._transaction, numbers) | self._within(term)
        for masked, fillings in self._masked(term):
            patterns = list(self._sentences.holding(masked))
            if patterns:
                found |= self._filled(patterns, fillings)
        return found

    def _within(self, term: str) -> BitMap:
        """Return the tickets with a particular that holds the whole term."""
        kind = "grams" if len(term) <= LONGEST_GRAM else "particulars"
        first = self._order.catalogue.first(kind)
        lexicon = self._order.catalogue.lexicon(self._transaction, kind)
        if kind == "particulars":
            return self._union(first, lexicon.holding(term))
        number = lexicon.number(term)
        return self._union(first, () if number is None else (number,))

    def _filled(self, patterns: list[int], fillings: list[Filling]) -> BitMap:
        """Return the tickets with one of the patterns, and what fits in each of its holes."""
        found = self._order.union(self._transaction, patterns)
        first = self._order.catalogue.first("particulars")
        for filling in fillings:
            found &= self._union(first, filling.numbers)
        return found

    def _union(self, first: int, numbers: Iterable[int]) -> BitMap:
        return self._order.union(self._transaction, [first + number for number in numbers])

    def _masked(self, term: str) -> Iterator[tuple[str, list[Filling]]]:
        """Yield the term with holes in it, in every way in which some sentence has them."""
        fillings = list(self._fillings(term))

        def after(at: int, head: str, chosen: list[Filling]) -> Iterator[tuple[str, list[Filling]]]:
            for filling in fillings:
                masked = head + term[at : filling.start] + filling.hole
                if filling.start < at or masked not in self._sentences.joined:
                    continue
                yield masked + term[filling.stop :], [*chosen, filling]
                yield from after(filling.stop, masked, [*chosen, filling])

        return after(0, "", [])

    def _fillings(self, term: str) -> Iterator[Filling]:
        for hole, (before, behind) in self._sentences.edges.items():
            starts = [at for at in range(1, len(term)) if _meets(term[at - 1], before)]
            stops = [at for at in range(1, len(term)) if _meets(term[at], behind)]
            for stop in stops:
                yield from self._filling(term, 0, stop, hole)
            for start in starts:
                for stop in [*stops, len(term)]:
                    yield from self._filling(term, start, stop, hole)

    def _filling(self, term: str, start: int, stop: int, hole: str) -> Iterator[Filling]:
        piece = term[start:stop]
        if stop <= start:
            return
        if start == 0:
            ending = self._particulars.holding(piece + END)
            numbers = [n for n in ending if self._particulars[n].startswith(hole)]
        elif stop == len(term):
            numbers = list(self._particulars.starting(hole + piece))
        else:
            number = self._particulars.number(hole + piece)
            numbers = [] if number is None else [number]
        if numbers:
            yield Filling(start, stop, hole, tuple(numbers))


def _meets(character: str, edge: set[str]) -> bool:
    """Tell whether a hole may stand next to a character: beside it, or beside another hole."""
    return character in edge or not edge.isdisjoint(HOLES)
