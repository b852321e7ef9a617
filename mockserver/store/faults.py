"""Faults that the admin API added, for every process that uses the database."""

from collections.abc import Iterable
from typing import NamedTuple

from mockserver.store.database.database import Database

MOST_FAULTS = 100
"""Faults that a world may have."""

_ALL = "SELECT id, world, fault, kept FROM faults ORDER BY id"
_MET_BY = "SELECT id, world, fault, kept FROM faults WHERE world IN (:world, '*') ORDER BY id"
_COUNT = "SELECT count(*) FROM faults WHERE world = :world"
_INSERT = "INSERT INTO faults (world, fault, kept) VALUES (:world, :fault, :kept) RETURNING id"
_DELETE = "DELETE FROM faults WHERE id = :id"


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

    def rows(self, world: str | None = None) -> list[FaultRow]:
        """Return the faults of all worlds, or those that one world meets."""
        with self._database.read() as transaction:
            found = (
                transaction.all(_ALL) if world is None else transaction.all(_MET_BY, world=world)
            )
        return [FaultRow(id, name, text, bool(kept)) for id, name, text, kept in found]

    def add(self, world: str, text: str, *, kept: bool) -> int | None:
        """Add a fault and return its id; None if its world has as many as it may."""
        with self._database.write() as transaction:
            if transaction.value(_COUNT, world=world) >= MOST_FAULTS:
                return None
            return int(transaction.value(_INSERT, world=world, fault=text, kept=int(kept)))

    def new_id(self) -> int:
        """Return an id that no fault in the database has, or will have."""
        with self._database.write() as transaction:
            id = int(transaction.value(_INSERT, world="", fault="", kept=0))
            transaction.run(_DELETE, id=id)
        return id

    def delete(self, ids: Iterable[int]) -> None:
        found = [{"id": id} for id in ids]
        if found:
            with self._database.write() as transaction:
                transaction.many(_DELETE, found)
