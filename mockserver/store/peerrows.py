"""The statements by which processes know of each other."""

from typing import Any

from sqlalchemy import Float, bindparam, delete, exists, insert, literal_column, select
from sqlalchemy.sql import ColumnElement

from mockserver.store.database import Database
from mockserver.store.sharedtables import answers, processes, questions

_FRESH = 2.5
"""Seconds since a process was last heard of; it says something twice a second."""

_PRESENT = 10.0
"""The same for one that may only be held up."""

_GONE = 60.0


class PeerRows:
    def __init__(self, database: Database) -> None:
        compile_, present = database.compile, now(database)
        me: Any = bindparam("process")
        self.join = compile_(insert(processes).values(seen=present).returning(processes.c.id))
        # A process that was taken for dead, and its row removed, is known again.
        known = database.insert(processes).values(id=me, seen=present)
        self.beat = compile_(
            known.on_conflict_do_update(index_elements=[processes.c.id], set_={"seen": present})
        )
        self.leave = compile_(delete(processes).where(processes.c.id == me))
        ids = select(processes.c.id)
        self.fresh = compile_(ids.where(processes.c.seen > present - _FRESH))
        self.present = compile_(ids.where(processes.c.seen > present - _PRESENT))
        self.ask = compile_(
            insert(questions)
            .values(process=me, kind=bindparam("kind"), asked=bindparam("asked"), since=present)
            .returning(questions.c.id)
        )
        answered = exists().where(answers.c.question == questions.c.id, answers.c.process == me)
        mine = (questions.c.process != me, ~answered, questions.c.since > present - _PRESENT)
        self.waiting = compile_(select(questions.c.id).where(*mine).limit(1))
        chosen = select(questions.c.id, questions.c.kind, questions.c.asked)
        self.questions = compile_(chosen.where(*mine).order_by(questions.c.id))
        names = ("question", "process", "body")
        self.answer = compile_(insert(answers).values({name: bindparam(name) for name in names}))
        of_question = answers.c.question == bindparam("question")
        self.collect = compile_(select(answers.c.process, answers.c.body).where(of_question))
        self.forget_question = compile_(
            delete(questions).where(questions.c.id == bindparam("question"))
        )
        self.forget_answers = compile_(delete(answers).where(of_question))
        self.tidy = [
            compile_(delete(processes).where(processes.c.seen < present - _GONE)),
            compile_(delete(questions).where(questions.c.since < present - _GONE)),
            compile_(delete(answers).where(~exists().where(questions.c.id == answers.c.question))),
        ]


def now(database: Database) -> ColumnElement[float]:
    """Return the database's own time in seconds since 1970: one clock for every machine."""
    if database.is_sqlite:
        return literal_column("((julianday('now') - 2440587.5) * 86400.0)", Float)
    return literal_column("extract(epoch from clock_timestamp())::float8", Float)
