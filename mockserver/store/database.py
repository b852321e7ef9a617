"""One door to the database: statements compiled once, transactions, refusals."""

import contextlib
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Compiled, Engine, insert, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from mockserver.errors import StoreError, StoreUnavailable
from mockserver.store import tables
from mockserver.store.engines import make_engine, parse_url, reading_engine

Row = Sequence[Any]


class Statement:
    """A statement compiled for one dialect on first use, run on the driver's own cursor.

    SQLAlchemy builds and compiles; running through it as well would cost several
    times what the query itself does.
    """

    def __init__(self, clause: ClauseElement, engine: Engine) -> None:
        self._clause = clause
        self._engine = engine

    @cached_property
    def sql(self) -> str:
        return str(self._compiled)

    def bind(self, values: Mapping[str, Any]) -> Any:
        together = {**self._constants, **values}
        if self._names is None:
            return together
        return [together[name] for name in self._names]

    @cached_property
    def _compiled(self) -> Compiled:
        return self._clause.compile(self._engine, compile_kwargs={"render_postcompile": True})

    @cached_property
    def _constants(self) -> dict[str, Any]:
        return dict(self._compiled.params)

    @cached_property
    def _names(self) -> tuple[str, ...] | None:
        positions = getattr(self._compiled, "positiontup", None)
        return None if positions is None else tuple(positions)

    def bind_all(self, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
        found = list(rows)
        names = self._names or ()
        if not found or len(names) < 2 or any(name not in found[0] for name in names):
            return [self.bind(row) for row in found]
        return list(map(itemgetter(*names), found))


class Transaction:
    """What can be done between begin and commit."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def all(self, statement: Statement, **values: Any) -> list[Row]:
        rows: list[Row] = self._run(statement, values).fetchall()
        return rows

    def one(self, statement: Statement, **values: Any) -> Row | None:
        row: Row | None = self._run(statement, values).fetchone()
        return row

    def run(self, statement: Statement, **values: Any) -> int:
        """Run a write and return how many rows it touched."""
        return int(self._run(statement, values).rowcount)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        bound = statement.bind_all(rows)
        self._connection.cursor().executemany(statement.sql, bound)

    def _run(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(statement.sql, statement.bind(values))
        return cursor


class Database:
    """A database of this product's tables, made on first use.

    Raises StoreError, and leaves the database as it was, for a URL that cannot be
    used, a file that is no database, and tables of another version or contract.
    """

    def __init__(self, url: str | None, fingerprint: str) -> None:
        self._folder: str | None = None
        self._idle: list[Any] = []
        self._open: list[Any] = []
        self._lock = threading.Lock()
        if url is None:
            self._folder = tempfile.mkdtemp(prefix="there-there-mock-")
            url = f"sqlite:///{self._folder}/mock.db"
        self.url = parse_url(url)
        self.engine = make_engine(self.url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        try:
            self._prepare(fingerprint)
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise StoreError(f"{self}: cannot be used: {reason}") from None

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def compile(self, clause: ClauseElement) -> Statement:
        return Statement(clause, self.engine)

    @contextlib.contextmanager
    def read(self) -> Iterator[Transaction]:
        """See one state of the database throughout; raises StoreUnavailable."""
        with self._transaction("BEGIN" if self.is_sqlite else _PG_READ) as transaction:
            yield transaction

    @contextlib.contextmanager
    def write(self) -> Iterator[Transaction]:
        """Change all or nothing; raises StoreUnavailable."""
        with self._transaction("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN") as transaction:
            yield transaction

    def close(self) -> None:
        """Close every connection, and remove the database if it was a temporary one."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(Exception):
                    connection.close()
            self._open.clear()
            self._idle.clear()
        self.engine.dispose()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        errors = self.engine.dialect.dbapi.Error  # type: ignore[union-attr]  # loaded by now
        connection: Any = None
        try:
            connection = self._take()
            connection.cursor().execute(begin)
            yield Transaction(connection)
            connection.commit()
        except errors as error:
            self._discard(connection)
            if _is_bug(error):
                raise
            raise StoreUnavailable(f"the database is out of reach: {error}") from error
        except BaseException:
            connection.rollback()
            self._idle.append(connection)
            raise
        else:
            self._idle.append(connection)

    def _take(self) -> Any:
        """Return an idle connection, or a new one: as many are open as ever were in use at once."""
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> Any:
        pooled = self.engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()  # it is kept here
        with self._lock:
            self._open.append(connection)
        return connection

    def _discard(self, connection: Any) -> None:
        """Close a connection that failed, so that the next transaction opens a new one."""
        if connection is None:
            return
        with self._lock, contextlib.suppress(ValueError):
            self._open.remove(connection)
        with contextlib.suppress(Exception):
            connection.close()

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
        tables.metadata.create_all(self.engine)
        values = {"version": str(tables.VERSION), "contract": fingerprint}
        with self.engine.begin() as connection:
            rows = [{"key": key, "value": value} for key, value in values.items()]
            connection.execute(insert(tables.about), rows)


_PG_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def _is_bug(error: Exception) -> bool:
    """Tell a statement that is wrong from a database that is away."""
    if isinstance(error, sqlite3.Error):
        return error.sqlite_errorname == "SQLITE_ERROR"
    return type(error).__name__ != "OperationalError"
