"""A piece of work on the database: begun, and then kept as a whole or undone as a whole."""

import sqlite3
import threading
from typing import Any, NoReturn

from mockserver.contract.errors import StoreUnavailable
from mockserver.store.connections import Connections
from mockserver.store.transaction import Transaction


class Work:
    """A block that is one transaction; raises StoreUnavailable when the database goes away.

    A class rather than a generator: every request passes here, and a generator's block
    costs as much as the statements in it.
    """

    def __init__(self, connections: Connections, begin: str) -> None:
        self._connections = connections
        self._begin = begin
        self._connection: Any = None

    def __enter__(self) -> Transaction:
        try:
            self._connection = self._begun()
        except self._connections.errors as error:
            self._lose(error)
        return Transaction(self._connection)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._commit()
        elif isinstance(error, self._connections.errors):
            self._lose(error)
        else:
            self._roll_back()

    def _begun(self) -> Any:
        """Return a connection in a transaction; raises one of the driver's errors."""
        connection = self._connections.take()
        try:
            connection.execute(self._begin)
        except self._connections.errors:
            self._connections.discard(connection)
            if isinstance(connection, sqlite3.Connection):
                raise
            # It may have died unnoticed while it was idle, and nothing has been done yet.
            connection = self._connections.connect()
            connection.execute(self._begin)
        return connection

    def _commit(self) -> None:
        try:
            self._connection.commit()
        except self._connections.errors as error:
            self._lose(error)
        self._connections.give(self._connection)

    def _lose(self, error: Exception) -> NoReturn:
        self._connections.discard(self._connection)
        refuse(error)

    def _roll_back(self) -> None:
        try:
            self._connection.rollback()
        except self._connections.errors:
            self._connections.discard(self._connection)
        else:
            self._connections.give(self._connection)


class Reading(Work):
    """One that others of the same thread find in `place`, and see the same state."""

    def __init__(self, connections: Connections, begin: str, place: threading.local) -> None:
        super().__init__(connections, begin)
        self._place = place

    def __enter__(self) -> Transaction:
        self._place.transaction = transaction = super().__enter__()
        return transaction

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._place.transaction = None
        super().__exit__(kind, error, trace)


def refuse(error: Exception) -> NoReturn:
    """Raise what a driver's error means here."""
    if is_bug(error):
        raise error
    raise StoreUnavailable(f"the database is out of reach: {error}") from error


def is_bug(error: Exception) -> bool:
    """Tell a statement that is wrong from a database that is away."""
    if isinstance(error, sqlite3.Error):  # without a name it is Python's own, of a wrong use
        return getattr(error, "sqlite_errorname", "SQLITE_ERROR") == "SQLITE_ERROR"
    names = {kind.__name__ for kind in type(error).__mro__}
    return not names & {"OperationalError", "InterfaceError"}
