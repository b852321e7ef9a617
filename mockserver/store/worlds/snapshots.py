"""Snapshots: a world's own layer and clock, saved under a name."""

from dataclasses import dataclass
from time import time
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from mockserver.contract.errors import StoreUnavailable
from mockserver.seed.clock import Clock
from mockserver.store.database import Database
from mockserver.store.database.schema import snapshots, worlds
from mockserver.store.database.transaction import Transaction
from mockserver.store.layers import Layers
from mockserver.store.world import World

LIMIT = 50
"""Most snapshots of one world."""

_STATE = ("base", "changes", "acts", "clock", "since")


@dataclass(frozen=True, slots=True)
class Snapshot:
    name: str
    created: int
    changes: int


class Snapshots:
    def __init__(self, database: Database, layers: Layers, clock: Clock) -> None:
        self._database = database
        self._layers = layers
        self._clock = clock
        compile_ = database.compile
        of_world = snapshots.c.world == bindparam("world")
        this = (of_world, snapshots.c.name == bindparam("name"))
        listed = (snapshots.c.name, snapshots.c.created, snapshots.c.changes)
        order = (snapshots.c.created, snapshots.c.layer)
        self._list = compile_(select(*listed).where(of_world).order_by(*order))
        self._count = compile_(select(func.count()).select_from(snapshots).where(of_world))
        present = select(*(worlds.c[name] for name in _STATE))
        of_layer = worlds.c.layer == bindparam("of")
        # Locked, so that a writer of another process waits until the copy is whole.
        self._present = compile_(present.where(of_layer).with_for_update())
        state = tuple(snapshots.c[name] for name in ("layer", *_STATE))
        self._find = compile_(select(*state).where(*this))
        self._delete = compile_(delete(snapshots).where(*this))
        names = ("layer", "world", "name", "created", *_STATE)
        self._insert = compile_(insert(snapshots).values({name: bindparam(name) for name in names}))
        self._restore = compile_(
            update(worlds)
            .where(worlds.c.layer == bindparam("of"))
            .values({name: bindparam(f"new_{name}") for name in _STATE})
        )

    def all(self, world: World) -> list[Snapshot]:
        """Return a world's snapshots, oldest first."""
        with self._database.read() as transaction:
            return [Snapshot(*row) for row in transaction.all(self._list, world=world.name)]

    def save(self, world: World, name: str) -> Snapshot | None:
        """Save a world's present state, in place of one of this name; None if it has too many."""
        with self._database.exclusive() as transaction:
            self._drop(transaction, world, name)
            count = transaction.one(self._count, world=world.name)
            if count is None or count[0] >= LIMIT:
                return None
            return self._save(transaction, world, name)

    def restore(self, world: World, name: str) -> bool:
        """Restore a snapshot; return False if it does not exist."""
        with self._database.exclusive() as transaction:
            found = transaction.one(self._find, world=world.name, name=name)
            if found is None:
                return False
            layer, base, changes, acts, clock, since = found
            transaction.one(self._present, of=world.layer)
            self._layers.clear(transaction, world.layer)
            self._layers.copy(transaction, layer, world.layer)
            since = None if since is None else int(time())
            state = dict(zip(_STATE, (base, changes, acts, clock, since), strict=True))
            new = {f"new_{column}": value for column, value in state.items()}
            transaction.run(self._restore, of=world.layer, **new)
            self._layers.sweep(transaction, world.base)
        return True

    def delete(self, world: World, name: str) -> bool:
        """Delete a snapshot; return False if it does not exist."""
        with self._database.exclusive() as transaction:
            return self._drop(transaction, world, name)

    def _save(self, transaction: Transaction, world: World, name: str) -> Snapshot:
        present = transaction.one(self._present, of=world.layer)
        if present is None:
            raise StoreUnavailable(f"world {world.name} was deleted meanwhile")
        state: dict[str, Any] = dict(zip(_STATE, present, strict=True))
        now, layer = int(time()), self._layers.new(transaction)
        if state["clock"] is not None:
            state["clock"] = self._clock.now(state["clock"], state["since"])
        state["since"] = None if state["since"] is None else now
        self._layers.copy(transaction, world.layer, layer)
        place = {"layer": layer, "world": world.name, "name": name, "created": now}
        transaction.run(self._insert, **place, **state)
        return Snapshot(name, now, state["changes"])

    def _drop(self, transaction: Transaction, world: World, name: str) -> bool:
        found = transaction.one(self._find, world=world.name, name=name)
        if found is None:
            return False
        transaction.run(self._delete, world=world.name, name=name)
        self._layers.remove(transaction, found[0])
        self._layers.sweep(transaction, found[1])
        return True
