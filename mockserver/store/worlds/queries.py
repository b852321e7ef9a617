"""The rows of worlds, read and written within the caller's transaction."""

from time import time

from mockserver.store.database.transaction import Row, Transaction
from mockserver.store.worlds.layers import (
    lock_layer,
    new_layer,
    remove_layer,
    remove_unused,
)
from mockserver.store.worlds.world import SHARED, Caller, World, WorldEntry

_WORLD = "worlds.name, worlds.layer, base, changes, clock, since"

WORLD = f"SELECT {_WORLD} FROM worlds WHERE name = :name"

CALLER = """
SELECT worlds.layer, base, changes, clock, since, users.id, users.workspace, tokens.readonly,
    EXISTS (SELECT 1 FROM faults)
FROM worlds
JOIN tokens ON tokens.layer = worlds.base
JOIN users ON users.layer = tokens.layer AND users.id = tokens.user_id
WHERE worlds.name = :name AND token = :token AND state = 'active'
"""
"""All that a request needs to know about its token, in one row."""

_ENTRY = f"""
SELECT {_WORLD}, acts, created, used, layers.seed
FROM worlds JOIN layers ON layers.id = worlds.base
"""
ENTRY = f"{_ENTRY} WHERE name = :name"
ENTRIES = f"{_ENTRY} ORDER BY used DESC, worlds.layer DESC"

TOKENS = """
SELECT token, state, readonly, users.id, users.name, email, workspaces.id, workspaces.name
FROM tokens
JOIN users ON users.layer = tokens.layer AND users.id = tokens.user_id
JOIN workspaces ON workspaces.layer = tokens.layer AND workspaces.id = users.workspace
WHERE tokens.layer = :base
ORDER BY state <> 'active', position
"""
"""The columns of TokenRow."""

_INSERT = """
INSERT INTO worlds (layer, name, base, changes, clock, first_clock, acts, named, created, used)
VALUES (:layer, :name, :base, 0, :clock, :clock, 0, :named, :now, :used)
"""
_EMPTY = """
UPDATE worlds SET layer = :new, base = :base, changes = 0, acts = 0, named = 1 WHERE layer = :layer
"""
REBASE = "UPDATE worlds SET layer = :new, base = :base WHERE layer = :layer"
WITH_BASE = "SELECT layer FROM worlds WHERE base = :base"
_SHOWN = """
SELECT id, item, texts.text AS text FROM tickets JOIN items USING (layer, id)
JOIN texts ON texts.key = tickets.text WHERE layer = {}
"""
_OLD, _NEW = _SHOWN.format(":old"), _SHOWN.format(":new")
DIFFERENT = f"""
SELECT id FROM ({_OLD} EXCEPT {_NEW}) AS removed
UNION SELECT id FROM ({_NEW} EXCEPT {_OLD}) AS added
ORDER BY id
"""
"""Tickets that differ between two layers."""
OWN_TICKETS = """
SELECT worlds.name, tickets.id FROM worlds JOIN tickets ON tickets.layer = worlds.layer
WHERE base = :base ORDER BY worlds.name, tickets.id
"""
RESET = """
UPDATE worlds SET changes = 0, acts = 0, clock = first_clock, since = NULL WHERE layer = :layer
"""
SET_CLOCK = "UPDATE worlds SET clock = :clock, since = :since WHERE layer = :layer"
NEXT_ACT = "UPDATE worlds SET acts = acts + 1 WHERE layer = :layer RETURNING acts"

NUMBER_OF_PRIVATE = "SELECT count(*) FROM worlds WHERE name <> :shared"
LEAST_USED = """
SELECT name, layer, base FROM worlds WHERE name <> :shared AND layer <> :newest
ORDER BY CASE WHEN EXISTS (SELECT 1 FROM snapshots WHERE world = worlds.name) THEN 1 ELSE named END,
used, layer LIMIT :excess
"""
_DELETE = "DELETE FROM worlds WHERE layer = :layer"
_SNAPSHOTS = "SELECT layer, base FROM snapshots WHERE world = :world"
_DELETE_SNAPSHOTS = "DELETE FROM snapshots WHERE world = :world"


def find_world(transaction: Transaction, name: str) -> World | None:
    row = transaction.one(WORLD, name=name)
    return World(*row) if row else None


def shared_world(transaction: Transaction) -> World:
    shared = find_world(transaction, SHARED)
    assert shared is not None, "the shared world is seeded before the store is used"
    return shared


def insert_world(
    transaction: Transaction,
    name: str,
    base: int,
    clock: int | None = None,
    *,
    named: bool = True,
) -> World:
    layer, now = new_layer(transaction), time()
    place = {"layer": layer, "name": name, "base": base, "clock": clock, "named": int(named)}
    transaction.run(_INSERT, **place, now=int(now), used=int(now * 1_000_000))
    return World(name, layer, base, 0, clock)


def rebase_world(transaction: Transaction, old: World, base: int) -> World:
    """Give a world another base and an empty layer of its own."""
    lock_layer(transaction, old.layer)
    # A world's own layer has a higher number than its base: reading relies on it.
    layer = new_layer(transaction)
    transaction.run(_EMPTY, layer=old.layer, new=layer, base=base)
    remove_layer(transaction, old.layer)
    remove_unused(transaction, old.base)
    return World(old.name, layer, base, 0, old.clock, old.since)


def remove_world(transaction: Transaction, world: World) -> None:
    """Remove a world and its snapshots, and the seeded layers that nothing else uses."""
    lock_layer(transaction, world.layer)
    snapshots = transaction.all(_SNAPSHOTS, world=world.name)
    transaction.run(_DELETE_SNAPSHOTS, world=world.name)
    transaction.run(_DELETE, layer=world.layer)
    for own in (world.layer, *(row[0] for row in snapshots)):
        remove_layer(transaction, own)
    for base in {world.base, *(row[1] for row in snapshots)}:
        remove_unused(transaction, base)


def caller_of(row: Row, name: str) -> Caller:
    *facts, user, workspace, readonly, with_faults = row
    return Caller(World(name, *facts), user, workspace, bool(readonly), bool(with_faults))


def entry_of(row: Row) -> WorldEntry:
    acts, created, used, seed = row[6:]
    return WorldEntry(World(*row[:6]), acts, created, used // 1_000_000, seed)
