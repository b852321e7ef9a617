"""Private worlds and snapshots: an immutable seeded layer, and a layer of changes."""

import logging
from collections.abc import Callable
from time import time
from typing import Any

from mockserver.contract.errors import StoreUnavailable
from mockserver.store.database import Database
from mockserver.store.database.transaction import Transaction
from mockserver.store.layers import Layers
from mockserver.store.seeding.bulk_insert import BulkInsert
from mockserver.store.seeding.job import Progress, SeedJob, SeedSource
from mockserver.store.world import NAME, SHARED, Caller, World, WorldEntry
from mockserver.store.worlds.queries import WorldQueries
from mockserver.store.worlds.usage import Usage

Listener = Callable[[World], None]

_LOG = logging.getLogger("mockserver")


class Worlds:
    """Opens, resets and removes worlds; at most `limit` private ones stay, those used last.

    `on_reset` is called with each world that was reset or replaced, `on_gone` with each
    that was deleted or evicted; `evicted` counts the latter.
    """

    def __init__(self, database: Database, rows: BulkInsert, layers: Layers, limit: int) -> None:
        self.limit = limit
        self.on_reset: list[Listener] = []
        self.on_gone: list[Listener] = []
        self._database = database
        self.evicted = 0
        self._bulk = rows
        self._layers = layers
        self._job = SeedJob(database, rows, layers)
        self._queries = WorldQueries(database)
        self._usage = Usage(database)

    def seed_shared(self, source: SeedSource, progress: Progress = lambda _: None) -> World:
        """Seed the shared world, unless this database has one; resume an interrupted job.

        `progress` is called with the number of tickets written so far.
        """
        with self._database.read() as transaction:
            existing = self._world(transaction, SHARED)
        if existing is not None:
            return existing
        base = self._job.run(source, progress)
        with self._database.exclusive() as transaction:
            self._job.finish(transaction, base, source.fingerprint)
            return self._world(transaction, SHARED) or self._insert(transaction, SHARED, base)

    def interrupted_seed(self) -> str | None:
        """Return the request of an interrupted seeding; None if there is none."""
        with self._database.read() as transaction:
            return self._job.interrupted(transaction)

    def seed(self) -> str | None:
        """Return in words what the shared world was seeded from; None if there is none yet."""
        entry = self.entry(SHARED)
        return entry.seed if entry else None

    def find_caller(self, token: str) -> Caller | None:
        """Return the caller that an active token stands for; None for any other token.

        A name after `@` is a private world, which is opened on first use.
        """
        self.open_on_first_use(token)
        plain, at, name = token.partition("@")
        caller = None if at and not NAME.fullmatch(name) else self._caller(plain, name or SHARED)
        if caller is not None:
            self._usage.note(caller.world.layer)
        return caller

    def open_on_first_use(self, token: str) -> None:
        """Open the private world that an active token names, unless it exists.

        Within a reading it would remain invisible, so this comes before the reading.
        """
        plain, at, name = token.partition("@")
        if not at or not NAME.fullmatch(name):
            return
        if self._database.one(self._queries.world, name=name) is None and self._caller(
            plain, SHARED
        ):
            self.open(name, named=False)

    def entry(self, name: str) -> WorldEntry | None:
        row = self._database.one(self._queries.entry, name=name)
        return _entry(row) if row else None

    def entries(self) -> list[WorldEntry]:
        """Return the shared world, then the private ones, most recently used first."""
        with self._database.read() as transaction:
            found = [_entry(row) for row in transaction.all(self._queries.entries)]
        return sorted(found, key=lambda entry: entry.world.name != SHARED)

    def tokens(self, world: World) -> list[tuple[Any, ...]]:
        """Return token, state, readonly, user's id, name, e-mail, workspace's id and name."""
        with self._database.read() as transaction:
            return [tuple(row) for row in transaction.all(self._queries.tokens, base=world.base)]

    def open(
        self,
        name: str,
        source: SeedSource | None = None,
        clock: int | None = None,
        *,
        named: bool = True,
    ) -> World | None:
        """Open a private world, by default of the shared world's seed; None if the name is taken.

        Worlds that are `named`, rather than opened by a token, are evicted last.
        """
        with self._database.exclusive() as transaction:
            if self._world(transaction, name) is not None:
                return None
            base = self._base(transaction, source) if source else self._shared(transaction).base
            world = self._insert(transaction, name, base, clock, named=named)
            evicted = self._evict(transaction, world.layer)
        _notify(self.on_gone, *evicted)
        return world

    def replace(self, name: str, source: SeedSource) -> World:
        """Give a world another seed, or open it with that one; its changes are dropped."""
        with self._database.exclusive() as transaction:
            old = self._world(transaction, name)
            base = self._base(transaction, source)
            if old is None:
                new = self._insert(transaction, name, base)
                gone = self._evict(transaction, new.layer)
            else:
                new, gone = self._rebase(transaction, old, base), []
        _notify(self.on_gone, *gone)
        if old is not None:
            _notify(self.on_reset, old)
        return new

    def reseed(self, source: SeedSource) -> None:
        """Give the shared world, and all worlds of its seed, another seed; changes are kept."""
        with self._database.exclusive() as transaction:
            old, base = self._shared(transaction).base, self._base(transaction, source)
            if base == old:
                return
            for (layer,) in transaction.all(self._queries.with_base, base=old):
                transaction.one(self._queries.lock, of=layer)
                younger = self._layers.new(transaction)
                self._layers.copy(transaction, layer, younger)
                transaction.run(self._queries.rebase, of=layer, layer=younger, base=base)
                self._layers.remove(transaction, layer)
            self._layers.sweep(transaction, old)

    def reset(self, world: World) -> None:
        """Drop the changes of a world, and set its clock back to the first one."""
        with self._database.exclusive() as transaction:
            transaction.one(self._queries.lock, of=world.layer)
            self._layers.clear(transaction, world.layer)
            transaction.run(self._queries.reset, of=world.layer)
        _notify(self.on_reset, world)

    def delete(self, world: World) -> None:
        with self._database.exclusive() as transaction:
            self._remove(transaction, world.name, world.layer, world.base)
        _notify(self.on_gone, world)

    def set_clock(self, world: World, clock: int | None, since: int | None) -> None:
        with self._database.write() as transaction:
            transaction.run(self._queries.set_clock, of=world.layer, clock=clock, since=since)

    def next_act(self, world: World) -> int:
        """Count an act of the simulated activity and return its number; raises StoreUnavailable."""
        with self._database.write() as transaction:
            row = transaction.one(self._queries.next_act, of=world.layer)
        if row is None:
            raise StoreUnavailable(f"world {world.name} was deleted meanwhile")
        return int(row[0])

    def _caller(self, plain: str, name: str) -> Caller | None:
        return _caller(self._database.one(self._queries.caller, token=plain, name=name), name)

    def _world(self, transaction: Transaction, name: str) -> World | None:
        row = transaction.one(self._queries.world, name=name)
        return World(*row) if row else None

    def _shared(self, transaction: Transaction) -> World:
        shared = self._world(transaction, SHARED)
        assert shared is not None, "the shared world is seeded before the store is used"
        return shared

    def _base(self, transaction: Transaction, source: SeedSource) -> int:
        base = self._layers.seeded(transaction, source.fingerprint)
        if base is None:
            base = self._layers.new(transaction, source.seed, source.fingerprint)
            self._bulk.insert_workspaces(transaction, base, source.make())
        return base

    def _insert(
        self,
        transaction: Transaction,
        name: str,
        base: int,
        clock: int | None = None,
        *,
        named: bool = True,
    ) -> World:
        layer, now = self._layers.new(transaction), time()
        values = {
            "layer": layer,
            "name": name,
            "base": base,
            "clock": clock,
            "named": int(named),
            "now": int(now),
            "used": int(now * 1_000_000),
        }
        transaction.run(self._queries.insert, **values)
        return World(name, layer, base, 0, clock)

    def _rebase(self, transaction: Transaction, old: World, base: int) -> World:
        """Give a world another base and an empty layer of its own."""
        transaction.one(self._queries.lock, of=old.layer)
        # A world's own layer has a higher number than its base: reading relies on it.
        layer = self._layers.new(transaction)
        transaction.run(self._queries.move, of=old.layer, layer=layer, base=base)
        self._layers.remove(transaction, old.layer)
        self._layers.sweep(transaction, old.base)
        return World(old.name, layer, base, 0, old.clock, old.since)

    def _evict(self, transaction: Transaction, newest: int) -> list[World]:
        """Remove the least recently used private worlds above the limit, and return them.

        Worlds that were opened by name are removed last, the shared one never.
        """
        row = transaction.one(self._queries.count, shared=SHARED)
        excess = int(row[0]) - self.limit if row else 0
        if excess <= 0:
            return []
        self._usage.flush(transaction)
        keep = {"shared": SHARED, "newest": newest, "excess": excess}
        rows = transaction.all(self._queries.least_used, **keep)
        found = [World(name, layer, base, 0) for name, layer, base in rows]
        for world in found:
            self._remove(transaction, world.name, world.layer, world.base)
        self._report_eviction(found)
        return found

    def _report_eviction(self, worlds: list[World]) -> None:
        """Log the first eviction; the admin API shows the number of all."""
        if not self.evicted:
            _LOG.warning(
                "more than %d private worlds: the least recently used are removed, first %s; "
                "--max-worlds raises the limit",
                self.limit,
                worlds[0].name,
            )
        self.evicted += len(worlds)

    def _remove(self, transaction: Transaction, name: str, layer: int, base: int) -> None:
        transaction.one(self._queries.lock, of=layer)
        kept = transaction.all(self._queries.snapshots, world=name)
        transaction.run(self._queries.delete_snapshots, world=name)
        transaction.run(self._queries.delete, of=layer)
        for own in (layer, *(row[0] for row in kept)):
            self._layers.remove(transaction, own)
        for seeded in {base, *(row[1] for row in kept)}:
            self._layers.sweep(transaction, seeded)


def _notify(listeners: list[Listener], *worlds: World) -> None:
    for world in worlds:
        for listener in listeners:
            listener(world)


def _caller(row: Any, name: str) -> Caller | None:
    if row is None:
        return None
    *facts, user, workspace, readonly, with_faults = row
    world = World(name, *facts)
    return Caller(world, user, workspace, bool(readonly), bool(with_faults))


def _entry(row: Any) -> WorldEntry:
    acts, created, used, seed = row[6:]
    return WorldEntry(World(*row[:6]), acts, created, used // 1_000_000, seed)
