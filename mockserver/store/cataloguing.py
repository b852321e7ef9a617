"""The catalogue of a seeded layer, written once: its tickets in every order, and sets of them.

A seeded layer never changes. So each set that a filter or a search may ask for is worked out when
the layer is planted, as bitmaps of ranks: once for each sort key.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain

import orjson
from pyroaring import BitMap

from mockserver.store.database import Transaction
from mockserver.store.gathering import Gathered
from mockserver.store.lexicon import Lexicon
from mockserver.store.sets import FEW, Sets
from mockserver.store.shelf import Place, Shelf

Members = Sequence["array[int]"]

KINDS = ("sentences", "particulars", "grams", "facets")
"""Of sets, as they are numbered; the first three are found by a text."""

LONGEST_GRAM = 2
"""Characters; so short a piece is in too many particulars to look each of them up."""


class Cataloguer:
    """Writes catalogues, within the caller's transaction."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def write(self, transaction: Transaction, place: Place, gathered: Gathered) -> None:
        sentences, particulars = sorted(gathered.sentences), sorted(gathered.particulars)
        facets = list(gathered.facets)
        first = len(sentences)
        grams = _grams(particulars, first)
        members = [
            *(gathered.sentences[sentence] for sentence in sentences),
            *(gathered.particulars[particular] for particular in particulars),
        ]
        of_facets = [gathered.facets[facet] for facet in facets]
        texts = (sentences, particulars, sorted(grams))
        for kind, keys in zip(KINDS, texts, strict=False):
            lexicon = Lexicon.of(keys)
            self._shelf.write(transaction, place, kind, lexicon.joined.encode())
            self._shelf.write_numbers(transaction, place, f"{kind}/starts", lexicon.starts)
        firsts = accumulate(map(len, texts), initial=0)
        contents = {"firsts": dict(zip(KINDS, firsts, strict=True)), "facets": facets}
        self._shelf.write(transaction, place, "contents", orjson.dumps(contents))
        ends = list(accumulate((len(m) if len(m) <= FEW else 0 for m in members), initial=0))
        self._shelf.write_numbers(transaction, place, "ends", ends)
        for key, times in gathered.times.items():
            order = _order(gathered.ids, times)
            self._write_order(transaction, place, key, gathered.ids, times, order)
            ranked = _Ranked(order, members, ends)
            large = ranked.large()
            unions = (ranked.sets.union(grams[gram]) for gram in sorted(grams))
            more = (ranked.bitmap(each) for each in of_facets)
            self._shelf.write(transaction, place, f"{key}/few", ranked.few.tobytes())
            self._write_large(transaction, place, key, large, chain(unions, more), len(members))

    def _write_order(
        self,
        transaction: Transaction,
        place: Place,
        key: str,
        ids: "array[int]",
        times: "array[int]",
        order: Sequence[int],
    ) -> None:
        for name, numbers in (("ids", ids), ("times", times)):
            ranked = array("q", map(numbers.__getitem__, order))
            self._shelf.write(transaction, place, f"{key}/{name}", ranked.tobytes())

    def _write_large(
        self,
        transaction: Transaction,
        place: Place,
        key: str,
        large: dict[int, BitMap],
        further: Iterable[BitMap],
        first: int,
    ) -> None:
        """Write bitmaps one after another; the further ones are numbered from `first`."""
        numbered = chain(large.items(), enumerate(further, first))
        numbers, content, cuts = array("q"), bytearray(), array("q", [0])
        for number, bitmap in numbered:
            numbers.append(number)
            content += bitmap.serialize()
            cuts.append(len(content))
        self._shelf.write(transaction, place, f"{key}/many", bytes(content))
        self._shelf.write_numbers(transaction, place, f"{key}/many/numbers", numbers)
        self._shelf.write_numbers(transaction, place, f"{key}/many/cuts", cuts)


class _Ranked:
    """The sets of a catalogue in one order, while it is written."""

    def __init__(self, order: Sequence[int], members: Members, ends: Sequence[int]) -> None:
        self._rank = array("I", bytes(4 * len(order)))
        for rank, place in enumerate(order):
            self._rank[place] = rank
        self._members = members
        together = chain.from_iterable(each for each in members if len(each) <= FEW)
        self.few = array("I", map(self._rank.__getitem__, together))
        self._large = {n: self.bitmap(m) for n, m in enumerate(members) if len(m) > FEW}
        self.sets = Sets(ends, self._large, lambda a, b: self.few[a:b], self._large.__getitem__)

    def large(self) -> dict[int, BitMap]:
        return self._large

    def bitmap(self, members: "array[int]") -> BitMap:
        return BitMap(array("I", map(self._rank.__getitem__, members)))


def _order(ids: "array[int]", times: "array[int]") -> list[int]:
    """Return the places of the tickets by time; ties by id."""
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    return sorted(by_id, key=times.__getitem__)


def _grams(particulars: Sequence[str], first: int) -> dict[str, "array[int]"]:
    """Return for every short piece of a particular the numbers of those that hold it."""
    grams: dict[str, array[int]] = {}
    for number, particular in enumerate(particulars, first):
        for gram in set(_pieces(particular[1:])):
            grams.setdefault(gram, array("I")).append(number)
    return grams


def _pieces(text: str) -> Iterator[str]:
    for size in range(1, LONGEST_GRAM + 1):
        yield from (text[at : at + size] for at in range(len(text) - size + 1))
