"""A catalogue as it is read: the tickets of one workspace in a seeded layer, in every order."""

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar

import orjson
from pyroaring import BitMap

from mockserver.store.cataloguing import TEXTS
from mockserver.store.lexicon import Lexicon
from mockserver.store.sets import Sets
from mockserver.store.shelf import Place, Shelf
from mockserver.store.transaction import Transaction

_OPEN = 16
"""Catalogues kept open; with a million tickets one holds about 60 MB."""

_REMEMBERED = 64
"""Sets that an order remembers; with a million tickets one takes 125 kB at most."""

_EMPTY = b'{"firsts": {}, "edges": {}, "facets": []}'

Value = TypeVar("Value")


class Catalogues:
    """Opens catalogues, and keeps those used last: what they say never changes."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._open: OrderedDict[Place, Catalogue] = OrderedDict()

    def prepare(self, transaction: Transaction, layer: int, keys: Iterable[str]) -> None:
        """Read what a layer's catalogues keep once it has been asked for, for orders by `keys`."""
        for place in self._shelf.places(transaction, layer, "contents"):
            catalogue = self.open(transaction, place)
            for key in keys:
                catalogue.order(transaction, key)
            for kind in TEXTS:
                catalogue.lexicon(transaction, kind)

    def open(self, transaction: Transaction, place: Place) -> "Catalogue":
        return remember(
            self._open, place, lambda: Catalogue(self._shelf, transaction, place), _OPEN
        )


class Catalogue:
    """What is the same in every order: the texts, and the numbers of the sets."""

    def __init__(self, shelf: Shelf, transaction: Transaction, place: Place) -> None:
        self.shelf = shelf
        self.place = place
        contents = orjson.loads(shelf.read(transaction, place, "contents") or _EMPTY)
        self._firsts: dict[str, int] = contents["firsts"]
        self.edges: dict[str, list[str]] = contents["edges"]
        """Of each hole: the characters that stand right before it, and those right behind it."""
        facets = enumerate(contents["facets"], self.first("facets"))
        self._facets = {(name, value): number for number, (name, value) in facets}
        self.ends = shelf.read_numbers(transaction, place, "ends") or array("q", [0])
        self._lexicons: dict[str, Lexicon] = {}
        self._orders: dict[str, Order] = {}

    def order(self, transaction: Transaction, key: str) -> "Order":
        """Return the tickets by `created`, `updated` or `active`."""
        if key not in self._orders:
            self._orders[key] = Order(self, transaction, key)
        return self._orders[key]

    def lexicon(self, transaction: Transaction, kind: str) -> Lexicon:
        """Return the texts by which sets of a kind are found."""
        if kind not in self._lexicons:
            joined = self.shelf.read(transaction, self.place, kind).decode()
            starts = self.shelf.read_numbers(transaction, self.place, f"{kind}/starts")
            self._lexicons[kind] = Lexicon(joined, starts or array("q", [0]))
        return self._lexicons[kind]

    def first(self, kind: str) -> int:
        """Return the number of the first set of a kind; those of all kinds are counted on."""
        return self._firsts.get(kind, 0)

    def facet(self, name: str, value: Any) -> int | None:
        """Return the number of the set of tickets with a value; None: there are none."""
        return self._facets.get((name, value))


class Order:
    """The tickets in one order, each known by its rank; ties of time are in the order of ids."""

    def __init__(self, catalogue: Catalogue, transaction: Transaction, key: str) -> None:
        self.catalogue = catalogue
        self.key = key
        self._shelf, self._place = catalogue.shelf, catalogue.place
        self.ids = self._numbers(transaction, "ids")
        self.times: array[int] = array("q")
        self._large = _positions(self._numbers(transaction, "many/numbers"))
        self._cuts = self._numbers(transaction, "many/cuts")
        self._remembered: OrderedDict[Hashable, BitMap] = OrderedDict()
        self.places: dict[int, int | None] = {}
        """Ranks of tickets that worlds have rows of, too; None: the layer has no such ticket."""

    @cached_property
    def all(self) -> BitMap:
        return BitMap(range(len(self.ids)))

    def union(self, transaction: Transaction, numbers: Sequence[int]) -> BitMap:
        """Return the tickets in any of these sets; numbers ascend."""

        def read(name: str, start: int, stop: int) -> bytes:
            return self._shelf.read(transaction, self._place, f"{self.key}/{name}", start, stop)

        def read_few(start: int, stop: int) -> "array[int]":
            few = array("I")
            few.frombytes(read("few", start * few.itemsize, stop * few.itemsize))
            return few

        many = partial(read, "many")
        return Sets(self.catalogue.ends, read_few, self._large, self._cuts, many).union(numbers)

    def remember(self, key: Hashable, make: Callable[[], BitMap]) -> BitMap:
        return remember(self._remembered, key, make, _REMEMBERED)

    def read_times(self, transaction: Transaction) -> None:
        """Fill `times`, for whoever needs more than ranks."""
        self.times = self.times or self._numbers(transaction, "times")

    def place(self, time: int, id: int) -> int:
        """Return how many tickets come before one with this time and id."""
        first = bisect_left(self.times, time)
        return bisect_left(self.ids, id, first, bisect_right(self.times, time, first))

    def _numbers(self, transaction: Transaction, name: str) -> "array[int]":
        return self._shelf.read_numbers(transaction, self._place, f"{self.key}/{name}")


def remember(
    kept: "OrderedDict[Any, Value]", key: Hashable, make: Callable[[], Value], limit: int
) -> Value:
    """Return what was made for a key before; of what is kept, that used least recently goes."""
    try:
        kept.move_to_end(key)
        return kept[key]
    except KeyError:
        value = kept[key] = make()
    while len(kept) > limit:
        kept.popitem(last=False)
    return value


def _positions(numbers: "array[int]") -> dict[int, int]:
    return {number: position for position, number in enumerate(numbers)}
