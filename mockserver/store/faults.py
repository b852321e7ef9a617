"""Faults that the admin API added, for every process that uses the database."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select

from mockserver.store.database import Database
from mockserver.store.database.schema import faults

MOST_FAULTS = 100
"""Faults that a world may have."""


class FaultRow(NamedTuple):
    """A fault as it is written; `kept` ones came with their world and outlive its reset."""

    id: int
    world: str
    text: str
    kept: bool


class StoredFaults:
    """A world is known by its name; `*` stands for every world."""

    def __init__(self, database: Database) -> None:
        self._database = database
        columns = (faults.c.id, faults.c.world, faults.c.fault, faults.c.kept)
        of_world = faults.c.world == bindparam("world")
        found = select(*columns).order_by(faults.c.id)
        self._all = database.compile(found)
        self._met_by = database.compile(found.where(or_(of_world, faults.c.world == "*")))
        self._count = database.compile(select(func.count()).select_from(faults).where(of_world))
        self._insert = database.compile(
            insert(faults)
            .values(world=bindparam("world"), fault=bindparam("fault"), kept=bindparam("kept"))
            .returning(faults.c.id)
        )
        self._delete = database.compile(delete(faults).where(faults.c.id == bindparam("of")))

    def rows(self, world: str | None = None) -> list[FaultRow]:
        """Return the faults of all worlds, or those that one world meets."""
        with self._database.read() as transaction:
            if world is None:
                found = transaction.all(self._all)
            else:
                found = transaction.all(self._met_by, world=world)
        return [FaultRow(id, name, text, bool(kept)) for id, name, text, kept in found]

    def add(self, world: str, text: str, *, kept: bool) -> int | None:
        """Add a fault and return its id; None if its world has as many as it may."""
        with self._database.write() as transaction:
            counted = transaction.one(self._count, world=world)
            if counted is not None and counted[0] >= MOST_FAULTS:
                return None
            row = transaction.one(self._insert, world=world, fault=text, kept=int(kept))
        assert row is not None
        return int(row[0])

    def new_id(self) -> int:
        """Return an id that no fault in the database has, or will have."""
        with self._database.write() as transaction:
            row = transaction.one(self._insert, world="", fault="", kept=0)
            assert row is not None
            transaction.run(self._delete, of=row[0])
        return int(row[0])

    def delete(self, ids: Iterable[int]) -> None:
        found = [{"of": id} for id in ids]
        if found:
            with self._database.write() as transaction:
                transaction.many(self._delete, found)
