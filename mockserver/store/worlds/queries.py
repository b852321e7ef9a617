"""The statements that read and write worlds, compiled once."""

from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, update

from mockserver.store.database import Database
from mockserver.store.database.schema import (
    faults,
    layers,
    snapshots,
    tokens,
    users,
    workspaces,
    worlds,
)

_WORLD = (
    worlds.c.name,
    worlds.c.layer,
    worlds.c.base,
    worlds.c.changes,
    worlds.c.clock,
    worlds.c.since,
)


class WorldQueries:
    """One compiled statement for each query and each change."""

    def __init__(self, database: Database) -> None:
        compile_ = database.compile
        of_world = worlds.c.layer == bindparam("of")
        self.world = compile_(select(*_WORLD).where(worlds.c.name == bindparam("name")))
        # A world is locked before its rows are moved or removed, as its writers do.
        self.lock = compile_(select(worlds.c.changes).where(of_world).with_for_update())
        self.caller = compile_(_caller())
        self.entry = compile_(_entries().where(worlds.c.name == bindparam("name")))
        self.entries = compile_(_entries().order_by(worlds.c.used.desc(), worlds.c.layer.desc()))
        self.tokens = compile_(_tokens())
        self.insert = compile_(_insert())
        self.move = compile_(
            update(worlds)
            .where(of_world)
            .values(layer=bindparam("layer"), base=bindparam("base"), changes=0, acts=0)
        )
        self.with_base = compile_(select(worlds.c.layer).where(worlds.c.base == bindparam("base")))
        self.rebase = compile_(
            update(worlds).where(of_world).values(layer=bindparam("layer"), base=bindparam("base"))
        )
        self.reset = compile_(
            update(worlds)
            .where(of_world)
            .values(changes=0, acts=0, clock=worlds.c.first_clock, since=None)
        )
        self.set_clock = compile_(
            update(worlds)
            .where(of_world)
            .values(clock=bindparam("clock"), since=bindparam("since"))
        )
        self.next_act = compile_(
            update(worlds).where(of_world).values(acts=worlds.c.acts + 1).returning(worlds.c.acts)
        )
        self.count = compile_(_private(select(func.count()).select_from(worlds)))
        self.least_used = compile_(_least_used())
        self.delete = compile_(delete(worlds).where(of_world))
        of_name = snapshots.c.world == bindparam("world")
        self.snapshots = compile_(select(snapshots.c.layer, snapshots.c.base).where(of_name))
        self.delete_snapshots = compile_(delete(snapshots).where(of_name))


def _caller() -> Select[Any]:
    """All that a request needs to know about its token, in one row."""
    return (
        select(
            *_WORLD[1:],
            users.c.id,
            users.c.workspace,
            tokens.c.readonly,
            exists(select(faults.c.id)),
        )
        .join(tokens, tokens.c.layer == worlds.c.base)
        .join(users, (users.c.layer == worlds.c.base) & (users.c.id == tokens.c.user))
        .where(worlds.c.name == bindparam("name"), tokens.c.token == bindparam("token"))
        .where(tokens.c.state == "active")
    )


def _entries() -> Select[Any]:
    columns = (worlds.c.acts, worlds.c.created, worlds.c.used, layers.c.seed)
    return select(*_WORLD, *columns).join(layers, layers.c.id == worlds.c.base)


def _tokens() -> Select[Any]:
    """Active tokens first, then the refused ones, each in the order of the world file."""
    named = (users.c.id, users.c.name, users.c.email, workspaces.c.id, workspaces.c.name)
    return (
        select(tokens.c.token, tokens.c.state, tokens.c.readonly, *named)
        .join(users, (users.c.layer == tokens.c.layer) & (users.c.id == tokens.c.user))
        .join(
            workspaces,
            (workspaces.c.layer == tokens.c.layer) & (workspaces.c.id == users.c.workspace),
        )
        .where(tokens.c.layer == bindparam("base"))
        .order_by(tokens.c.state != "active", tokens.c.position)
    )


def _insert() -> Any:
    return insert(worlds).values(
        layer=bindparam("layer"),
        name=bindparam("name"),
        base=bindparam("base"),
        changes=0,
        clock=bindparam("clock"),
        since=None,
        first_clock=bindparam("clock"),
        acts=0,
        named=bindparam("named"),
        created=bindparam("now"),
        used=bindparam("used"),
    )


def _private(chosen: Select[Any]) -> Select[Any]:
    return chosen.where(worlds.c.name != bindparam("shared"))


def _least_used() -> Select[Any]:
    chosen = _private(select(worlds.c.name, worlds.c.layer, worlds.c.base))
    return (
        chosen.where(worlds.c.layer != bindparam("newest"))
        .order_by(worlds.c.named, worlds.c.used, worlds.c.layer)
        .limit(bindparam("excess"))
    )
