"""The last exchanges of each world, and what became of those before them.

It lives in the memory of one process, bounded in number and in bytes. An exchange
that has to go is judged and added to its world's tally, so that coverage and
verification miss nothing. Everything goes through add, find, tally and clear.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from mockserver.journal.counts import Repeated, Tally
from mockserver.journal.exchange import Exchange
from mockserver.journal.serializer import chosen
from mockserver.journal.validation import Judge, Request

MOST = 1000
"""Exchanges kept for one world."""

LARGEST = 8 * 1024 * 1024
"""Bytes kept for one world."""

_LARGEST_OF_ALL = 128 * 1024 * 1024
_WORLDS = 1000
_PAST = 1000
"""Distinct requests of a world that wait to be judged; so the hot path judges none twice."""


class UndocumentedRequests(AssertionError):
    """The application under test asked for what the contract does not have."""


@dataclass(slots=True)
class _Shelf:
    """What is kept of one world: exchanges, and of those before them requests and counts."""

    kept: deque[Exchange] = field(default_factory=deque)
    bytes: int = 0
    past: dict[tuple[Request, int], Repeated] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def remember(self, exchange: Exchange) -> None:
        """Note that a request was made, without judging it yet."""
        key = exchange.request, exchange.status
        known = self.past.get(key)
        if known is None:
            self.past[key] = Repeated.once(exchange)
        else:
            known.times += 1
            known.last = exchange.number


class Journal:
    def __init__(self, judge: Judge, most: int = MOST, largest: int = LARGEST) -> None:
        self.judge = judge
        self._most = most
        self._largest = largest
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
        self._bytes = 0
        self._newest = 0
        self._gone = Tally()
        self._lock = Lock()
        self._listeners: tuple[Callable[[], object], ...] = ()

    def add(self, exchange: Exchange) -> None:
        with self._lock:
            shelf = self._shelf(exchange.world)
            shelf.kept.append(exchange)
            cost = exchange.cost
            shelf.bytes += cost
            self._bytes += cost
            self._newest = exchange.number
            while len(shelf.kept) > self._most or shelf.bytes > self._largest:
                self._let_go(shelf)
            while self._bytes > _LARGEST_OF_ALL or len(self._shelves) > _WORLDS:
                self._drop_oldest()
        for listener in self._listeners:
            listener()

    def read(
        self,
        world: str | None = None,
        where: Callable[[Exchange], bool] | None = None,
    ) -> list[Exchange]:
        """Return the exchanges kept of a world, or of all, oldest first."""
        with self._lock:
            shelves = self._chosen(world)
            found = [exchange for shelf in shelves for exchange in shelf.kept]
        return sorted(filter(where, found), key=lambda exchange: exchange.number)

    def find(self, asked: dict[str, Any], limit: int | None = None) -> list[Exchange]:
        """Return the exchanges that pass a query of the journal, the newest `limit` of them."""
        found = self.read(asked.get("world"), chosen(self.judge, asked))
        return found if limit is None else found[-limit:]

    @property
    def newest(self) -> int:
        """The number of the last exchange there was, in any world."""
        return self._newest

    @contextmanager
    def listening(self, listener: Callable[[], object]) -> Iterator[None]:
        """Call `listener` after each exchange that is added, in the thread that adds it."""
        with self._lock:
            self._listeners = (*self._listeners, listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

    def tally(self, world: str | None = None) -> Tally:
        """Return what a world, or all, asked for since it was last cleared."""
        with self._lock:
            total = deepcopy(self._gone) if world is None else Tally()
            shelves = self._chosen(world)
            for shelf in shelves:
                total.merge(shelf.tally)
            rest = [replace(each) for shelf in shelves for each in shelf.past.values()]
            rest += [Repeated.once(exchange) for shelf in shelves for exchange in shelf.kept]
        for repeated in rest:
            total.count(repeated, self.judge)
        return total

    def clear(self, world: str | None = None) -> int:
        """Forget a world, or all; return how many exchanges were kept."""
        with self._lock:
            names = [world] if world in self._shelves else []
            names = list(self._shelves) if world is None else names
            shelves = [self._shelves.pop(name) for name in names if name is not None]
            self._bytes -= sum(shelf.bytes for shelf in shelves)
            if world is None:
                self._gone = Tally()
            return sum(len(shelf.kept) for shelf in shelves)

    def assert_clean(self, world: str | None = None, allow: Collection[str] = ()) -> None:
        """Pass if every request was one the contract knows; raises UndocumentedRequests.

        `allow` names kinds of findings that are meant, such as `wrong_value`.
        """
        findings = [each for each in self.tally(world).findings() if each.kind not in allow]
        if findings:
            lines = "\n".join(f"  {finding}" for finding in findings)
            raise UndocumentedRequests(f"requests that the contract does not know:\n{lines}")

    def _shelf(self, world: str) -> _Shelf:
        if world in self._shelves:
            self._shelves.move_to_end(world)
        else:
            self._shelves[world] = _Shelf()
        return self._shelves[world]

    def _chosen(self, world: str | None) -> list[_Shelf]:
        if world is None:
            return list(self._shelves.values())
        return [self._shelves[world]] if world in self._shelves else []

    def _let_go(self, shelf: _Shelf) -> None:
        exchange = shelf.kept.popleft()
        shelf.bytes -= exchange.cost
        self._bytes -= exchange.cost
        shelf.remember(exchange)
        while len(shelf.past) > _PAST:
            shelf.tally.count(shelf.past.pop(next(iter(shelf.past))), self.judge)

    def _drop_oldest(self) -> None:
        """Make room at the cost of the world that was longest unused."""
        world, shelf = next(iter(self._shelves.items()))
        while shelf.kept and (self._bytes > _LARGEST_OF_ALL or len(self._shelves) > _WORLDS):
            self._let_go(shelf)
        if not shelf.kept:
            self._gone.merge(shelf.tally)
            for repeated in shelf.past.values():
                self._gone.count(repeated, self.judge)
            del self._shelves[world]
