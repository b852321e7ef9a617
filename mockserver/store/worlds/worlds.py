"""Worlds: opened, replaced, reset, removed and found by token."""

import logging
from collections.abc import Callable
from typing import NamedTuple

from mockserver.contract.errors import StoreUnavailable
from mockserver.seed.source import SeedSource
from mockserver.store.bulk_insert import BulkInsert, Progress
from mockserver.store.database.database import Database
from mockserver.store.database.transaction import Transaction
from mockserver.store.worlds import queries
from mockserver.store.worlds.layers import (
    clear_layer,
    copy_layer,
    lock_layer,
    new_layer,
    remove_layer,
    remove_unused,
    seeded_layer,
)
from mockserver.store.worlds.queries import (
    find_world,
    insert_world,
    rebase_world,
    remove_world,
    shared_world,
)
from mockserver.store.worlds.usage import Usage
from mockserver.store.worlds.world import NAME, SHARED, Caller, TokenRow, World, WorldEntry

Listener = Callable[[World], None]

PREFERRED_TOKEN = "jane"  # noqa: S105 - of the user in the vendor's examples, no secret

_LOG = logging.getLogger("mockserver")


class Reseeded(NamedTuple):
    """How many tickets another seed changed, and the ids of those whose changes a world keeps."""

    tickets: int
    kept: dict[str, list[int]]


