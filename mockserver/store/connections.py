"""The connections of one process: kept open between transactions, opened anew when they fail."""

import contextlib
from typing import Any

from sqlalchemy import Engine


class Connections:
    """As many are open as ever were in use at once; none may be open while a process forks."""

    def __init__(self, engine: Engine) -> None:
        self.errors: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._engine = engine
        self._idle: list[Any] = []

    def take(self) -> Any:
        """Return an idle connection, or a new one; raises one of `errors`."""
        try:
            return self._idle.pop()
        except IndexError:
            return self.connect()

    def connect(self) -> Any:
        """Return a new connection; raises one of `errors`."""
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()  # it is kept here
        return connection

    def give(self, connection: Any) -> None:
        """Take back a connection that is in no transaction."""
        self._idle.append(connection)

    def discard(self, connection: Any) -> None:
        """Close a connection that failed; the idle ones go too: what killed it killed them."""
        if connection is not None:
            _close(connection)
        self._close_idle()

    def close(self) -> None:
        """Close what is idle: SQLite crashes if a connection is closed while a thread uses it."""
        self._close_idle()
        self._engine.dispose()

    def _close_idle(self) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            _close(connection)


def _close(connection: Any) -> None:
    with contextlib.suppress(Exception):
        connection.close()
