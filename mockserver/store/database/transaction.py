"""What is done between begin and commit: statements, compiled once, on the driver's cursor."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Compiled, Engine
from sqlalchemy.sql import ClauseElement

Row = Sequence[Any]


class Statement:
    """A statement compiled for one dialect on first use, and run on the driver's own cursor.

    SQLAlchemy builds and compiles it; executing it through SQLAlchemy as well would
    cost several times what the query itself does.
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
            return {name: _without_nul(value) for name, value in together.items()}
        return [together[name] for name in self._names]

    def bind_all(self, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
        found = list(rows)
        names = self._names or ()
        if not found or len(names) < 2 or any(name not in found[0] for name in names):
            return [self.bind(row) for row in found]
        return list(map(itemgetter(*names), found))

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


class Transaction:
    """The statements that can be run between begin and commit."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def all(self, statement: Statement, **values: Any) -> list[Row]:
        rows: list[Row] = self._run(statement, values).fetchall()
        return rows

    def one(self, statement: Statement, **values: Any) -> Row | None:
        row: Row | None = self._run(statement, values).fetchone()
        return row

    def run(self, statement: Statement, **values: Any) -> int:
        """Run a write and return the number of rows it changed."""
        return int(self._run(statement, values).rowcount)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        bound = statement.bind_all(rows)
        self._connection.cursor().executemany(statement.sql, bound)

    def _run(self, statement: Statement, values: Mapping[str, Any]) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(statement.sql, statement.bind(values))
        return cursor


def _without_nul(value: Any) -> Any:
    """Replace the one character that PostgreSQL stores in no text."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value
