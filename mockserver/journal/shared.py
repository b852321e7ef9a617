"""The journal of several processes: each keeps what it answered, and tells when another asks."""

from collections.abc import Callable
from operator import attrgetter
from time import monotonic, sleep, time
from typing import Any

from mockserver.contract.errors import StoreUnavailable
from mockserver.journal.counts import Tally
from mockserver.journal.exchange import Exchange
from mockserver.journal.journal import Journal
from mockserver.journal.serializer import chosen
from mockserver.journal.validation import Judge
from mockserver.store import Peers

_STEP = 100
"""Numbers between two exchanges of one process; the rest of a number tells the process."""

_TICKS = 100_000
"""In a second: finer than requests that come one after the other."""

_SETTLING = 0.05
"""Seconds in which an exchange that has its number has been kept as well."""

_LOOK = 0.3
"""Seconds between two looks for something new."""


class SharedJournal(Journal):
    """Numbers exchanges by the time since `epoch`, so that no two have the same."""

    def __init__(self, judge: Judge, peers: Peers, epoch: int) -> None:
        super().__init__(judge)
        self._peers = peers
        self._epoch = epoch
        self._last = 0
        peers.answers("exchanges", self._tell)
        peers.answers("tally", lambda world: Journal.tally(self, world).dump())
        peers.answers("clear", lambda world: Journal.clear(self, world))
        peers.answers("newest", lambda _: self._newest)

    def add(self, exchange: Exchange) -> None:
        try:
            rest = self._peers.id % _STEP
        except StoreUnavailable:  # the answer says so too
            rest = 0
        with self._changed:
            exchange.number = max(self._last + _STEP, self._number(time()) + rest)
            self._last = exchange.number
        super().add(exchange)

    def read(
        self,
        world: str | None = None,
        where: Callable[[Exchange], bool] | None = None,
    ) -> list[Exchange]:
        return [each for each in self.find({"world": world}) if where is None or where(each)]

    def find(self, asked: dict[str, Any], limit: int | None = None) -> list[Exchange]:
        told = self._peers.ask("exchanges", {"query": asked, "limit": limit})
        found = [Exchange.load(each) for exchanges in told for each in exchanges]
        found.sort(key=attrgetter("number"))
        return found if limit is None else found[-limit:]

    @property
    def newest(self) -> int:
        """A number up to which every process has kept its exchanges."""
        return self._number(time() - _SETTLING)

    def wait(self, after: int, seconds: float) -> bool:
        end = monotonic() + seconds
        while monotonic() < end:
            sleep(min(_LOOK, seconds))
            if max(self._peers.ask("newest")) > after:
                return True
        return False

    def tally(self, world: str | None = None) -> Tally:
        total = Tally()
        for told in self._peers.ask("tally", world):
            total.merge(Tally.load(told))
        return total

    def clear(self, world: str | None = None) -> int:
        return sum(self._peers.ask("clear", world))

    def _tell(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        query = asked["query"]
        found = Journal.read(self, query.get("world"), chosen(self.judge, query))
        limit = asked["limit"]
        return [each.dump() for each in (found if limit is None else found[-limit:])]

    def _number(self, moment: float) -> int:
        return int((moment - self._epoch) * _TICKS) * _STEP
