"""What filters choose from: the tickets of a seeded layer, in one order."""

from collections.abc import Callable, Sequence
from typing import Any

from pyroaring import BitMap

from mockserver.store.catalogue import Order
from mockserver.store.searching import Search
from mockserver.store.shapes import parts
from mockserver.store.transaction import Transaction

Verify = Callable[[Sequence[int], str], list[int]]


class Among:
    """`verify` returns, of ids, those of the tickets that hold a term: read word by word."""

    def __init__(self, order: Order, transaction: Transaction, verify: Verify) -> None:
        self._order = order
        self._transaction = transaction
        self._verify = verify

    @property
    def all(self) -> BitMap:
        return self._order.all

    def any_of(self, facet: str, values: Sequence[Any]) -> BitMap:
        """Return the tickets with any of these values."""
        numbers = {self._order.catalogue.facet(facet, value) for value in values}
        known = sorted(number for number in numbers if number is not None)
        return self._order.union(self._transaction, known)

    def holding(self, term: str) -> BitMap:
        """Return the tickets whose subject, or the text of any one message, holds a folded term."""
        if not term:
            return self.all
        return self._order.remember(("holding", term), lambda: self._holding(term))

    def _holding(self, term: str) -> BitMap:
        search = Search(self._order, self._transaction)
        pieces = parts(term)
        if len(pieces) == 1:
            return search.find(term)
        # It may run on from sentence to sentence, and only the texts tell which follow each other.
        ranks = list(BitMap.intersection(*map(search.find, pieces)))
        ids = dict(zip(map(self._order.ids.__getitem__, ranks), ranks, strict=True))
        return BitMap(ids[id] for id in self._verify(list(ids), term))
