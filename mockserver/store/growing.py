"""A seeded layer planted in several transactions: one that breaks off is gone on with."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import bindparam, delete, insert, select, update

from mockserver.seed.records import Workspace
from mockserver.store.database import Database
from mockserver.store.layers import Layers
from mockserver.store.planting import Planter, Step
from mockserver.store.tables import layers, plantings
from mockserver.store.transaction import Transaction

Progress = Callable[[int], None]

_TOGETHER = 20
"""Steps of a planting in one transaction: about 10,000 tickets, two seconds' work."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a seeded layer is made from: in words, as a fingerprint, and the making itself.

    `asked` is what a later start needs to make the same again, should a planting break off.
    """

    seed: str
    fingerprint: str
    make: Callable[[], Iterable[Workspace]]
    asked: str = ""


class Growth:
    """Plants layers; until one is finished, no world can stand on it."""

    def __init__(self, database: Database, planter: Planter, layers_: Layers) -> None:
        self._database = database
        self._planter = planter
        self._layers = layers_
        compile_ = database.compile
        of_layer = plantings.c.layer == bindparam("of")
        names = ("layer", "fingerprint", "asked", "done")
        self._insert = compile_(insert(plantings).values({name: bindparam(name) for name in names}))
        self._all = compile_(select(plantings.c.layer, plantings.c.fingerprint, plantings.c.asked))
        self._advance = compile_(
            update(plantings)
            .where(of_layer, plantings.c.done == bindparam("before"))
            .values(done=plantings.c.done + 1)
        )
        self._done = compile_(select(plantings.c.done).where(of_layer))
        self._delete = compile_(delete(plantings).where(of_layer))
        self._name = compile_(
            update(layers)
            .where(layers.c.id == bindparam("of"))
            .values(fingerprint=bindparam("fingerprint"))
        )

    def begun(self, transaction: Transaction) -> str | None:
        """Return what was asked of a planting that broke off; None: there is no such one."""
        rows = transaction.all(self._all)
        return str(rows[-1][2]) if rows else None

    def grow(self, source: Source, progress: Progress) -> int:
        """Plant all of a layer but its name; what stands of it already is made, not written."""
        workspaces = list(source.make())
        with self._database.rearrange() as transaction:
            layer = self._layers.seeded(transaction, source.fingerprint)
            if layer is not None:
                return layer
            layer = self._begin(transaction, source)
            row = transaction.one(self._done, of=layer)
        done = row[0] if row else 0
        with _seldom_collected():
            for number, steps in enumerate(_groups(self._planter.steps(layer, workspaces))):
                if number >= done:
                    self._write(layer, number, steps)
                progress(steps[-1].tickets)
        return layer

    def finish(self, transaction: Transaction, layer: int, fingerprint: str) -> None:
        """Let worlds stand on a layer that is planted."""
        if transaction.run(self._delete, of=layer):
            transaction.run(self._name, of=layer, fingerprint=fingerprint)

    def _begin(self, transaction: Transaction, source: Source) -> int:
        """Return the layer of a planting that broke off, or a new one; others are given up."""
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
        place = {"layer": layer, "fingerprint": source.fingerprint, "asked": source.asked}
        transaction.run(self._insert, **place, done=0)
        return layer

    def _write(self, layer: int, number: int, steps: list[Step]) -> None:
        with self._database.write() as transaction:
            # Another process may plant the same: what it has written stands.
            if transaction.run(self._advance, of=layer, before=number):
                for step in steps:
                    step.write(transaction)


def _groups(steps: Iterator[Step]) -> Iterator[list[Step]]:
    while group := list(islice(steps, _TOGETHER)):
        yield group


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Let Python look for circular garbage seldom: a planting makes much, hardly any of it so."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
