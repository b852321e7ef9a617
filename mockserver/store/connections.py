"""The connections of one process: kept open between transactions, opened anew when they fail."""

import contextlib
import threading
from typing import Any

from sqlalchemy import Engine


class Connections:
    """As many are open as ever were in use at once; none may be open while a process forks."""

    def __init__(self, engine: Engine) -> None:
        self.errors: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._engine = engine
        self._idle: list[Any] = []
        self._open: list[Any] = []
        self._lock = threading.Lock()

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
        with self._lock:
            self._open.append(connection)
        return connection

    def give(self, connection: Any) -> None:
        """Take back a connection that is in no transaction."""
        self._idle.append(connection)

    def discard(self, connection: Any) -> None:
        """Close a connection that failed; the idle ones go too: what killed it killed them."""
        idle, self._idle = self._idle, []
        for each in [connection, *idle]:
            if each is not None:
                self._close(each)

    def close(self) -> None:
        with self._lock:
            found = list(self._open)
        self._idle.clear()
        for connection in found:
            self._close(connection)
        self._engine.dispose()

    def _close(self, connection: Any) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._open.remove(connection)
        with contextlib.suppress(Exception):
            connection.close()
