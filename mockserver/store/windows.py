"""The windows of rate limits, for every process that serves one state."""

from typing import Any

from sqlalchemy import BigInteger, Float, bindparam, case, delete

from mockserver.store.database import Database
from mockserver.store.sharedtables import windows


class Windows:
    """Counts requests of a user against a limit; `scope` says which limit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._count = database.compile(_counting(database))
        self._drop = database.compile(delete(windows).where(windows.c.ends < bindparam("now")))

    def count(
        self, key: tuple[str, int, int], limit: int, seconds: int, now: float
    ) -> tuple[float, int]:
        """Count a request of scope, layer and user, unless its window is full.

        Return when the window ends, and how many it has let pass before.
        """
        scope, layer, user = key
        values = {"scope": scope, "layer": layer, "user": user, "limit": limit}
        row = self._database.one(self._count, **values, now=now, new_end=now + seconds)
        assert row is not None
        return float(row[0]), int(row[1]) - 1

    def tidy(self, now: float) -> None:
        """Remove windows that have ended."""
        with self._database.write() as transaction:
            transaction.run(self._drop, now=now)


def _counting(database: Database) -> Any:
    """One statement, so that no two processes count the same."""
    now, limit = bindparam("now", type_=Float), bindparam("limit", type_=BigInteger)
    new_end = bindparam("new_end", type_=Float)
    over, full = windows.c.ends <= now, windows.c.used > limit
    key: dict[str, Any] = {name: bindparam(name) for name in ("scope", "layer", "user")}
    begun = database.insert(windows).values(**key, ends=new_end, used=1)
    counted = begun.on_conflict_do_update(
        index_elements=[windows.c.scope, windows.c.layer, windows.c.user],
        set_={
            "ends": case((over, new_end), else_=windows.c.ends),
            "used": case((over, 1), (full, windows.c.used), else_=windows.c.used + 1),
        },
    )
    return counted.returning(windows.c.ends, windows.c.used)
