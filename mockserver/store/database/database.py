"""The database: its tables created or checked, and its blocks that read or write."""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from mockserver.contract.errors import StoreError, StoreUnavailable
from mockserver.store.database import schema
from mockserver.store.database.connect import make_engine, parse_url, reading_engine
from mockserver.store.database.pool import Block, Pool, ReadBlock
from mockserver.store.database.temporary import TemporaryFolder
from mockserver.store.database.transaction import Row, Transaction
from mockserver.store.worlds.world import NO_WORLD, World

_LOG = logging.getLogger("mockserver")


class Database:
    """A database of this product's tables, created on first use.

    Raises StoreError, and leaves the database as it was, for a URL that cannot be
    used, a file that is not a database, and tables of another version or contract.
    Every transaction raises StoreUnavailable with the reason while the database is out
    of reach.
    """

    def __init__(self, url: str | None, fingerprint: str) -> None:
        self._folder = TemporaryFolder() if url is None else None
        if self._folder is not None:
            url = f"sqlite:///{self._folder.path}/mock.db"
        self.url = parse_url(str(url))
        self._reading = threading.local()
        self.engine = make_engine(self.url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.pool = Pool(self.engine)
        self._prepare(fingerprint)
        self._file: _File | None = None
        if self.is_sqlite:
            self._keep_log()
            self._file = _File(Path(str(self.url.database)))

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def read(self, world: World = NO_WORLD) -> AbstractContextManager[Transaction]:
        """See one state of the database throughout a block.

        Within another reading of the same thread it is that one's state.
        """
        outer = getattr(self._reading, "transaction", None)
        if outer is not None:
            return contextlib.nullcontext(outer.inside(world))
        if self._file is not None:
            self._file.check_now_and_then()
        begin = "BEGIN" if self.is_sqlite else _PG_READ
        return ReadBlock(self.pool, begin, world, self._reading)

    def write(self, world: World = NO_WORLD) -> AbstractContextManager[Transaction]:
        """Change all or nothing in a block."""
        if self._file is not None:
            self._file.check()
        begin = "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"
        return Block(self.pool, begin, world, writes=True)

    def exclusive(self, world: World = NO_WORLD) -> AbstractContextManager[Transaction]:
        """Write as the only one who opens, moves or removes worlds.

        SQLite lets one writer in at a time anyway.
        """
        if self.is_sqlite:
            return self.write(world)
        return Block(self.pool, _PG_ALONE, world, writes=True)

    def can_write_at_once(self) -> bool:
        """Return whether a write could begin now, without waiting for a lock."""
        if not self.is_sqlite:
            return False
        try:
            connection = self.pool.take()
        except self.pool.errors:
            return False
        try:
            self.pool.wait_for_locks(connection, 0)
            connection.driver_connection.execute("BEGIN IMMEDIATE")
            connection.driver_connection.execute("ROLLBACK")
        except self.pool.errors:
            return False
        finally:
            self.pool.give(connection)
        return True

    def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row of a query."""
        with self.read() as transaction:
            return transaction.one(sql, **values)

    def close(self) -> None:
        """Close every connection, and remove the database if it is a temporary one."""
        self.pool.close()
        if self.is_sqlite:
            self._keeper.close()
        if self._folder is not None:
            self._folder.remove()

    def _keep_log(self) -> None:
        """Hold a connection that is never used: SQLite deletes the log with the last one.

        The pool closes every connection after an error, such as that of a full disk.
        """
        self._keeper = self.engine.raw_connection()
        self._keeper.detach()

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Let mocks that start at the same time wait, so that one of them creates the schema."""
        if self.is_sqlite:
            yield
            return
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_PG_LOCK})")
            try:
                yield
            finally:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_PG_LOCK})")

    def _building(self) -> AbstractContextManager[Connection]:
        """Create tables, all or none where the database can."""
        if self.is_sqlite:
            return self.engine.begin()
        return self.engine.execution_options(isolation_level="READ COMMITTED").begin()

    def _prepare(self, fingerprint: str) -> None:
        """Make sure that the tables are there, and of this contract."""
        try:
            with self._one_at_a_time():
                about = self._about()
                if about is None:
                    self._create(fingerprint)
                    return
        except DBAPIError as error:
            raise StoreError(f"{self}: cannot be used: {_reason(error)}") from None
        if about.get("version") != schema.VERSION:
            raise StoreError(
                f"{self}: created by another version of the mock; export its worlds with that "
                "version (GET /_mock/worlds/{world}/export), or start with a new database"
            )
        if about.get("contract") != fingerprint:
            raise StoreError(
                f"{self}: created under another contract (its schemas or choices differ); "
                "start with that contract, or name a new database"
            )

    def _about(self) -> dict[str, str] | None:
        """Read the table `about` without writing anything; None for an empty database."""
        engine = reading_engine(self.url) if self.is_sqlite else self.engine
        if engine is None:
            return None
        found = inspect(engine).get_table_names()
        if not found:
            return None
        if "about" not in found:
            raise StoreError(f"{self}: holds other tables; name another database")
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT key, value FROM about").all()
        return {str(row[0]): str(row[1]) for row in rows}

    def _create(self, fingerprint: str) -> None:
        dialect = self.engine.dialect.name
        with self._building() as connection:
            for statement in schema.tables(dialect):
                connection.exec_driver_sql(statement)
            about = f"('version', '{schema.VERSION}'), ('contract', '{fingerprint}')"
            connection.exec_driver_sql(f"INSERT INTO about (key, value) VALUES {about}")
            if self.is_sqlite:
                self._create_search_index(connection)
        if not self.is_sqlite:
            self._add_trigrams()

    def _create_search_index(self, connection: Connection) -> None:
        for statement in schema.search_index(self.engine.dialect.name):
            connection.exec_driver_sql(statement)

    def _add_trigrams(self) -> None:
        """Index texts where PostgreSQL has the extension; searches work without it."""
        try:
            with self._building() as connection:
                self._create_search_index(connection)
        except DBAPIError as error:
            _LOG.warning(
                "searches read every text, as pg_trgm is not available: %s", _reason(error)
            )


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]


_PG_LOCK = 4010
_PG_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_PG_ALONE = f"BEGIN; SELECT pg_advisory_xact_lock({_PG_LOCK})"


class _File:
    """The files of an SQLite database, which may be deleted or replaced while it is in use.

    The write-ahead log beside it holds the last writes; it is there from the first write on.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._log_path = path, path.with_name(f"{path.name}-wal")
        self._identity, self._log_identity = _stat(self._path), _stat(self._log_path)
        self._checked = monotonic()

    def check(self) -> None:
        """Raise StoreUnavailable when another file, or none, has this name now."""
        self._checked = monotonic()
        self._log_identity = self._log_identity or _stat(self._log_path)
        for path, known in ((self._path, self._identity), (self._log_path, self._log_identity)):
            if known != _stat(path):
                raise StoreUnavailable(
                    f"the database file {path} was deleted or replaced while the mock was "
                    "running; restart the mock"
                )

    def check_now_and_then(self) -> None:
        """Check once a second, which is enough for reads."""
        if monotonic() - self._checked > 1:
            self.check()


def _stat(path: Path) -> tuple[int, int] | None:
    """Return what distinguishes a file from another of its name; None if it is missing."""
    try:
        found = os.stat(path)  # noqa: PTH116 - three times as fast as Path.stat
    except OSError:
        return None
    return found.st_dev, found.st_ino
