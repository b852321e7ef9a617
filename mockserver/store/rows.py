"""Rendered tickets by their id, with the times they are sorted by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
"""Rows that are kept of seeded layers, and of worlds' own; one takes about 1 kB."""

_COLUMNS = {key: column for column, key in enumerate(SORT_KEYS, 1)}
"""Where the time of a sort key stands in a row."""

_UNKNOWN: tuple[int, Row] = (-1, ())


class Rows:
    """Reads rows, and keeps them as they were read.

    Those of seeded layers never change; a world's own are known by the state they came with.
    """

    def __init__(self, database: Database) -> None:
        columns = (tickets.c.item, *SORT_KEYS.values(), tickets.c.id)
        chosen = select(*columns).where(tickets.c.layer == bindparam("of"))
        self._some = database.compile(chosen.where(one_of_some()))
        self._one = database.compile(chosen.where(tickets.c.id == bindparam("id")))
        self._kept: dict[int, dict[int, Row]] = {}
        self._own: dict[tuple[int, int], tuple[int, Row]] = {}

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
        kept.update({row[-1]: row for row in self._read(transaction, layer, missing)})
        known = {id: row for id, row in zip(ids, found, strict=True) if row is not None} | kept
        return [known[id] for id in ids]

    def own(self, transaction: Transaction, layer: int, touched: Mapping[int, int]) -> list[Row]:
        """Return rows of a world's own layer, in any order; by their ids: what they came with."""
        known = {id: self._own.get((layer, id), _UNKNOWN) for id in touched}
        missing = [id for id, (state, _) in known.items() if state != touched[id]]
        rows = [row for id, (state, row) in known.items() if state == touched[id]]
        if missing:
            if len(self._own) > _KEPT:
                self._own.clear()
            read = self._read(transaction, layer, missing)
            self._own.update({(layer, row[-1]): (touched[row[-1]], row) for row in read})
            rows += read
        return rows

    def _read(self, transaction: Transaction, layer: int, ids: Sequence[int]) -> list[Row]:
        if len(ids) == 1:
            return transaction.all(self._one, of=layer, id=ids[0])
        parts = (transaction.all(self._some, of=layer, **values) for values in some(ids))
        return [row for rows in parts for row in rows]


def in_order(rows: Iterable[Row], sort: Sequence[str]) -> list[Row]:
    """Sort rows as asked; ties by id, as the last key runs."""
    if len(sort) == 1:
        return sorted(rows, key=itemgetter(_column(sort[0]), -1), reverse=sort[0].startswith("-"))
    found = sorted(rows, key=itemgetter(-1), reverse=sort[-1].startswith("-"))
    for key in reversed(sort):
        found.sort(key=itemgetter(_column(key)), reverse=key.startswith("-"))
    return found


def _column(key: str) -> int:
    return _COLUMNS[key.removeprefix("-")]


def one_of_some() -> ColumnElement[bool]:
    """Return the condition that a ticket is one of those that `some` yields values of."""
    return tickets.c.id.in_([bindparam(f"id_{number}") for number in range(_AT_ONCE)])


def some(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield ids as values of one statement, as many at once as it takes."""
    for first in range(0, len(ids), _AT_ONCE):
        these = ids[first : first + _AT_ONCE]
        filled = [*these, *[these[0]] * (_AT_ONCE - len(these))]
        yield {f"id_{number}": id for number, id in enumerate(filled)}
