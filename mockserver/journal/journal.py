"""The latest exchanges of each world, and the counts of earlier ones.

The journal is kept in memory, limited in number and bytes. An exchange that is dropped
is added to its world's counts, so that coverage and verdict stay complete.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any

from mockserver.contract.request_check import RequestValidator
from mockserver.journal.counts import Counts
from mockserver.journal.exchange import Exchange
from mockserver.journal.serializer import matcher

MAX_EXCHANGES = 1000
"""Exchanges kept for one world."""

MAX_BYTES = 8 * 1024 * 1024
"""Bytes kept for one world."""

_MAX_TOTAL_BYTES = 128 * 1024 * 1024
_MAX_WORLDS = 1000

_numbers = count(1)


@dataclass(slots=True)
class _WorldRecord:
    """The exchanges of one world, and the counts of dropped ones."""

    kept: deque[Exchange] = field(default_factory=deque)
    bytes: int = 0
    counts: Counts = field(default_factory=Counts)


class Journal:
    def __init__(
        self, validator: RequestValidator, most: int = MAX_EXCHANGES, largest: int = MAX_BYTES
    ) -> None:
        self.validator = validator
        self._most = most
        self._largest = largest
        self._records: OrderedDict[str, _WorldRecord] = OrderedDict()
        self._bytes = 0
        self._newest = 0
        self._gone = Counts()
        self._lock = Lock()
        self._listeners: tuple[Callable[[Exchange], object], ...] = ()

    def add(self, exchange: Exchange) -> None:
        with self._lock:
            exchange.number = self._newest = next(_numbers)
            record = self._record(exchange.world)
            record.kept.append(exchange)
            cost = exchange.cost
            record.bytes += cost
            self._bytes += cost
            while len(record.kept) > self._most or record.bytes > self._largest:
                self._drop_exchange(record)
            while self._bytes > _MAX_TOTAL_BYTES or len(self._records) > _MAX_WORLDS:
                self._drop_oldest()
        self.announce(exchange)

    def announce(self, exchange: Exchange) -> None:
        """Call the listeners with an exchange; without `add`, it is not kept and not judged."""
        for listener in self._listeners:
            listener(exchange)

    def read(self, world: str | None = None) -> list[Exchange]:
        """Return the exchanges kept of a world, or of all, oldest first."""
        with self._lock:
            records = self._chosen(world)
            found = [exchange for record in records for exchange in record.kept]
        return sorted(found, key=lambda exchange: exchange.number)

    def find(self, asked: dict[str, Any], limit: int | None = None) -> list[Exchange]:
        """Return the newest `limit` exchanges that match a query of the admin API."""
        found = list(filter(matcher(self.validator, asked), self.read(asked.get("world"))))
        return found if limit is None else found[-limit:]

    @property
    def newest(self) -> int:
        """Number of the latest exchange of any world."""
        return self._newest

    @contextmanager
    def listening(self, listener: Callable[[Exchange], object]) -> Iterator[None]:
        """Call `listener` with each added exchange, in the thread that adds it."""
        with self._lock:
            self._listeners = (*self._listeners, listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

    def counts(self, world: str | None = None) -> Counts:
        """Return the counts of one world, or all, since it was last cleared."""
        total = Counts()
        with self._lock:
            if world is None:
                total.merge(self._gone)
            records = self._chosen(world)
            for record in records:
                total.merge(record.counts)
            kept = [exchange for record in records for exchange in record.kept]
        for exchange in kept:
            total.count(exchange, self.validator)
        return total

    def clear(self, world: str | None = None) -> int:
        """Delete the records of one world, or all; return the number of exchanges deleted."""
        with self._lock:
            names = [world] if world in self._records else []
            names = list(self._records) if world is None else names
            records = [self._records.pop(name) for name in names if name is not None]
            self._bytes -= sum(record.bytes for record in records)
            if world is None:
                self._gone = Counts()
            return sum(len(record.kept) for record in records)

    def _record(self, world: str) -> _WorldRecord:
        if world in self._records:
            self._records.move_to_end(world)
        else:
            self._records[world] = _WorldRecord()
        return self._records[world]

    def _chosen(self, world: str | None) -> list[_WorldRecord]:
        if world is None:
            return list(self._records.values())
        return [self._records[world]] if world in self._records else []

    def _drop_exchange(self, record: _WorldRecord) -> None:
        exchange = record.kept.popleft()
        record.bytes -= exchange.cost
        self._bytes -= exchange.cost
        record.counts.count(exchange, self.validator)

    def _drop_oldest(self) -> None:
        """Drop exchanges of the least recently used world."""
        world, record = next(iter(self._records.items()))
        while record.kept and (self._bytes > _MAX_TOTAL_BYTES or len(self._records) > _MAX_WORLDS):
            self._drop_exchange(record)
        if not record.kept:
            self._gone.merge(record.counts)
            del self._records[world]
