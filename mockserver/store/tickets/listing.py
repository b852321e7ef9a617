"""Pages of tickets: which pass the filters, in order, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.contract.choices import Choices
from mockserver.store.database.database import Database
from mockserver.store.database.transaction import Transaction
from mockserver.store.tickets.filters import SORT_KEYS, Condition, Context, condition
from mockserver.store.worlds.world import Caller


@dataclass(frozen=True, slots=True)
class Page:
    """Rendered tickets of page `number` (from 1) among the `total` that pass the filters."""

    rows: list[bytes]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))


class Listing:
    """Lists the tickets of a world: the rows of its own layer, and the seeded ones not in it."""

    def __init__(self, database: Database, choices: Choices) -> None:
        self._database = database
        self._choices = choices

    def page(
        self, caller: Caller, given: Mapping[str, Any], sort: Sequence[str], number: int, size: int
    ) -> Page:
        """Return a page: `given` maps filters to typed values, `sort` such as `-created_at`."""
        context = Context(caller.user, self._choices, sqlite=self._database.is_sqlite)
        filters = condition(given, context)
        query = _Query(filters, sort, changed=caller.world.changes > 0)
        values = {"workspace": caller.workspace, **filters.values}
        wanted = slice((number - 1) * size, number * size)
        read = _read_counted if filters.counted else _read_with_total
        with self._database.read(caller.world) as transaction:
            rows, total = read(transaction, query, values, wanted)
        return Page(rows, number, size, total)


def _read_counted(
    transaction: Transaction, query: "_Query", values: Mapping[str, Any], wanted: slice
) -> tuple[list[bytes], int]:
    """Read the total from the counts, and the page from the end that is nearer."""
    total = int(transaction.value(query.sum_of_counts(), **values) or 0)
    stop = min(wanted.stop, total)
    if wanted.start >= stop:
        return [], total
    backwards = wanted.start > total // 2
    offset = total - stop if backwards else wanted.start
    limits = {"limit": stop - wanted.start, "offset": offset}
    rows = [row[0] for row in transaction.all(query.page(backwards), **values, **limits)]
    return (rows[::-1] if backwards else rows), total


def _read_with_total(
    transaction: Transaction, query: "_Query", values: Mapping[str, Any], wanted: slice
) -> tuple[list[bytes], int]:
    """Read a page and the total together, where tickets must be found to be counted."""
    limits = {"limit": wanted.stop - wanted.start, "offset": wanted.start}
    rows = transaction.all(query.page_with_total(), **values, **limits)
    if rows or not wanted.start:
        return [row[0] for row in rows], int(rows[0][1]) if rows else 0
    return [], int(transaction.value(query.count(), **values))


class _Query:
    """Builds the statements of one list."""

    def __init__(self, filters: Condition, sort: Sequence[str], *, changed: bool) -> None:
        self._filters = filters
        self._changed = changed
        descending = {SORT_KEYS[key.removeprefix("-")]: key.startswith("-") for key in sort}
        # Ties follow the direction of the last key.
        self._descending = descending | {"id": sort[-1].startswith("-")}

    def sum_of_counts(self) -> str:
        layers = "layer IN (:layer, :base)" if self._changed else "layer = :base"
        return (
            f"SELECT SUM(tickets) FROM ticket_counts"
            f" WHERE {layers} AND workspace = :workspace AND {self._filters.sql}"
        )

    def count(self) -> str:
        return f"SELECT count(*) FROM ({self._rows()}) AS found"

    def page(self, backwards: bool) -> str:
        order = self._order(backwards=backwards)
        page = f"{self._rows()} ORDER BY {order} LIMIT :limit OFFSET :offset"
        return f"SELECT item FROM ({page}) AS page JOIN items USING (layer, id) ORDER BY {order}"

    def page_with_total(self) -> str:
        """Return the items of a page, in order, each with the number of all that were found."""
        page = f"SELECT * FROM found ORDER BY {self._order()} LIMIT :limit OFFSET :offset"
        return (
            f"WITH found AS ({self._rows()})"  # used twice, it is computed once
            f" SELECT item, (SELECT count(*) FROM found)"
            f" FROM ({page}) AS page JOIN items USING (layer, id) ORDER BY {self._order()}"
        )

    def _order(self, *, backwards: bool = False) -> str:
        return ", ".join(
            f"{name} {'DESC' if descending is not backwards else 'ASC'}"
            for name, descending in self._descending.items()
        )

    def _rows(self) -> str:
        """Choose the rows that pass, and of a ticket the row of the world's own layer."""
        replaced = "SELECT 1 FROM tickets AS own WHERE own.layer = :layer AND own.id = tickets.id"
        if self._filters.indexed:
            return self._rows_of_both_layers(replaced)
        seeded = self._rows_of_layer(":base")
        if not self._changed:
            return seeded
        return f"{seeded} AND NOT EXISTS ({replaced}) UNION ALL {self._rows_of_layer(':layer')}"

    def _rows_of_layer(self, layer: str) -> str:
        return (
            f"SELECT layer, {', '.join(self._descending)} FROM tickets"
            f" WHERE layer = {layer} AND workspace = :workspace"
            f" AND {self._filters.sql.format(layer=layer)}"
        )

    def _rows_of_both_layers(self, replaced: str) -> str:
        """Choose the rows of both layers at once, so that a text is searched for only once."""
        # As parts of expressions, layer and workspace keep SQLite from reading every row in the
        # order of another index, with a lookup of each text among those found.
        own = f" AND (layer + 0 = :layer OR NOT EXISTS ({replaced}))" if self._changed else ""
        return (
            f"SELECT layer, {', '.join(self._descending)} FROM tickets"
            f" WHERE layer + 0 IN (:base, :layer) AND workspace + 0 = :workspace"
            f" AND {self._filters.sql.format(layer='tickets.layer')}{own}"
        )
