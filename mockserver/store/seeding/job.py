"""A layer seeded in several transactions; an interrupted job is resumed by the next start."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import bindparam, delete, insert, select, update

from mockserver.seed.records import Workspace
from mockserver.store.database import Database
from mockserver.store.database.schema import layers, seed_jobs
from mockserver.store.database.transaction import Transaction
from mockserver.store.layers import Layers
from mockserver.store.seeding.bulk_insert import Batch, BulkInsert

Progress = Callable[[int], None]

_TOGETHER = 20
"""Batches in one transaction: about 10,000 tickets."""


@dataclass(frozen=True, slots=True)
class SeedSource:
    """What a layer is seeded from: in words, as a fingerprint, and as a function.

    `request` is what a later start needs to resume an interrupted job.
    """

    seed: str
    fingerprint: str
    make: Callable[[], Iterable[Workspace]]
    request: str = ""


class SeedJob:
    """Seeds layers; no world can use a layer before its job is finished."""

    def __init__(self, database: Database, rows: BulkInsert, layers_: Layers) -> None:
        self._database = database
        self._rows = rows
        self._layers = layers_
        compile_ = database.compile
        of_layer = seed_jobs.c.layer == bindparam("of")
        names = ("layer", "fingerprint", "request", "done")
        self._insert = compile_(insert(seed_jobs).values({name: bindparam(name) for name in names}))
        self._all = compile_(
            select(seed_jobs.c.layer, seed_jobs.c.fingerprint, seed_jobs.c.request)
        )
        self._advance = compile_(
            update(seed_jobs)
            .where(of_layer, seed_jobs.c.done == bindparam("before"))
            .values(done=seed_jobs.c.done + 1)
        )
        self._done = compile_(select(seed_jobs.c.done).where(of_layer))
        self._delete = compile_(delete(seed_jobs).where(of_layer))
        self._name = compile_(
            update(layers)
            .where(layers.c.id == bindparam("of"))
            .values(fingerprint=bindparam("fingerprint"))
        )

    def interrupted(self, transaction: Transaction) -> str | None:
        """Return the request of an interrupted job; None if there is none."""
        rows = transaction.all(self._all)
        return str(rows[-1][2]) if rows else None

    def run(self, source: SeedSource, progress: Progress) -> int:
        """Write the batches of a layer that are not written yet, and return the layer."""
        workspaces = list(source.make())
        with self._database.exclusive() as transaction:
            layer = self._layers.seeded(transaction, source.fingerprint)
            if layer is not None:
                return layer
            layer = self._begin(transaction, source)
            row = transaction.one(self._done, of=layer)
        done = row[0] if row else 0
        with _rare_garbage_collection():
            for number, batches in enumerate(_groups(self._rows.batches(layer, workspaces))):
                if number >= done:
                    self._write(layer, number, batches)
                progress(batches[-1].tickets)
        return layer

    def finish(self, transaction: Transaction, layer: int, fingerprint: str) -> None:
        """Let worlds use a layer that is complete."""
        if transaction.run(self._delete, of=layer):
            transaction.run(self._name, of=layer, fingerprint=fingerprint)

    def _begin(self, transaction: Transaction, source: SeedSource) -> int:
        """Return the layer of the interrupted job for this source, or a new one; remove others."""
        found = None
        for layer, fingerprint, _ in transaction.all(self._all):
            if fingerprint == source.fingerprint:
                found = int(layer)
            else:
                transaction.run(self._delete, of=layer)
                self._layers.remove(transaction, layer)
        if found is not None:
            return found
        layer = self._layers.new(transaction, source.seed)
        place = {"layer": layer, "fingerprint": source.fingerprint, "request": source.request}
        transaction.run(self._insert, **place, done=0)
        return layer

    def _write(self, layer: int, number: int, batches: list[Batch]) -> None:
        with self._database.write() as transaction:
            # Another process may run the same job: its batches are kept.
            if transaction.run(self._advance, of=layer, before=number):
                for batch in batches:
                    batch.write(transaction)


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
