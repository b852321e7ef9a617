"""Blocks that are one transaction, on connections from SQLAlchemy's pool."""

import sqlite3
import threading
from typing import Any, NoReturn

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mockserver.contract.errors import StoreBusy, StoreUnavailable
from mockserver.store.database.transaction import Transaction
from mockserver.store.worlds.world import World

WAIT = 5_000
"""Milliseconds that a thread waits for a lock or a connection, before the request fails."""

_SHORT_WAIT = 100
"""The same for the thread that answers everybody: enough for the writes of another mock."""

_SQLITE_LOCKED = (5, 6)  # SQLITE_BUSY, SQLITE_LOCKED
_PG_LOCK_NOT_AVAILABLE = "55P03"


class Pool:
    """Hands out driver connections; every method raises StoreUnavailable with the reason."""

    def __init__(self, engine: Engine) -> None:
        self.errors: tuple[type[Exception], ...] = (
            engine.dialect.loaded_dbapi.Error,
            DBAPIError,
            PoolTimeout,
        )
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.loop_thread: int | None = None
        """The thread that must not wait, by its ident; None: every thread may."""
        self._engine = engine
        self._kept: Any = None
        """A connection that the loop thread keeps, as it needs one for every request."""

    def take(self) -> Any:
        """Return a connection of the pool; raises one of `errors`."""
        if self._kept is not None and threading.get_ident() == self.loop_thread:
            kept, self._kept = self._kept, None
            return kept
        return self._engine.raw_connection()

    def give(self, connection: Any) -> None:
        """Take back a connection that is in no transaction."""
        if self._kept is None and threading.get_ident() == self.loop_thread:
            self._kept = connection
        else:
            connection.close()

    def wait_for_locks(self, connection: Any, milliseconds: int | None = None) -> None:
        """Set how long SQLite waits for a lock on this connection."""
        if milliseconds is None:
            here = threading.get_ident() == self.loop_thread
            milliseconds = _SHORT_WAIT if here else WAIT
        if connection.info.get("wait") != milliseconds:
            connection.driver_connection.execute(f"PRAGMA busy_timeout={milliseconds}")
            connection.info["wait"] = milliseconds

    def discard(self, connection: Any) -> None:
        """Close a connection that failed, and those that are idle: they have the same cause."""
        if connection is not None:
            connection.invalidate()
        self.close()

    def close(self) -> None:
        """Close every idle connection."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()
        self._engine.dispose()


class Block:
    """A block that is one transaction: committed at its end, rolled back when it raises.

    A class rather than a generator, which would cost as much as the statements in it.
    """

    def __init__(self, pool: Pool, begin: str, world: World, *, writes: bool) -> None:
        self._pool = pool
        self._world = world
        self._begin = begin
        self._waits = writes and pool.is_sqlite
        self._connection: Any = None

    def __enter__(self) -> Transaction:
        try:
            self._connection = self._begun()
        except self._pool.errors as error:
            self._fail(error)
        connection = self._connection.driver_connection
        return Transaction(connection, self._world, sqlite=self._pool.is_sqlite)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._commit()
        elif isinstance(error, self._pool.errors):
            self._fail(error)
        else:
            self._roll_back()

    def _begun(self) -> Any:
        connection = self._pool.take()
        try:
            if self._waits:
                self._pool.wait_for_locks(connection)
            connection.driver_connection.execute(self._begin)
        except self._pool.errors as error:
            if self._pool.is_sqlite and is_busy(error):
                self._pool.give(connection)
                raise
            if self._pool.is_sqlite or is_programming_error(error) or is_busy(error):
                self._pool.discard(connection)
                raise
            # It may have died unnoticed while it was idle, and nothing has been done yet.
            self._pool.discard(connection)
            connection = self._pool.take()
            connection.driver_connection.execute(self._begin)
        return connection

    def _commit(self) -> None:
        try:
            self._connection.driver_connection.commit()
        except self._pool.errors as error:
            self._fail(error)
        self._pool.give(self._connection)

    def _fail(self, error: Exception) -> NoReturn:
        if self._connection is not None:
            self._pool.discard(self._connection)
        raise_store_error(error)

    def _roll_back(self) -> None:
        try:
            self._connection.driver_connection.rollback()
        except self._pool.errors:
            self._pool.discard(self._connection)
        else:
            self._pool.give(self._connection)


class ReadBlock(Block):
    """A block that others of the same thread find in `place`, and so see the same state."""

    def __init__(self, pool: Pool, begin: str, world: World, place: threading.local) -> None:
        super().__init__(pool, begin, world, writes=False)
        self._place = place

    def __enter__(self) -> Transaction:
        self._place.transaction = transaction = super().__enter__()
        return transaction

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._place.transaction = None
        super().__exit__(kind, error, trace)


def raise_store_error(error: Exception) -> NoReturn:
    """Raise StoreBusy, StoreUnavailable or, for a wrong statement, the driver's error itself."""
    if is_programming_error(error):
        raise error
    if is_busy(error):
        raise StoreBusy("another program holds a lock on the database") from error
    raise StoreUnavailable(f"the database is out of reach: {error}") from error


def is_busy(error: Exception) -> bool:
    """Return whether another connection holds a lock."""
    if getattr(error, "sqlstate", None) == _PG_LOCK_NOT_AVAILABLE:
        return True
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_LOCKED


def is_programming_error(error: Exception) -> bool:
    """Return whether a statement is wrong, rather than the database away."""
    if isinstance(error, (DBAPIError, PoolTimeout)):
        return False
    if isinstance(error, sqlite3.Error):  # without a name it is Python's own, of a wrong use
        return getattr(error, "sqlite_errorname", "SQLITE_ERROR") == "SQLITE_ERROR"
    names = {kind.__name__ for kind in type(error).__mro__}
    return not names & {"OperationalError", "InterfaceError"}
