"""Statements by what they ask: those of like questions are built and compiled once."""

from collections.abc import Callable, Hashable

from sqlalchemy.sql import ClauseElement

from mockserver.store.database import Database
from mockserver.store.transaction import Statement

_KEPT = 2_000
"""Statements remembered; far more than one application asks for."""


class Statements:
    def __init__(self, database: Database) -> None:
        self._compile = database.compile
        self._kept: dict[Hashable, Statement] = {}

    def of(self, key: Hashable, build: Callable[[], ClauseElement]) -> Statement:
        """Return the statement that was built for this key, or build it."""
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[key] = self._compile(build())
        return self._kept[key]
