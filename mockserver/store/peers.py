"""The processes that serve one state: who is there, and what each alone can tell.

What a process keeps in its memory, such as its journal, it tells when another asks:
a question is a row, and each process looks for such rows from a thread of its own.
"""

import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any

import orjson

from mockserver.contract.errors import StoreUnavailable
from mockserver.store.database import Database
from mockserver.store.peerrows import PeerRows

_LOOK = 0.02
"""Seconds between two looks for questions."""

_BEAT = 0.5
_GLANCE = 0.002
_PATIENCE = 1.0
"""Seconds in which everybody has to answer who may have died meanwhile."""

_LONG_PATIENCE = 5.0
"""The same for those who were heard of since."""

_TIDY = 30.0
_PAUSE = 0.3
"""Seconds until a database that is away is tried again."""

Answerer = Callable[[Any], Any]
"""Takes what is asked and returns the answer, both of what JSON knows."""


class Peers:
    """One of the processes; it becomes known to the others when it first has something to tell."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = PeerRows(database)
        self._answerers: dict[str, Answerer] = {}
        self._chores: list[Callable[[], None]] = [self._tidy]
        self._pid = 0
        self._id = 0
        self._tidied = monotonic()
        self._joining = Lock()
        self._over = Event()
        self._thread: Thread | None = None

    @property
    def id(self) -> int:
        """The number of this process among all that ever were; raises StoreUnavailable."""
        self.join()
        return self._id

    def answers(self, kind: str, answerer: Answerer) -> None:
        """Say who answers questions of a kind; it is called from another thread."""
        self._answerers[kind] = answerer

    def regularly(self, chore: Callable[[], None]) -> None:
        """Say what is to be done twice a second, by every process."""
        self._chores.append(chore)

    def join(self) -> None:
        """Be known to the others from now on; raises StoreUnavailable."""
        if self._pid == os.getpid():
            return
        with self._joining:
            if self._pid != os.getpid():
                self._join()

    def leave(self) -> None:
        """Be known no more."""
        if self._pid != os.getpid() or self._thread is None:
            return
        self._over.set()
        self._thread.join()
        try:
            with self._database.write() as transaction:
                transaction.run(self._rows.leave, process=self._id)
        except StoreUnavailable:
            return  # the others will notice

    def alive(self) -> set[int]:
        """Return the numbers of the processes that were heard of lately."""
        with self._database.read() as transaction:
            return {row[0] for row in transaction.all(self._rows.fresh)}

    def ask(self, kind: str, asked: Any = None) -> list[Any]:
        """Return the answers of all processes that are there; raises StoreUnavailable."""
        self.join()
        with self._database.read() as transaction:
            others = {row[0] for row in transaction.all(self._rows.present)} - {self._id}
        if not others:
            return [self._answerers[kind](asked)]
        values = {"process": self._id, "kind": kind, "asked": orjson.dumps(asked)}
        row = self._database.one(self._rows.ask, **values)
        assert row is not None
        own = self._answerers[kind](asked)
        return [own, *self._collect(int(row[0]), others)]

    def _collect(self, question: int, others: set[int]) -> list[Any]:
        """Wait for the answers, and clear the question away."""
        since = monotonic()
        while True:
            sleep(_GLANCE)
            with self._database.read() as transaction:
                rows = transaction.all(self._rows.collect, question=question)
                found = {int(row[0]): row[1] for row in rows}
                waited = monotonic() - since
                missing = others - set(found)
                if missing and waited > _PATIENCE:
                    missing &= {row[0] for row in transaction.all(self._rows.fresh)}
            if not missing or waited > _LONG_PATIENCE:
                break
        with self._database.write() as transaction:
            transaction.run(self._rows.forget_question, question=question)
            transaction.run(self._rows.forget_answers, question=question)
        return [orjson.loads(body) for body in found.values()]

    def _join(self) -> None:
        row = self._database.one(self._rows.join)
        assert row is not None
        self._id, self._pid = int(row[0]), os.getpid()
        self._over = Event()
        self._thread = Thread(target=self._attend, name="peers", daemon=True)
        self._thread.start()

    def _attend(self) -> None:
        due = 0.0
        while not self._over.wait(_LOOK):
            try:
                if monotonic() >= due:
                    self._do_chores()
                    due = monotonic() + _BEAT
                self._answer_others()
            except StoreUnavailable:
                self._over.wait(_PAUSE)

    def _do_chores(self) -> None:
        with self._database.write() as transaction:
            transaction.run(self._rows.beat, process=self._id)
        for chore in self._chores:
            chore()

    def _answer_others(self) -> None:
        if self._database.one(self._rows.waiting, process=self._id) is None:
            return
        with self._database.read() as transaction:
            found = transaction.all(self._rows.questions, process=self._id)
        for question, kind, asked in found:
            body = orjson.dumps(self._answerers[kind](orjson.loads(asked)))
            with self._database.write() as transaction:
                transaction.run(self._rows.answer, question=question, process=self._id, body=body)

    def _tidy(self) -> None:
        """Remove what processes that died have left."""
        if monotonic() < self._tidied + _TIDY:
            return
        self._tidied = monotonic()
        with self._database.rearrange() as transaction:
            for statement in self._rows.tidy:
                transaction.run(statement)
