"""One door to the database: made on first use, entered by transactions, refused with a reason."""

import contextlib
import threading
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from itertools import count
from typing import Any

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Table, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from mockserver.contract.errors import StoreError
from mockserver.store import tables
from mockserver.store.connections import Connections
from mockserver.store.engines import make_engine, parse_url, reading_engine
from mockserver.store.folder import TemporaryFolder
from mockserver.store.transaction import Row, Statement, Transaction
from mockserver.store.work import Reading, Work, is_bug, refuse


class Database:
    """A database of this product's tables, made on first use.

    Raises StoreError, and leaves the database as it was, for a URL that cannot be
    used, a file that is no database, and tables of another version or contract.
    """

    def __init__(self, url: str | None, fingerprint: str) -> None:
        self._folder = TemporaryFolder() if url is None else None
        if self._folder is not None:
            url = f"sqlite:///{self._folder.path}/mock.db"
        self.url = parse_url(str(url))
        self._reading = threading.local()
        self.engine = make_engine(self.url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._connections = Connections(self.engine)
        self._watching: list[tuple[int, Any]] = []
        self._watches = count(1)
        self.prepare(fingerprint)

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def prepare(self, fingerprint: str) -> None:
        """Make sure that the tables are there, and of this contract; raises StoreError."""
        try:
            with self.founding():
                self._prepare(fingerprint)
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise StoreError(f"{self}: cannot be used: {reason}") from None

    def compile(self, clause: ClauseElement) -> Statement:
        return Statement(clause, self.engine)

    def insert(self, table: Table) -> Any:
        """Begin an insertion that can say what becomes of a row which is there already."""
        dialect = import_module(f"sqlalchemy.dialects.{self.engine.dialect.name}")
        return dialect.insert(table)

    def read(self) -> AbstractContextManager[Transaction]:
        """See one state of the database throughout; raises StoreUnavailable.

        Within another reading of the same thread it is that one's state.
        """
        outer = getattr(self._reading, "transaction", None)
        if outer is not None:
            return contextlib.nullcontext(outer)
        return Reading(self._connections, "BEGIN" if self.is_sqlite else _PG_READ, self._reading)

    def write(self) -> AbstractContextManager[Transaction]:
        """Change all or nothing; raises StoreUnavailable."""
        return Work(self._connections, "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")

    def rearrange(self) -> AbstractContextManager[Transaction]:
        """Write as the only one who opens, moves or removes something; raises StoreUnavailable.

        SQLite lets one writer in at a time anyway.
        """
        return Work(self._connections, "BEGIN IMMEDIATE" if self.is_sqlite else _PG_ALONE)

    def one(self, statement: Statement, **values: Any) -> Row | None:
        """Return the first row of a statement: of the reading under way, or else by itself.

        It is sent twice where a connection turns out to be dead. Raises StoreUnavailable.
        """
        outer = getattr(self._reading, "transaction", None)
        if outer is not None:
            row: Row | None = outer.one(statement, **values)
            return row
        bound = statement.bind(values)
        try:
            return self._one(self._connections.take(), statement.sql, bound)
        except self._connections.errors as error:
            if self.is_sqlite or is_bug(error):
                refuse(error)
        try:
            return self._one(self._connections.connect(), statement.sql, bound)
        except self._connections.errors as error:
            refuse(error)

    def version(self) -> Hashable | None:
        """Return what each committed write makes another; None: it cannot be told for little.

        It is asked of a connection that never writes itself. Raises StoreUnavailable.
        """
        if not self.is_sqlite:
            return None
        try:
            number, connection = watching = self._watch()
            version = number, connection.execute("PRAGMA data_version").fetchone()[0]
        except self._connections.errors as error:
            refuse(error)
        self._watching.append(watching)
        return version

    def rest(self) -> None:
        """Close every connection until there is something to do; so a process may fork."""
        watching, self._watching = self._watching, []
        for _, connection in watching:
            self._connections.discard(connection)
        self._connections.close()

    def close(self) -> None:
        """Close every connection, and remove the database if it was a temporary one."""
        self.rest()
        if self._folder is not None and self._folder.is_mine:
            self._folder.remove()

    def outlive(self) -> None:
        """Remove a temporary database in place of the process that made it, which is gone."""
        if self._folder is not None:
            self._folder.remove()

    def _watch(self) -> tuple[int, Any]:
        """Return a connection that nobody else looks at, and its number."""
        try:
            return self._watching.pop()
        except IndexError:
            return next(self._watches), self._connections.connect()

    def _one(self, connection: Any, sql: str, bound: Any) -> Row | None:
        try:
            row: Row | None = connection.execute(sql, bound).fetchone()
        except self._connections.errors:
            self._connections.discard(connection)
            raise
        self._connections.give(connection)
        return row

    @contextlib.contextmanager
    def founding(self) -> Iterator[None]:
        """Let others who start at the same time wait, so that one of them makes the tables."""
        if self.is_sqlite:
            yield
            return
        with self.engine.connect() as connection:
            connection.execute(text(f"SELECT pg_advisory_lock({_PG_LOCK})"))
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock({_PG_LOCK})"))

    def building(self) -> AbstractContextManager[SqlConnection]:
        """Make and remove tables: where the database can, nobody sees some of it only."""
        if self.is_sqlite:
            return self.engine.begin()
        return self.engine.execution_options(isolation_level="READ COMMITTED").begin()

    def _prepare(self, fingerprint: str) -> None:
        about = self._about()
        if about is None:
            self._create(fingerprint)
            return
        if about.get("version") != str(tables.VERSION):
            raise StoreError(
                f"{self}: made by another version of the mock "
                f"(tables {about.get('version')}, here {tables.VERSION}); name a new database"
            )
        if about.get("contract") != fingerprint:
            raise StoreError(
                f"{self}: made under another contract (its schemas or choices of form "
                "differ); start with those, or name a new database"
            )

    def _about(self) -> dict[str, str] | None:
        """Return what a database says of itself, and leave no trace; None: it holds nothing."""
        engine = reading_engine(self.url) if self.is_sqlite else self.engine
        if engine is None:
            return None
        found = inspect(engine).get_table_names()
        if not found:
            return None
        if "about" not in found:
            raise StoreError(f"{self}: holds other tables; name another database")
        with engine.connect() as connection:
            rows = connection.execute(select(tables.about.c.key, tables.about.c.value)).all()
        return {str(row[0]): str(row[1]) for row in rows}

    def _create(self, fingerprint: str) -> None:
        values = {"version": str(tables.VERSION), "contract": fingerprint}
        with self.building() as connection:
            tables.metadata.create_all(connection)
            rows = [{"key": key, "value": value} for key, value in values.items()]
            connection.execute(insert(tables.about), rows)


_PG_LOCK = 4010
_PG_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_PG_ALONE = f"BEGIN; SELECT pg_advisory_xact_lock({_PG_LOCK})"
