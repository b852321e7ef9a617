"""Layers: created, emptied, copied, and removed when no world uses them any more.

Every function works within the caller's transaction.
"""

from mockserver.contract.errors import StoreUnavailable
from mockserver.store.database.schema import COLUMNS, OF_A_LAYER
from mockserver.store.database.transaction import Transaction

_DELETE_UNSHARED_TEXTS = """
DELETE FROM texts
WHERE key IN (SELECT text FROM tickets WHERE layer = :layer)
  AND NOT EXISTS (SELECT 1 FROM tickets WHERE text = texts.key AND layer <> :layer)
"""
_IS_USED = """
SELECT 1 FROM worlds WHERE base = :layer
UNION ALL SELECT 1 FROM snapshots WHERE base = :layer
"""
_INSERT = """
INSERT INTO layers (seed, fingerprint, recipe) VALUES (:seed, :fingerprint, :recipe) RETURNING id
"""
_CLEAR = (
    _DELETE_UNSHARED_TEXTS,
    *(f"DELETE FROM {table} WHERE layer = :layer" for table in OF_A_LAYER),
)


def new_layer(
    transaction: Transaction,
    seed: str | None = None,
    fingerprint: str | None = None,
    recipe: str | None = None,
) -> int:
    values = {"seed": seed, "fingerprint": fingerprint, "recipe": recipe}
    return int(transaction.value(_INSERT, **values))


def seeded_layer(transaction: Transaction, fingerprint: str) -> int | None:
    """Return the layer that was seeded from what has this fingerprint; None if there is none."""
    sql = "SELECT id FROM layers WHERE fingerprint = :fingerprint"
    row = transaction.one(sql, fingerprint=fingerprint)
    return int(row[0]) if row else None


def lock_layer(transaction: Transaction, layer: int) -> bool:
    """Lock the world of a layer, so that its writers wait; return False if it was deleted."""
    sql = f"SELECT 1 FROM worlds WHERE layer = :layer{transaction.for_update}"
    return transaction.one(sql, layer=layer) is not None


def lock_world(transaction: Transaction) -> None:
    """Let writers of the world pass one by one; raises StoreUnavailable when it is gone."""
    if not lock_layer(transaction, transaction.world.layer):
        raise StoreUnavailable(f"world {transaction.world.name} was deleted meanwhile")


def clear_layer(transaction: Transaction, layer: int) -> None:
    for sql in _CLEAR:
        transaction.run(sql, layer=layer)


def copy_layer(transaction: Transaction, source: int, target: int) -> None:
    for table in OF_A_LAYER:
        copy_rows(transaction, table, source, target)


def copy_rows(
    transaction: Transaction, table: str, source: int, target: int, where: str = "", **values: int
) -> None:
    """Copy the rows of a layer, or those that `where` selects, into another layer."""
    # Activities are numbered by the database, so they are copied in their order.
    generated = ("layer", "id") if table == "activities" else ("layer",)
    names = ", ".join(name for name in COLUMNS[table] if name not in generated)
    order = "ORDER BY id" if table == "activities" else ""
    transaction.run(
        f"INSERT INTO {table} (layer, {names}) "
        f"SELECT :target, {names} FROM {table} WHERE layer = :source {where} {order}",
        source=source,
        target=target,
        **values,
    )


def remove_layer(transaction: Transaction, layer: int) -> None:
    clear_layer(transaction, layer)
    transaction.run("DELETE FROM layers WHERE id = :layer", layer=layer)


def remove_unused(transaction: Transaction, base: int) -> None:
    """Remove a seeded layer if no world and no snapshot uses it any more."""
    if transaction.one(_IS_USED, layer=base) is None:
        remove_layer(transaction, base)
