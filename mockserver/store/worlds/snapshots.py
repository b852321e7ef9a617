"""Snapshots: a world's own layer and clock, saved under a name."""

from dataclasses import dataclass
from time import time

from mockserver.seed.clock import Clock
from mockserver.store.database.database import Database
from mockserver.store.database.transaction import Transaction
from mockserver.store.worlds.layers import (
    clear_layer,
    copy_layer,
    lock_layer,
    lock_world,
    new_layer,
    remove_layer,
    remove_unused,
)
from mockserver.store.worlds.world import World

MOST_SNAPSHOTS = 50
"""Snapshots that a world may have."""

_ALL = """
SELECT name, created, changes FROM snapshots WHERE world = :world ORDER BY created, layer
"""
_COUNT = "SELECT count(*) FROM snapshots WHERE world = :world"
_FIND = """
SELECT layer, base, changes, acts, clock, since FROM snapshots
WHERE world = :world AND name = :name
"""
_STATE_OF_WORLD = "SELECT base, changes, acts, clock, since FROM worlds WHERE layer = :layer"
_INSERT = """
INSERT INTO snapshots (layer, world, name, created, base, changes, acts, clock, since)
VALUES (:layer, :world, :name, :created, :base, :changes, :acts, :clock, :since)
"""
_RESTORE = """
UPDATE worlds SET base = :base, changes = :changes, acts = :acts, clock = :clock, since = :since
WHERE layer = :layer
"""
_DELETE = "DELETE FROM snapshots WHERE layer = :layer"


@dataclass(frozen=True, slots=True)
class Snapshot:
    name: str
    created: int
    changes: int


class Snapshots:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self, world: World) -> list[Snapshot]:
        """Return a world's snapshots, oldest first."""
        with self._database.read() as transaction:
            return [Snapshot(*row) for row in transaction.all(_ALL, world=world.name)]

    def save(self, world: World, name: str) -> Snapshot | None:
        """Save a world's present state, in place of one of this name; None if it has too many."""
        with self._database.exclusive(world) as transaction:
            _delete(transaction, world, name)
            if transaction.value(_COUNT, world=world.name) >= MOST_SNAPSHOTS:
                return None
            return self._save(transaction, world, name)

    def restore(self, world: World, name: str) -> bool:
        """Restore a snapshot; return False if it does not exist."""
        with self._database.exclusive() as transaction:
            found = transaction.one(_FIND, world=world.name, name=name)
            if found is None:
                return False
            layer, base, changes, acts, clock, since = found
            lock_layer(transaction, world.layer)
            clear_layer(transaction, world.layer)
            copy_layer(transaction, layer, world.layer)
            since = None if since is None else int(time())
            state = {"base": base, "changes": changes, "acts": acts, "clock": clock, "since": since}
            transaction.run(_RESTORE, layer=world.layer, **state)
            remove_unused(transaction, world.base)
        return True

    def delete(self, world: World, name: str) -> bool:
        """Delete a snapshot; return False if it does not exist."""
        with self._database.exclusive() as transaction:
            return _delete(transaction, world, name)

    def _save(self, transaction: Transaction, world: World, name: str) -> Snapshot:
        # Locked, so that a writer of another process waits until the copy is whole.
        lock_world(transaction)
        base, changes, acts, clock, since = transaction.row(_STATE_OF_WORLD, layer=world.layer)
        now, layer = int(time()), new_layer(transaction)
        copy_layer(transaction, world.layer, layer)
        transaction.run(
            _INSERT,
            layer=layer,
            world=world.name,
            name=name,
            created=now,
            base=base,
            changes=changes,
            acts=acts,
            clock=None if clock is None else self._clock.now(clock, since),
            since=None if since is None else now,
        )
        return Snapshot(name, now, changes)


def _delete(transaction: Transaction, world: World, name: str) -> bool:
    found = transaction.one(_FIND, world=world.name, name=name)
    if found is None:
        return False
    transaction.run(_DELETE, layer=found[0])
    remove_layer(transaction, found[0])
    remove_unused(transaction, found[1])
    return True
