"""What is done between begin and commit: SQL on the driver's cursor, values given by name."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from mockserver.store.worlds.world import World

Row = Sequence[Any]

_NAMED = re.compile(r"(?<![:\w]):([a-z]\w*)")


class Transaction:
    """Runs statements; `:name` is replaced by a value, `:layer` and `:base` by those of the world.

    They run on the driver's own cursor: executing them through SQLAlchemy would cost
    several times what the queries themselves do.
    """

    def __init__(self, connection: Any, world: World, *, sqlite: bool) -> None:
        self.world = world
        self._layers = {"layer": world.layer, "base": world.base}
        self._connection = connection
        self.is_sqlite = sqlite
        self.for_update = "" if sqlite else " FOR UPDATE"
        """Ends a query that locks its rows; SQLite lets one writer in at a time anyway."""

    def inside(self, world: World) -> "Transaction":
        """Return the same transaction with the layers of another world."""
        return Transaction(self._connection, world, sqlite=self.is_sqlite)

    def all(self, sql: str, **values: Any) -> list[Row]:
        rows: list[Row] = self._run(sql, values).fetchall()
        return rows

    def one(self, sql: str, **values: Any) -> Row | None:
        row: Row | None = self._run(sql, values).fetchone()
        return row

    def row(self, sql: str, **values: Any) -> Row:
        """Return the first row of a query that always has one."""
        found = self.one(sql, **values)
        assert found is not None
        return found

    def value(self, sql: str, **values: Any) -> Any:
        """Return the only value of a query that always has one row."""
        return self.row(sql, **values)[0]

    def run(self, sql: str, **values: Any) -> int:
        """Run a write and return the number of rows it changed."""
        return int(self._run(sql, values).rowcount)

    def many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a write once for each row of values."""
        if not self.is_sqlite:
            sql, rows = _pyformat(sql), [_without_nul(row) for row in rows]
        if rows:
            self._connection.cursor().executemany(sql, rows)

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows that all have the same columns."""
        if rows:
            values = ", ".join(f":{name}" for name in rows[0])
            self.many(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({values})", rows)

    def _run(self, sql: str, given: Mapping[str, Any]) -> Any:
        cursor, values = self._connection.cursor(), {**self._layers, **given}
        if self.is_sqlite:
            return cursor.execute(sql, values)
        return cursor.execute(_pyformat(sql), _without_nul(values))


@lru_cache(maxsize=2_000)
def _pyformat(sql: str) -> str:
    """Spell names as PostgreSQL's driver expects them."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


def _without_nul(values: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the one character that PostgreSQL stores in no text."""
    return {
        name: value.replace("\0", "\ufffd") if isinstance(value, str) else value
        for name, value in values.items()
    }
