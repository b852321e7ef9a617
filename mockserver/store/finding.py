"""One ticket found: its newest row, its thread and its log."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.sql import ClauseElement

from mockserver.contract.choices import Choices
from mockserver.store.database import Database
from mockserver.store.render import detail
from mockserver.store.tables import activities, messages, tickets
from mockserver.store.transaction import Statement, Transaction
from mockserver.store.world import World


@dataclass(frozen=True, slots=True)
class Found:
    """The newest row of a ticket, and the layer it stands in.

    Rows that agree in `layer`, `id` and `touched` are the same, and so are their details.
    """

    layer: int
    id: int
    workspace: int
    status: str
    assignee: int | None
    updated: int
    item: bytes
    touched: int | None


class Finder:
    def __init__(self, database: Database, choices: Choices) -> None:
        compile_ = database.compile
        self._by_id = compile_(_newest(tickets.c.id == bindparam("id")))
        self._by_ulid = compile_(_newest(tickets.c.ulid == bindparam("ulid")))
        self._thread = compile_(_entries(messages, newest_first=False))
        newest_first = choices.activity_order == "newest_first"
        self._log = compile_(_entries(activities, newest_first=newest_first))

    def ticket(self, transaction: Transaction, world: World, id: int) -> Found | None:
        return self._one(transaction, self._by_id, world, id=id)

    def ticket_by_ulid(self, transaction: Transaction, world: World, ulid: str) -> Found | None:
        return self._one(transaction, self._by_ulid, world, ulid=ulid.upper())

    def detail(self, transaction: Transaction, world: World, found: Found) -> bytes:
        """Return the rendered ticket with its messages and activities."""
        where = {"layer": world.layer, "base": world.base, "id": found.id}
        thread = [row[0] for row in transaction.all(self._thread, **where)]
        log = [row[0] for row in transaction.all(self._log, **where)]
        return detail(found.item, thread, log)

    def _one(
        self, transaction: Transaction, statement: Statement, world: World, **key: Any
    ) -> Found | None:
        row = transaction.one(statement, layer=world.layer, base=world.base, **key)
        return Found(*row) if row else None


def _newest(condition: Any) -> ClauseElement:
    """A world's own layer is always younger than its base, and so has the higher number."""
    columns = [tickets.c[name] for name in Found.__dataclass_fields__]
    in_layers = tickets.c.layer.in_([bindparam("layer"), bindparam("base")])
    return select(*columns).where(in_layers, condition).order_by(tickets.c.layer.desc()).limit(1)


def _entries(table: Table, *, newest_first: bool) -> ClauseElement:
    in_layers = table.c.layer.in_([bindparam("layer"), bindparam("base")])
    order = [table.c.created, table.c.id]
    return (
        select(table.c.body)
        .where(in_layers, table.c.ticket == bindparam("id"))
        .order_by(*(column.desc() if newest_first else column for column in order))
    )
