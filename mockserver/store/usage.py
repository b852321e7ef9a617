"""When each world was last used, without a write for each request."""

from threading import Lock
from time import monotonic, time

from sqlalchemy import bindparam, update

from mockserver.store.database import Database
from mockserver.store.tables import worlds
from mockserver.store.transaction import Transaction

_FLUSH_EVERY = 30.0
"""Seconds between two notes."""

_FLUSH_OFTEN = 1.0
"""The same where another process may choose the world that has to go."""


class Usage:
    """Remembers uses in memory, and writes them down now and then, and before worlds go."""

    def __init__(self, database: Database, *, often: bool) -> None:
        self._every = _FLUSH_OFTEN if often else _FLUSH_EVERY
        self._seen: dict[int, int] = {}
        self._lock = Lock()
        self._flushed = monotonic()
        self._note = database.compile(
            update(worlds)
            .where(worlds.c.layer == bindparam("of"), worlds.c.used < bindparam("now"))
            .values(used=bindparam("now"))
        )

    def touch(self, layer: int) -> bool:
        """Note a use; return whether it is time to flush."""
        self._seen[layer] = int(time())
        return monotonic() - self._flushed > self._every

    def flush(self, transaction: Transaction) -> None:
        with self._lock:
            seen, self._seen = self._seen, {}
            self._flushed = monotonic()
        transaction.many(self._note, [{"of": layer, "now": used} for layer, used in seen.items()])
