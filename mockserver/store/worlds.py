"""Worlds: an immutable seeded layer each, and a thin layer of changes on top."""

from collections.abc import Callable
from time import time
from typing import Any

from mockserver.contract.errors import StoreUnavailable
from mockserver.store.database import Database
from mockserver.store.growing import Growth, Progress, Source
from mockserver.store.layers import Layers
from mockserver.store.planting import Planter
from mockserver.store.transaction import Transaction
from mockserver.store.usage import Usage
from mockserver.store.world import NAME, SHARED, Caller, World, WorldEntry
from mockserver.store.worldrows import WorldRows

Listener = Callable[[World], None]


class Worlds:
    """Opens, resets and removes worlds; at most `limit` private ones stay, those used last.

    `on_reset` is called with each world that was reset or replaced, `on_gone` with each
    that was deleted or evicted.
    """

    def __init__(
        self, database: Database, planter: Planter, layers: Layers, limit: int, *, shared: bool
    ) -> None:
        self.limit = limit
        self.on_reset: list[Listener] = []
        self.on_gone: list[Listener] = []
        self._database = database
        self._planter = planter
        self._layers = layers
        self._growth = Growth(database, planter, layers)
        self._rows = WorldRows(database)
        self._usage = Usage(database, often=shared)

    def found(self, source: Source, progress: Progress = lambda _: None) -> World:
        """Make the shared world upon a seeded layer, unless this database has one.

        `progress` hears how many tickets stand. A planting that broke off is gone on with.
        """
        with self._database.read() as transaction:
            standing = self._world(transaction, SHARED)
        if standing is not None:
            return standing
        base = self._growth.grow(source, progress)
        with self._database.rearrange() as transaction:
            self._growth.finish(transaction, base, source.fingerprint)
            return self._world(transaction, SHARED) or self._insert(transaction, SHARED, base, None)

    def begun(self) -> str | None:
        """Return what was asked of a planting that broke off; None: there is no such one."""
        with self._database.read() as transaction:
            return self._growth.begun(transaction)

    def seed(self) -> str | None:
        """Return in words what the shared world was made from; None: there is none yet."""
        entry = self.entry(SHARED)
        return entry.seed if entry else None

    def caller(self, token: str) -> Caller | None:
        """Return whom an active token stands for; a name after `@` opens a private world."""
        plain, at, name = token.partition("@")
        if at and not NAME.fullmatch(name):
            return None
        name = name or SHARED
        caller = self._recognise(plain, name) or self._first_visit(plain, name)
        if caller is not None:
            self.use(caller.world)
        return caller

    def use(self, world: World) -> None:
        """Note that a world was asked for: of the private ones the least used must go first."""
        if self._usage.touch(world.layer):
            with self._database.write() as transaction:
                self._usage.flush(transaction)

    def entry(self, name: str) -> WorldEntry | None:
        row = self._database.one(self._rows.entry, name=name)
        return _entry(row) if row else None

    def entries(self) -> list[WorldEntry]:
        """Return the shared world, then the private ones, those used last first."""
        with self._database.write() as transaction:
            self._usage.flush(transaction)
            found = [_entry(row) for row in transaction.all(self._rows.entries)]
        return sorted(found, key=lambda entry: entry.world.name != SHARED)

    def tokens(self, world: World) -> list[tuple[Any, ...]]:
        """Return token, state, readonly, user's id, name, e-mail, workspace's id and name."""
        with self._database.read() as transaction:
            return [tuple(row) for row in transaction.all(self._rows.tokens, base=world.base)]

    def open(
        self, name: str, source: Source | None = None, clock: int | None = None
    ) -> World | None:
        """Open a private world, of the shared world's seed by itself; None: the name is taken."""
        with self._database.rearrange() as transaction:
            if self._world(transaction, name) is not None:
                return None
            base = self._base(transaction, source) if source else self._shared(transaction).base
            world = self._insert(transaction, name, base, clock)
            evicted = self._evict(transaction, world.layer)
        _tell(self.on_gone, *evicted)
        return world

    def replace(self, name: str, source: Source) -> World:
        """Give a world another seed, or open it with that one; its own changes go."""
        with self._database.rearrange() as transaction:
            old = self._world(transaction, name)
            base = self._base(transaction, source)
            if old is None:
                new = self._insert(transaction, name, base, None)
                gone = self._evict(transaction, new.layer)
            else:
                new, gone = self._put_upon(transaction, old, base), []
        _tell(self.on_gone, *gone)
        if old is not None:
            _tell(self.on_reset, old)
        return new

    def reseed(self, source: Source) -> None:
        """Put the shared world, and all of its seed, upon another one; their changes stay."""
        with self._database.rearrange() as transaction:
            old, base = self._shared(transaction).base, self._base(transaction, source)
            if base == old:
                return
            for (layer,) in transaction.all(self._rows.standing_on, base=old):
                transaction.one(self._rows.lock, of=layer)
                younger = self._layers.new(transaction)
                self._layers.copy(transaction, layer, younger)
                transaction.run(self._rows.rebase, of=layer, layer=younger, base=base)
                self._layers.remove(transaction, layer)
            self._layers.sweep(transaction, old)

    def reset(self, world: World) -> None:
        """Put a world back to its seed, and its clock to the first one."""
        with self._database.rearrange() as transaction:
            transaction.one(self._rows.lock, of=world.layer)
            self._layers.clear(transaction, world.layer)
            transaction.run(self._rows.reset, of=world.layer)
        _tell(self.on_reset, world)

    def delete(self, world: World) -> None:
        with self._database.rearrange() as transaction:
            self._remove(transaction, world.name, world.layer, world.base)
        _tell(self.on_gone, world)

    def set_clock(self, world: World, clock: int | None, since: int | None) -> None:
        with self._database.write() as transaction:
            transaction.run(self._rows.set_clock, of=world.layer, clock=clock, since=since)

    def next_act(self, world: World) -> int:
        """Count an act of the busy colleagues and return its number; raises StoreUnavailable."""
        with self._database.write() as transaction:
            row = transaction.one(self._rows.next_act, of=world.layer)
        if row is None:
            raise StoreUnavailable(f"world {world.name} has gone meanwhile")
        return int(row[0])

    def _first_visit(self, plain: str, name: str) -> Caller | None:
        """Open the world if it is not there; look again, as another process may have opened it."""
        if self._database.one(self._rows.world, name=name) is None:
            if self._recognise(plain, SHARED) is None:
                return None
            self.open(name)
        with self._database.write() as transaction:  # a reading under way sees no new world
            return _caller(transaction.one(self._rows.caller, token=plain, name=name), name)

    def _recognise(self, plain: str, name: str) -> Caller | None:
        return _caller(self._database.one(self._rows.caller, token=plain, name=name), name)

    def _world(self, transaction: Transaction, name: str) -> World | None:
        row = transaction.one(self._rows.world, name=name)
        return World(*row) if row else None

    def _shared(self, transaction: Transaction) -> World:
        shared = self._world(transaction, SHARED)
        assert shared is not None, "founded before anything is asked of the store"
        return shared

    def _base(self, transaction: Transaction, source: Source) -> int:
        base = self._layers.seeded(transaction, source.fingerprint)
        if base is None:
            base = self._layers.new(transaction, source.seed, source.fingerprint)
            self._planter.plant(transaction, base, source.make())
        return base

    def _insert(self, transaction: Transaction, name: str, base: int, clock: int | None) -> World:
        layer, now = self._layers.new(transaction), int(time())
        values = {"layer": layer, "name": name, "base": base, "clock": clock, "now": now}
        transaction.run(self._rows.insert, **values)
        return World(name, layer, base, 0, clock)

    def _put_upon(self, transaction: Transaction, old: World, base: int) -> World:
        """Give a world another base and an empty layer of its own."""
        transaction.one(self._rows.lock, of=old.layer)
        # A world's own layer is younger than its base: the merge of both relies on it.
        layer = self._layers.new(transaction)
        transaction.run(self._rows.move, of=old.layer, layer=layer, base=base)
        self._layers.remove(transaction, old.layer)
        self._layers.sweep(transaction, old.base)
        return World(old.name, layer, base, 0, old.clock, old.since)

    def _evict(self, transaction: Transaction, newest: int) -> list[World]:
        """Make room for a new world; the least recently used go, the shared one never.

        Return those that went.
        """
        row = transaction.one(self._rows.count, shared=SHARED)
        excess = int(row[0]) - self.limit if row else 0
        if excess <= 0:
            return []
        self._usage.flush(transaction)
        keep = {"shared": SHARED, "newest": newest, "excess": excess}
        rows = transaction.all(self._rows.least_used, **keep)
        found = [World(name, layer, base, 0) for name, layer, base in rows]
        for world in found:
            self._remove(transaction, world.name, world.layer, world.base)
        return found

    def _remove(self, transaction: Transaction, name: str, layer: int, base: int) -> None:
        transaction.one(self._rows.lock, of=layer)
        kept = transaction.all(self._rows.snapshots, world=name)
        transaction.run(self._rows.delete_snapshots, world=name)
        transaction.run(self._rows.delete, of=layer)
        for own in (layer, *(row[0] for row in kept)):
            self._layers.remove(transaction, own)
        for seeded in {base, *(row[1] for row in kept)}:
            self._layers.sweep(transaction, seeded)


def _tell(listeners: list[Listener], *worlds: World) -> None:
    for world in worlds:
        for listener in listeners:
            listener(world)


def _caller(row: Any, name: str) -> Caller | None:
    if row is None:
        return None
    *facts, user, workspace, readonly = row
    world = World(name, *facts)
    return Caller(world, user, workspace, bool(readonly))


def _entry(row: Any) -> WorldEntry:
    return WorldEntry(World(*row[:6]), *row[6:])