class Worlds:
    """Opens, resets and removes worlds; at most `limit` private ones stay, those used last.

    `on_reset` is called with each world that was reset or replaced, `on_gone` with each
    that was deleted or evicted; `evicted` counts the latter.
    """

    def __init__(self, database: Database, rows: BulkInsert, limit: int) -> None:
        self.limit = limit
        self.on_reset: list[Listener] = []
        self.on_gone: list[Listener] = []
        self._database = database
        self.evicted = 0
        self._bulk = rows
        self._usage = Usage(database)

    def seed_shared(self, source: SeedSource, progress: Progress | None = None) -> World:
        """Seed the shared world, unless this database has one.

        All or nothing is written; raises StoreBusy while another mock seeds this database.
        `progress` is called with the number of tickets of each batch that was written.
        """
        with self._database.exclusive() as transaction:
            existing = find_world(transaction, SHARED)
            if existing is not None:
                return existing
            return insert_world(transaction, SHARED, self._base(transaction, source, progress))

    def seed_description(self) -> str | None:
        """Return in words what the shared world was seeded from; None if there is none yet."""
        entry = self.entry(SHARED)
        return entry.seed if entry else None

    def find_caller(self, token: str) -> Caller | None:
        """Return the caller who has an active token; None for any other token.

        A name after `@` is a private world; `open_on_first_use` opens it.
        """
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
        if self._database.one(queries.WORLD, name=name) is None and self._caller(plain, SHARED):
            self.open(name, named=False)

    def entry(self, name: str) -> WorldEntry | None:
        row = self._database.one(queries.ENTRY, name=name)
        return queries.entry_of(row) if row else None

    def entries(self) -> list[WorldEntry]:
        """Return the shared world, then the private ones, most recently used first."""
        with self._database.read() as transaction:
            found = [queries.entry_of(row) for row in transaction.all(queries.ENTRIES)]
        return sorted(found, key=lambda entry: entry.world.name != SHARED)

    def tokens(self, world: World) -> list[TokenRow]:
        """Return the active tokens, then the others, each in the order of the world file."""
        with self._database.read() as transaction:
            return [TokenRow(*row) for row in transaction.all(queries.TOKENS, base=world.base)]

    def active_tokens(self) -> list[TokenRow]:
        """Return the active tokens of the shared world, the preferred one first."""
        entry = self.entry(SHARED)
        known = self.tokens(entry.world) if entry else []
        active = [each for each in known if each.state == "active"]
        return sorted(active, key=lambda each: each.token != PREFERRED_TOKEN)

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
            if find_world(transaction, name) is not None:
                return None
            base = self._base(transaction, source) if source else shared_world(transaction).base
            world = insert_world(transaction, name, base, clock, named=named)
            evicted = self._evict(transaction, world.layer)
        _notify(self.on_gone, *evicted)
        return world

    def replace(self, name: str, source: SeedSource) -> World:
        """Give a world another seed, or open it with that one; its changes are dropped."""
        with self._database.exclusive() as transaction:
            old = find_world(transaction, name)
            base = self._base(transaction, source)
            if old is None:
                new = insert_world(transaction, name, base)
                gone = self._evict(transaction, new.layer)
            else:
                new, gone = rebase_world(transaction, old, base), []
        _notify(self.on_gone, *gone)
        if old is not None:
            _notify(self.on_reset, old)
        return new

    def reseed(self, source: SeedSource) -> Reseeded:
        """Give the shared world, and all worlds of its seed, another seed; changes are kept."""
        with self._database.exclusive() as transaction:
            old, base = shared_world(transaction).base, self._base(transaction, source)
            if base == old:
                return Reseeded(0, {})
            different = {id for (id,) in transaction.all(queries.DIFFERENT, old=old, new=base)}
            for (layer,) in transaction.all(queries.WITH_BASE, base=old):
                lock_layer(transaction, layer)
                younger = new_layer(transaction)
                copy_layer(transaction, layer, younger)
                transaction.run(queries.REBASE, layer=layer, new=younger, base=base)
                remove_layer(transaction, layer)
            kept: dict[str, list[int]] = {}
            for name, id in transaction.all(queries.OWN_TICKETS, base=base):
                if id in different:
                    kept.setdefault(name, []).append(id)
            remove_unused(transaction, old)
        return Reseeded(len(different), kept)

    def reset(self, world: World) -> None:
        """Drop the changes of a world, and set its clock back to the first one."""
        with self._database.exclusive() as transaction:
            lock_layer(transaction, world.layer)
            clear_layer(transaction, world.layer)
            transaction.run(queries.RESET, layer=world.layer)
        _notify(self.on_reset, world)

    def delete(self, world: World) -> None:
        with self._database.exclusive() as transaction:
            remove_world(transaction, world)
        _notify(self.on_gone, world)

    def set_clock(self, world: World, clock: int | None, since: int | None) -> None:
        with self._database.write() as transaction:
            transaction.run(queries.SET_CLOCK, layer=world.layer, clock=clock, since=since)

    def next_act(self, world: World) -> int:
        """Count an act of the simulated activity and return its number; raises StoreUnavailable."""
        with self._database.write() as transaction:
            row = transaction.one(queries.NEXT_ACT, layer=world.layer)
        if row is None:
            raise StoreUnavailable(f"world {world.name} was deleted meanwhile")
        return int(row[0])

    def _caller(self, plain: str, name: str) -> Caller | None:
        row = self._database.one(queries.CALLER, token=plain, name=name)
        return queries.caller_of(row, name) if row else None

    def _base(
        self, transaction: Transaction, source: SeedSource, progress: Progress | None = None
    ) -> int:
        """Return the layer that was seeded from a source, which is seeded now if need be."""
        base = seeded_layer(transaction, source.fingerprint)
        if base is None:
            base = new_layer(transaction, source.seed, source.fingerprint, source.recipe)
            self._bulk.insert_workspaces(transaction, base, source.make(), progress)
        return base

    def _evict(self, transaction: Transaction, newest: int) -> list[World]:
        """Remove the least recently used private worlds above the limit, and return them.

        Worlds that were opened by name, imported or saved are removed last, the shared one never.
        """
        excess = transaction.value(queries.NUMBER_OF_PRIVATE, shared=SHARED) - self.limit
        if excess <= 0:
            return []
        self._usage.flush(transaction)
        keep = {"shared": SHARED, "newest": newest, "excess": excess}
        rows = transaction.all(queries.LEAST_USED, **keep)
        found = [World(name, layer, base, 0) for name, layer, base in rows]
        for world in found:
            remove_world(transaction, world)
        if not self.evicted:  # once; the admin API shows the number of all
            _LOG.warning(
                "more than %d private worlds: the least recently used are removed, first %s; "
                "--max-worlds raises the limit",
                self.limit,
                found[0].name,
            )
        self.evicted += len(found)
        return found


def _notify(listeners: list[Listener], *worlds: World) -> None:
    for world in worlds:
        for listener in listeners:
            listener(world)
