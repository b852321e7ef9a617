"""Layers: created, emptied, copied, and removed when no world uses them any more."""

from typing import Any

from sqlalchemy import ClauseElement, Table, bindparam, delete, exists, insert, select

from mockserver.store.database import Database
from mockserver.store.database.schema import (
    OF_A_LAYER,
    activities,
    layers,
    snapshots,
    texts,
    tickets,
    worlds,
)
from mockserver.store.database.transaction import Transaction


class Layers:
    """Every method works within the caller's transaction."""

    def __init__(self, database: Database) -> None:
        compile_ = database.compile
        new: dict[str, Any] = {name: bindparam(name) for name in ("seed", "fingerprint")}
        self._new = compile_(insert(layers).values(new).returning(layers.c.id))
        self._seeded = compile_(
            select(layers.c.id).where(layers.c.fingerprint == bindparam("fingerprint"))
        )
        self._seed_of = compile_(select(layers.c.seed).where(layers.c.id == bindparam("of")))
        self._clear = [compile_(_unshared_texts())] + [
            compile_(delete(table).where(table.c.layer == bindparam("of"))) for table in OF_A_LAYER
        ]
        self._copy = [compile_(_copy(table)) for table in OF_A_LAYER]
        self._remove = compile_(delete(layers).where(layers.c.id == bindparam("of")))
        self._used = compile_(_used())

    def new(
        self, transaction: Transaction, seed: str | None = None, fingerprint: str | None = None
    ) -> int:
        row = transaction.one(self._new, seed=seed, fingerprint=fingerprint)
        assert row is not None
        return int(row[0])

    def seeded(self, transaction: Transaction, fingerprint: str) -> int | None:
        """Return the layer that was seeded from what has this fingerprint, if there is one."""
        row = transaction.one(self._seeded, fingerprint=fingerprint)
        return int(row[0]) if row else None

    def seed(self, transaction: Transaction, layer: int) -> str:
        """Return in words what a seeded layer was generated from."""
        row = transaction.one(self._seed_of, of=layer)
        assert row is not None
        return str(row[0])

    def clear(self, transaction: Transaction, layer: int) -> None:
        for statement in self._clear:
            transaction.run(statement, of=layer)

    def copy(self, transaction: Transaction, source: int, to: int) -> None:
        for statement in self._copy:
            transaction.run(statement, source=source, to=to)

    def remove(self, transaction: Transaction, layer: int) -> None:
        self.clear(transaction, layer)
        transaction.run(self._remove, of=layer)

    def sweep(self, transaction: Transaction, base: int) -> None:
        """Remove a seeded layer if no world and no snapshot uses it any more."""
        if transaction.one(self._used, base=base) is None:
            self.remove(transaction, base)


def _copy(table: Table) -> ClauseElement:
    """Copy rows in their order, as activities are numbered by the database."""
    generated = {"layer", "id"} if table is activities else {"layer"}
    names = [column.name for column in table.c if column.name not in generated]
    source = select(bindparam("to"), *(table.c[name] for name in names))
    source = source.where(table.c.layer == bindparam("source")).order_by(*table.primary_key)
    return insert(table).from_select(["layer", *names], source)


def _used() -> Any:
    by_world = exists().where(worlds.c.base == bindparam("base"))
    by_snapshot = exists().where(snapshots.c.base == bindparam("base"))
    return select(layers.c.id).where(layers.c.id == bindparam("base"), by_world | by_snapshot)


def _unshared_texts() -> ClauseElement:
    """Delete the search texts that no ticket of another layer uses."""
    own = select(tickets.c.text).where(tickets.c.layer == bindparam("of"))
    other = tickets.alias("other")
    shared = exists().where(other.c.text == texts.c.key, other.c.layer != bindparam("of"))
    return delete(texts).where(texts.c.key.in_(own), ~shared)
