"""How many tickets a layer has in each group of workspace, status, channel and assignee."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam

from mockserver.store.database import Database
from mockserver.store.database.schema import UNASSIGNED, ticket_counts
from mockserver.store.database.transaction import Transaction

Standing = tuple[str, int | None]
"""Status and assignee."""


class Counts:
    """Keeps `ticket_counts`, within the caller's transaction."""

    def __init__(self, database: Database) -> None:
        names = [column.name for column in ticket_counts.c]
        insert = database.insert(ticket_counts).values({name: bindparam(name) for name in names})
        self._add = database.compile(
            insert.on_conflict_do_update(
                index_elements=list(ticket_counts.primary_key),
                set_={"tickets": ticket_counts.c.tickets + insert.excluded.tickets},
            )
        )

    def add(self, transaction: Transaction, layer: int, rows: Iterable[dict[str, Any]]) -> None:
        """Count new rows of `tickets`."""
        groups = Counter(
            (row["workspace"], row["status"], row["channel"], row["assignee"]) for row in rows
        )
        for (workspace, status, channel, assignee), number in groups.items():
            self._change(transaction, layer, (workspace, channel), (status, assignee), number)

    def move(
        self,
        transaction: Transaction,
        layer: int,
        group: tuple[int, int],
        before: Standing,
        after: Standing,
    ) -> None:
        """Count a ticket of a workspace and channel under another status or assignee."""
        if before != after:
            self._change(transaction, layer, group, before, -1)
            self._change(transaction, layer, group, after, 1)

    def _change(
        self,
        transaction: Transaction,
        layer: int,
        group: tuple[int, int],
        standing: Standing,
        number: int,
    ) -> None:
        transaction.run(
            self._add,
            layer=layer,
            workspace=group[0],
            channel=group[1],
            status=standing[0],
            assignee=standing[1] or UNASSIGNED,
            tickets=number,
        )
