"""Rendered tickets by their id, with the times they are sorted by."""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from mockserver.store.database import Database
from mockserver.store.filters import SORT_KEYS
from mockserver.store.tables import tickets
from mockserver.store.transaction import Row, Transaction

_AT_ONCE = 25
"""Tickets read by one statement: as many as a page has unless told otherwise."""

_KEPT = 10_000
"""Rows of seeded layers that are kept; one takes about 1 kB."""


class Rows:
    """Reads rows; those of seeded layers never change, and are kept as they were read."""

    def __init__(self, database: Database) -> None:
        columns = (tickets.c.item, *SORT_KEYS.values(), tickets.c.id)
        self._select = database.compile(
            select(*columns).where(tickets.c.layer == bindparam("of"), one_of_some())
        )
        self._kept: dict[int, dict[int, Row]] = {}

    def seeded(self, transaction: Transaction, layer: int, ids: Iterable[int]) -> list[Row]:
        """Return the rows of tickets of a seeded layer, in the order of `ids`."""
        kept = self._kept.setdefault(layer, {})
        ids = list(ids)
        found = list(map(kept.get, ids))
        if None not in found:
            return found  # type: ignore[return-value]  # as just seen
        if sum(map(len, self._kept.values())) > _KEPT:
            self._kept = {layer: (kept := {})}
        missing = [id for id, row in zip(ids, found, strict=True) if row is None]
        kept.update({row[-1]: row for row in self.own(transaction, layer, missing)})
        known = {id: row for id, row in zip(ids, found, strict=True) if row is not None} | kept
        return [known[id] for id in ids]

    def own(self, transaction: Transaction, layer: int, ids: Sequence[int]) -> list[Row]:
        """Return the rows of tickets of a world's own layer, in any order."""
        return [
            row for values in some(ids) for row in transaction.all(self._select, of=layer, **values)
        ]


def in_order(rows: Iterable[Row], sort: Sequence[str]) -> list[Row]:
    """Sort rows as asked; ties by id, as the last key runs."""
    found = sorted(rows, key=itemgetter(-1), reverse=sort[-1].startswith("-"))
    for key in reversed(sort):
        column = 1 + list(SORT_KEYS).index(key.removeprefix("-"))
        found.sort(key=itemgetter(column), reverse=key.startswith("-"))
    return found


def one_of_some() -> ColumnElement[bool]:
    """Return the condition that a ticket is one of those that `some` yields values of."""
    return tickets.c.id.in_([bindparam(f"id_{number}") for number in range(_AT_ONCE)])


def some(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield ids as values of one statement, as many at once as it takes."""
    for first in range(0, len(ids), _AT_ONCE):
        these = ids[first : first + _AT_ONCE]
        filled = [*these, *[these[0]] * (_AT_ONCE - len(these))]
        yield {f"id_{number}": id for number, id in enumerate(filled)}
