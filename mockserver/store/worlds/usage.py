"""When each world was last used, without a write for each request."""

from contextlib import suppress
from threading import Lock
from time import monotonic, time

from mockserver.contract.errors import StoreUnavailable
from mockserver.store.database.database import Database
from mockserver.store.database.transaction import Transaction

_FLUSH_EVERY = 5.0
"""Seconds between two writes."""

_UPDATE = "UPDATE worlds SET used = :used WHERE layer = :layer AND used < :used"


class Usage:
    """Collects uses in memory, and writes them now and then and before worlds are evicted.

    Times are microseconds, so that worlds used within one second keep their order.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[int, int] = {}
        self._lock = Lock()
        self._flushed = monotonic()

    def note(self, layer: int) -> None:
        """Note a use. It is written now and then, later if the database is locked."""
        self._seen[layer] = int(time() * 1_000_000)
        if monotonic() - self._flushed > _FLUSH_EVERY:
            self._flushed = monotonic()
            if self._database.can_write_at_once():
                with suppress(StoreUnavailable), self._database.write() as transaction:
                    self.flush(transaction)

    def flush(self, transaction: Transaction) -> None:
        with self._lock:
            seen, self._seen = self._seen, {}
            self._flushed = monotonic()
        transaction.many(_UPDATE, [{"layer": layer, "used": used} for layer, used in seen.items()])
