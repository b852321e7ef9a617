"""Long byte strings of a seeded layer, kept in pieces: any part is read without the rest."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select

from mockserver.store.database import Database
from mockserver.store.tables import catalogue
from mockserver.store.transaction import Transaction

PIECE = 1 << 18
"""Bytes of a piece."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose strings they are: one workspace's in one layer."""

    layer: int
    workspace: int


class Shelf:
    def __init__(self, database: Database) -> None:
        columns: dict[str, Any] = {column.name: bindparam(column.name) for column in catalogue.c}
        self._insert = database.compile(insert(catalogue).values(columns))
        self._select = database.compile(
            select(catalogue.c.content)
            .where(*(catalogue.c[name] == bindparam(name) for name in ("layer", "workspace")))
            .where(catalogue.c.name == bindparam("name"))
            .where(catalogue.c.piece.between(bindparam("first"), bindparam("last")))
            .order_by(catalogue.c.piece)
        )

        self._owners = database.compile(
            select(catalogue.c.workspace)
            .where(catalogue.c.layer == bindparam("layer"), catalogue.c.name == bindparam("name"))
            .where(catalogue.c.piece == 0)
        )

    def places(self, transaction: Transaction, layer: int, name: str) -> list[Place]:
        """Return the places of a layer that have a string of this name."""
        return [
            Place(layer, row[0]) for row in transaction.all(self._owners, layer=layer, name=name)
        ]

    def write(self, transaction: Transaction, place: Place, name: str, content: bytes) -> None:
        of = {"layer": place.layer, "workspace": place.workspace, "name": name}
        rows = (
            {**of, "piece": number, "content": content[start : start + PIECE]}
            for number, start in enumerate(range(0, len(content), PIECE))
        )
        transaction.many(self._insert, rows)

    def read(
        self, transaction: Transaction, place: Place, name: str, start: int = 0, stop: int = 2**62
    ) -> bytes:
        """Return the bytes from `start` to `stop`, or to the end."""
        if start >= stop:
            return b""
        of = {"layer": place.layer, "workspace": place.workspace, "name": name}
        first, last = start // PIECE, (stop - 1) // PIECE
        rows = transaction.all(self._select, **of, first=first, last=last)
        pieces = [bytes(row[0]) for row in rows]
        if pieces:  # trimmed one by one: as a whole it may be many megabytes to copy
            pieces[-1] = pieces[-1][: stop - last * PIECE]
            pieces[0] = pieces[0][start - first * PIECE :]
        return b"".join(pieces)

    def write_numbers(
        self, transaction: Transaction, place: Place, name: str, numbers: Sequence[int]
    ) -> None:
        self.write(transaction, place, name, array("q", numbers).tobytes())

    def read_numbers(self, transaction: Transaction, place: Place, name: str) -> "array[int]":
        numbers = array("q")
        numbers.frombytes(self.read(transaction, place, name))
        return numbers
