"""The faults in force, and how often each request was made, for every process that serves."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from mockserver.store.database import Database
from mockserver.store.sharedtables import faults, repetitions
from mockserver.store.transaction import Row

_MOST = 50_000
"""Requests whose repetitions are counted; the least recently made go."""


class FaultRows:
    """A fault is an id, a world, a text, and whether it outlives a reset of its world."""

    def __init__(self, database: Database) -> None:
        self._database = database
        compile_ = database.compile
        of_id, of_world = faults.c.id == bindparam("of"), faults.c.world == bindparam("world")
        self._state = compile_(select(func.max(faults.c.id), func.count()).select_from(faults))
        columns = (faults.c.id, faults.c.world, faults.c.text, faults.c.kept)
        self._all = compile_(select(*columns).order_by(faults.c.id))
        self._of_world = compile_(select(*columns).where(of_world))
        names = ("world", "text", "kept")
        self._add = compile_(
            insert(faults).values({name: bindparam(name) for name in names}).returning(faults.c.id)
        )
        self._lift = compile_(delete(faults).where(of_id))
        self._count = compile_(_counting(database))
        self._forget = compile_(
            delete(repetitions).where(repetitions.c.world == bindparam("world"))
        )
        self._forget_all = compile_(delete(repetitions))
        oldest = select(repetitions.c.last).order_by(repetitions.c.last.desc()).offset(_MOST)
        self._trim = compile_(
            delete(repetitions).where(repetitions.c.last <= oldest.limit(1).scalar_subquery())
        )

    def state(self) -> Any:
        """Return what differs whenever the faults differ: numbers are given once, in order."""
        return self._database.one(self._state)

    def all(self) -> list[Row]:
        with self._database.read() as transaction:
            return transaction.all(self._all)

    def add(self, world: str, text: str, most: int, *, kept: bool) -> int | None:
        """Add a fault, unless it is a kept one already there; None: the world has too many."""
        with self._database.rearrange() as transaction:
            found = transaction.all(self._of_world, world=world)
            same = [id for id, _, known, outlives in found if kept and outlives and known == text]
            if same:
                return int(same[0])
            if len(found) >= most:
                return None
            row = transaction.one(self._add, world=world, text=text, kept=int(kept))
            assert row is not None
            return int(row[0])

    def lift(self, ids: Iterable[int], world: str | None) -> None:
        """Lift faults, and count the requests of a world, or of all, from 0."""
        with self._database.rearrange() as transaction:
            for id in ids:
                transaction.run(self._lift, of=id)
            if world is None:
                transaction.run(self._forget_all)
            else:
                transaction.run(self._forget, world=world)

    def times(self, world: str, request: bytes, now: float) -> int:
        """Count one more request of this identity; return how often it came before."""
        row = self._database.one(self._count, world=world, request=request, now=now)
        assert row is not None
        return int(row[0]) - 1

    def tidy(self) -> None:
        with self._database.write() as transaction:
            transaction.run(self._trim)


def _counting(database: Database) -> Any:
    """One statement, so that no two processes count the same."""
    key: dict[str, Any] = {name: bindparam(name) for name in ("world", "request")}
    begun = database.insert(repetitions).values(**key, times=1, last=bindparam("now"))
    counted = begun.on_conflict_do_update(
        index_elements=[repetitions.c.world, repetitions.c.request],
        set_={"times": repetitions.c.times + 1, "last": bindparam("now")},
    )
    return counted.returning(repetitions.c.times)
