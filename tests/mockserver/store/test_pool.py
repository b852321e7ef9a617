"""How often the beginning of a transaction is tried."""

from typing import Any

import pytest

from mockserver.contract.errors import StoreBusy, StoreUnavailable
from mockserver.store.database.pool import Block
from mockserver.store.worlds.world import NO_WORLD


class OperationalError(Exception):
    """An error of a PostgreSQL driver, with the code of its kind."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


class FailingPool:
    """Hands out connections of PostgreSQL on which no transaction can begin."""

    is_sqlite = False
    errors = (OperationalError,)

    def __init__(self, sqlstate: str) -> None:
        self._error = OperationalError(sqlstate)
        self.taken = 0
        self.discarded = 0
        self.driver_connection = self

    def take(self) -> Any:
        self.taken += 1
        return self

    def discard(self, _: Any) -> None:
        self.discarded += 1

    def execute(self, _: str) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("sqlstate", "times", "kind"),
    [("55P03", 1, StoreBusy), ("57P01", 2, StoreUnavailable)],
    ids=["a lock that another program holds", "a connection that died while it was idle"],
)
def test_a_lock_is_waited_for_once_and_a_dead_connection_replaced(
    sqlstate: str, times: int, kind: type[Exception]
) -> None:
    pool: Any = FailingPool(sqlstate)
    with pytest.raises(kind), Block(pool, "BEGIN", NO_WORLD, writes=True):
        pass
    assert pool.taken == times
