"""The catalogue of a seeded layer, written once: its tickets in every order, and sets of them.

A seeded layer never changes. So each set that a filter or a search may ask for is worked out when
the layer is planted, as bitmaps of ranks: once for each sort key.
"""

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

import orjson
from pyroaring import BitMap

from mockserver.store.gathering import Gathered
from mockserver.store.lexicon import Lexicon
from mockserver.store.sets import FEW, Sets
from mockserver.store.shapes import is_pattern
from mockserver.store.shelf import Place, Shelf
from mockserver.store.transaction import Transaction

TEXTS = ("sentences", "patterns", "particulars", "grams")
"""Kinds of sets that are found by a text. Patterns have holes."""

KINDS = (*TEXTS, "facets")
"""Of sets, as they are numbered."""

LONGEST_GRAM = 2
"""Characters; so short a piece is in too many particulars to look each of them up."""

_MANY = 20_000
"""Particulars; as many as are looked up in no time. With more, grams are worth their making."""


class Cataloguer:
    """Writes catalogues, within the caller's transaction."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def write(self, transaction: Transaction, place: Place, gathered: Gathered) -> None:
        whole = sorted(each for each in gathered.sentences if not is_pattern(each))
        patterns = sorted(each for each in gathered.sentences if is_pattern(each))
        particulars = sorted(gathered.particulars)
        many = len(particulars) > _MANY
        grams = _grams(particulars, len(gathered.sentences)) if many else {}
        facets = list(gathered.facets)
        members = [
            *(gathered.sentences[sentence] for sentence in [*whole, *patterns]),
            *(gathered.particulars[particular] for particular in particulars),
        ]
        texts = (whole, patterns, particulars, sorted(grams))
        for kind, keys in zip(KINDS, texts, strict=False):
            lexicon = Lexicon.of(keys)
            self._shelf.write(transaction, place, kind, lexicon.joined.encode())
            self._shelf.write_numbers(transaction, place, f"{kind}/starts", lexicon.starts)
        firsts = accumulate(map(len, texts), initial=0)
        contents = {
            "firsts": dict(zip(KINDS, firsts, strict=True)),
            "edges": Lexicon.of(patterns).edges,
            "facets": facets,
        }
        self._shelf.write(transaction, place, "contents", orjson.dumps(contents))
        ends = list(accumulate((len(m) if len(m) <= FEW else 0 for m in members), initial=0))
        self._shelf.write_numbers(transaction, place, "ends", ends)
        for key in gathered.times:
            order = self._write_order(transaction, place, key, gathered)
            sets = _Ranked(order, members, ends)
            for gram in sorted(grams):
                sets.append(sets.union(grams[gram]))
            for facet in facets:
                sets.append(sets.bitmap(gathered.facets[facet]))
            self._write_sets(transaction, place, key, sets)
            del sets  # before the next: they take most of the memory that is needed here

    def _write_order(
        self, transaction: Transaction, place: Place, key: str, gathered: Gathered
    ) -> "array[int]":
        """Write the tickets in one order, and return it."""
        times = gathered.times[key]
        order = _order(gathered.ids, times)
        for name, numbers in (("ids", gathered.ids), ("times", times)):
            ranked = array("q", map(numbers.__getitem__, order))
            self._shelf.write(transaction, place, f"{key}/{name}", ranked.tobytes())
        return order

    def _write_sets(
        self, transaction: Transaction, place: Place, key: str, sets: "_Ranked"
    ) -> None:
        self._shelf.write(transaction, place, f"{key}/few", sets.few.tobytes())
        self._shelf.write(transaction, place, f"{key}/many", bytes(sets.many))
        self._shelf.write_numbers(transaction, place, f"{key}/many/numbers", list(sets.large))
        self._shelf.write_numbers(transaction, place, f"{key}/many/cuts", sets.cuts)


class _Ranked:
    """The sets of a catalogue in one order, while they are made.

    `members` are the places of the tickets in each set, `ends` tell where each small set
    ends among all of them.
    """

    def __init__(
        self, order: Sequence[int], members: Sequence["array[int]"], ends: Sequence[int]
    ) -> None:
        self._rank = array("I", bytes(4 * len(order)))
        for rank, place in enumerate(order):
            self._rank[place] = rank
        together = chain.from_iterable(each for each in members if len(each) <= FEW)
        self.few = array("I", map(self._rank.__getitem__, together))
        self.many, self.cuts = bytearray(), array("q", [0])
        self.large: dict[int, int] = {}
        for number, each in enumerate(members):
            if len(each) > FEW:
                self._add(number, self.bitmap(each))
        self._next = len(members)
        self._sets = _sets(ends, self.few, self.large, self.cuts, self.many)

    def append(self, bitmap: BitMap) -> None:
        """Add a set with the next number."""
        self._add(self._next, bitmap)
        self._next += 1

    def bitmap(self, members: "array[int]") -> BitMap:
        return BitMap(array("I", map(self._rank.__getitem__, members)))

    def union(self, numbers: "array[int]") -> BitMap:
        return self._sets.union(numbers)

    def _add(self, number: int, bitmap: BitMap) -> None:
        self.large[number] = len(self.large)
        self.many += bitmap.serialize()
        self.cuts.append(len(self.many))


def _sets(
    ends: Sequence[int],
    few: "array[int]",
    large: dict[int, int],
    cuts: Sequence[int],
    many: bytearray,
) -> Sets:
    """Return sets that know of these alone: a circle would keep an order's beyond its time."""

    def read_few(start: int, stop: int) -> "array[int]":
        return few[start:stop]

    def read_many(start: int, stop: int) -> bytes:
        return bytes(many[start:stop])

    return Sets(ends, read_few, large, cuts, read_many)


def _order(ids: "array[int]", times: "array[int]") -> "array[int]":
    """Return the places of the tickets by time; ties by id."""
    order = sorted(range(len(ids)), key=ids.__getitem__)
    order.sort(key=times.__getitem__)
    return array("I", order)


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
