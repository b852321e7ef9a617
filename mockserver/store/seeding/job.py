"""A layer seeded in several transactions; an interrupted job is resumed by the next start."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from mockserver.seed.source import SeedSource
from mockserver.store.database import Database
from mockserver.store.database.transaction import Transaction
from mockserver.store.seeding.bulk_insert import Batch, BulkInsert
from mockserver.store.worlds.layers import new_layer, remove_layer, seeded_layer

Progress = Callable[[int], None]

_TOGETHER = 20
"""Batches in one transaction: about 10,000 tickets."""

_INSERT = """
INSERT INTO seed_jobs (layer, fingerprint, request, done)
VALUES (:layer, :fingerprint, :request, 0)
"""
_ALL = "SELECT layer, fingerprint, request FROM seed_jobs"
_DONE = "SELECT done FROM seed_jobs WHERE layer = :layer"
_ADVANCE = "UPDATE seed_jobs SET done = done + 1 WHERE layer = :layer AND done = :done"
_DELETE = "DELETE FROM seed_jobs WHERE layer = :layer"
_COMPLETE = "UPDATE layers SET fingerprint = :fingerprint WHERE id = :layer"


class SeedJob:
    """Seeds layers; no world can use a layer before its job is finished."""

    def __init__(self, database: Database, rows: BulkInsert) -> None:
        self._database = database
        self._rows = rows

    def interrupted(self, transaction: Transaction) -> str | None:
        """Return the request of an interrupted job; None if there is none."""
        rows = transaction.all(_ALL)
        return str(rows[-1][2]) if rows else None

    def run(self, source: SeedSource, progress: Progress) -> int:
        """Write the batches of a layer that are not written yet, and return the layer."""
        workspaces = list(source.make())
        with self._database.exclusive() as transaction:
            layer = seeded_layer(transaction, source.fingerprint)
            if layer is not None:
                return layer
            layer = _begin(transaction, source)
            done = int(transaction.value(_DONE, layer=layer))
        with _rare_garbage_collection():
            for number, batches in enumerate(_groups(self._rows.batches(layer, workspaces))):
                if number >= done:
                    self._write(layer, number, batches)
                progress(batches[-1].tickets)
        return layer

    def finish(self, transaction: Transaction, layer: int, fingerprint: str) -> None:
        """Let worlds use a layer that is complete."""
        if transaction.run(_DELETE, layer=layer):
            transaction.run(_COMPLETE, layer=layer, fingerprint=fingerprint)

    def _write(self, layer: int, number: int, batches: list[Batch]) -> None:
        with self._database.write() as transaction:
            # Another process may run the same job: its batches are kept.
            if transaction.run(_ADVANCE, layer=layer, done=number):
                for batch in batches:
                    batch.write(transaction)


def _begin(transaction: Transaction, source: SeedSource) -> int:
    """Return the layer of the interrupted job for this source, or a new one; remove others."""
    found = None
    for layer, fingerprint, _ in transaction.all(_ALL):
        if fingerprint == source.fingerprint:
            found = int(layer)
        else:
            transaction.run(_DELETE, layer=layer)
            remove_layer(transaction, layer)
    if found is not None:
        return found
    layer = new_layer(transaction, source.seed)
    transaction.run(_INSERT, layer=layer, fingerprint=source.fingerprint, request=source.request)
    return layer


def _groups(batches: Iterator[Batch]) -> Iterator[list[Batch]]:
    while group := list(islice(batches, _TOGETHER)):
        yield group


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    """Collect garbage rarely: records are many, and hardly any of them are in cycles."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
