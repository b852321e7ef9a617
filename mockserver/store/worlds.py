"""Worlds: an immutable seeded layer each, and a thin layer of changes on top."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, delete, insert, select, update

from mockserver.records import Workspace
from mockserver.store.database import Database, Transaction
from mockserver.store.planting import Planter
from mockserver.store.tables import OF_A_LAYER, layers, tokens, users, worlds

SHARED = ""
"""The name of the world that every plain token opens."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class World:
    """`layer` holds its own rows, `base` the seed below them; 0 `changes`: the seed as it is."""

    name: str
    layer: int
    base: int
    changes: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever a token stands for: a user in a workspace in a world."""

    world: World
    user: int
    workspace: int
    readonly: bool


class Worlds:
    def __init__(self, database: Database, planter: Planter) -> None:
        self._database = database
        self._planter = planter
        compile_ = database.compile
        self._find = compile_(_find())
        self._caller = compile_(_caller())
        self._new_layer = compile_(
            insert(layers).values(seed=bindparam("seed")).returning(layers.c.id)
        )
        self._new_world = compile_(insert(worlds))
        self._seeded = compile_(select(layers.c.id).where(layers.c.seed == bindparam("seed")))
        self._seed_of = compile_(select(layers.c.seed).where(layers.c.id == bindparam("layer")))
        self._clear = [
            compile_(delete(table).where(table.c.layer == bindparam("of"))) for table in OF_A_LAYER
        ]
        self._unchanged = compile_(
            update(worlds).where(worlds.c.layer == bindparam("of")).values(changes=0)
        )

    def found(self, seed: str, workspaces: Iterable[Workspace]) -> World:
        """Make the shared world upon a seeded layer, unless this database has one."""
        with self._database.write() as transaction:
            row = transaction.one(self._seeded, seed=seed)
            if row is None:
                row = transaction.one(self._new_layer, seed=seed)
                assert row is not None
                self._planter.plant(transaction, row[0], workspaces)
            return self._open(transaction, SHARED, row[0])

    def seed(self) -> str | None:
        """Return what the shared world was made from; None: there is none yet."""
        with self._database.read() as transaction:
            world = self._get(transaction, SHARED)
            row = world and transaction.one(self._seed_of, layer=world.base)
            return str(row[0]) if row else None

    def caller(self, token: str) -> Caller | None:
        """Return whom an active token stands for; a name after `@` opens a private world."""
        plain, at, name = token.partition("@")
        if at and not NAME.fullmatch(name):
            return None
        with self._database.read() as transaction:
            caller = self._recognise(transaction, plain, name)
            known = bool(caller or self._get(transaction, name))
        if caller is not None or known or not at:
            return caller
        return self._first_visit(plain, name)

    def reset(self, world: World) -> None:
        """Put a world back to its seed."""
        with self._database.write() as transaction:
            for statement in self._clear:
                transaction.run(statement, of=world.layer)
            transaction.run(self._unchanged, of=world.layer)

    def _first_visit(self, plain: str, name: str) -> Caller | None:
        with self._database.read() as transaction:
            shared = self._get(transaction, SHARED)
            assert shared is not None
            if self._recognise(transaction, plain, SHARED) is None:
                return None
        with self._database.write() as transaction:
            self._open(transaction, name, shared.base)
            return self._recognise(transaction, plain, name)

    def _recognise(self, transaction: Transaction, plain: str, name: str) -> Caller | None:
        row = transaction.one(self._caller, token=plain, name=name)
        if row is None:
            return None
        layer, base, changes, user, workspace, readonly = row
        return Caller(World(name, layer, base, changes), user, workspace, bool(readonly))

    def _get(self, transaction: Transaction, name: str) -> World | None:
        row = transaction.one(self._find, name=name)
        return World(name, *row) if row else None

    def _open(self, transaction: Transaction, name: str, base: int) -> World:
        found = self._get(transaction, name)
        if found is not None:
            return found
        row = transaction.one(self._new_layer, seed=None)
        assert row is not None
        transaction.run(self._new_world, layer=row[0], name=name, base=base, changes=0)
        return World(name, row[0], base, 0)


def _find() -> Select[Any]:
    columns = (worlds.c.layer, worlds.c.base, worlds.c.changes)
    return select(*columns).where(worlds.c.name == bindparam("name"))


def _caller() -> Select[Any]:
    return (
        select(
            worlds.c.layer,
            worlds.c.base,
            worlds.c.changes,
            users.c.id,
            users.c.workspace,
            tokens.c.readonly,
        )
        .join(tokens, tokens.c.layer == worlds.c.base)
        .join(users, (users.c.layer == worlds.c.base) & (users.c.id == tokens.c.user))
        .where(worlds.c.name == bindparam("name"), tokens.c.token == bindparam("token"))
        .where(tokens.c.state == "active")
    )
