"""Database URLs and connections: the URL parsed, the file checked, the engine created."""

import contextlib
import os
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, NullPool, QueuePool, create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from mockserver.contract.errors import StoreError

_POSTGRES = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
    "options": "-c lock_timeout=5000",
}
"""After 5 s (or milliseconds) without an answer, PostgreSQL counts as out of reach."""

_POOL = {"pool_size": 5, "max_overflow": 10, "pool_timeout": 5, "pool_reset_on_return": None}
"""At most 15 connections, of which 5 stay open; the next one waits up to 5 s."""


_CACHE = 8_000
"""KiB of pages that one SQLite connection keeps."""

_OLDEST_SQLITE = (3, 34, 0)  # the first with the trigram index

_LARGE = 100_000_000
"""Bytes; a larger file is not read through at each start, only its head and its schema."""


def parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"{url!r} is not a database URL such as sqlite:///mock.db") from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"{parsed}: a database is sqlite:///… or postgresql+psycopg://…")
    return parsed


def make_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise StoreError(f"SQLite 3.34 or newer is needed; this is {sqlite3.sqlite_version}")
        _check_file(Path(url.database or ""))
        return create_engine(
            url,
            creator=lambda: _connect_sqlite(str(url.database)),
            poolclass=QueuePool,
            **_POOL,
        )
    try:
        return create_engine(url, isolation_level="AUTOCOMMIT", connect_args=_POSTGRES, **_POOL)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(
            f"{url}: {error}; install the driver: pip install 'psycopg[binary]' "
            "(the extra postgres of this package)"
        ) from None


def _check_file(file: Path) -> None:
    """Refuse what cannot be ours before anything is written to it."""
    if file.name in ("", ":memory:"):
        raise StoreError("sqlite: name a file, as in sqlite:///mock.db")
    if not file.parent.is_dir():
        raise StoreError(f"{file}: there is no folder {file.parent}")
    if not file.exists() or not file.stat().st_size:
        return
    try:
        with contextlib.closing(_connect_to_read(file)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            fault = "ok"
            if file.stat().st_size < _LARGE:
                fault = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        fault = str(error)
    if fault != "ok":
        raise StoreError(f"{file}: damaged, or not an SQLite database ({fault}); name another file")


def reading_engine(url: URL) -> Engine | None:
    """Return an engine that writes nothing; None: there is no file yet."""
    file = Path(url.database or "")
    if not file.exists() or not file.stat().st_size:
        return None
    return create_engine(url, creator=lambda: _connect_to_read(file), poolclass=NullPool)


def _connect_to_read(file: Path) -> sqlite3.Connection:
    """Open a file as it is: no log is created if it has none."""
    settled = "" if Path(f"{file}-wal").exists() else "&immutable=1"
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro{settled}", uri=True)


def _create(file: str) -> None:
    """Create a file that only the user may read: a world may hold real tickets and tokens.

    SQLite gives its other files the same mode, and reports why a file cannot be created.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _connect_sqlite(file: str) -> sqlite3.Connection:
    _create(file)
    connection = sqlite3.connect(
        file, timeout=5, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    # In WAL a killed process loses no answered write, and readers do not wait for a writer.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA cache_size=-{_CACHE}")
    return connection
