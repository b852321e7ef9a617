"""How many tickets a layer has in each group of workspace, status, channel and assignee."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.store.database.transaction import Transaction

GROUP = ("workspace", "status", "channel", "assignee")

_ADD = """
INSERT INTO ticket_counts (layer, workspace, status, channel, assignee, tickets)
VALUES (:layer, :workspace, :status, :channel, :assignee, :tickets)
ON CONFLICT (layer, workspace, status, channel, assignee)
DO UPDATE SET tickets = ticket_counts.tickets + excluded.tickets
"""


def count(transaction: Transaction, layer: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Count new rows of `tickets`."""
    groups = Counter(tuple(row[name] for name in GROUP) for row in rows)
    _add(transaction, layer, groups)


def recount(
    transaction: Transaction, layer: int, before: tuple[Any, ...], after: tuple[Any, ...]
) -> None:
    """Count a ticket in another group; a group has the columns `GROUP`."""
    if before != after:
        _add(transaction, layer, {before: -1, after: 1})


def _add(transaction: Transaction, layer: int, groups: Mapping[tuple[Any, ...], int]) -> None:
    for group, tickets in groups.items():
        values = dict(zip(GROUP, group, strict=True))
        transaction.run(_ADD, layer=layer, tickets=tickets, **values)
