"""A world's own layer as it is written: one writer at a time, rows brought up when needed."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Select, bindparam, func, insert, select, update

from mockserver.contract.errors import StoreUnavailable
from mockserver.seed.clock import Clock, iso
from mockserver.store.database import Database
from mockserver.store.finding import Finder, Found
from mockserver.store.tables import activities, tagged, tickets, users, worlds
from mockserver.store.transaction import Statement, Transaction
from mockserver.store.world import World

_MOVED = ("status", "assignee", "updated", "item", "touched")


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a ticket at one moment.

    `fields` are those of its list item, `columns` those of its row; `log` the new
    activities, as type and user; `spoken` tells whether a message is part of it.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    log: tuple[tuple[str, int | None], ...] = ()
    spoken: bool = False
    touches: bool = True


class Overlay:
    """Applies changes within the caller's transaction."""

    def __init__(self, database: Database, clock: Clock, finder: Finder) -> None:
        self._clock = clock
        self._finder = finder
        compile_ = database.compile
        self._lock = compile_(
            select(worlds.c.changes).where(worlds.c.layer == bindparam("of")).with_for_update()
        )
        self._count = compile_(
            update(worlds)
            .where(worlds.c.layer == bindparam("of"))
            .values(changes=worlds.c.changes + 1, state=worlds.c.state + 1)
            .returning(worlds.c.state)
        )
        self._users: dict[str, Statement] = {
            column: compile_(_user(column)) for column in ("assignee", "actor")
        }
        self._copy = compile_(_copy_up())
        self._copy_tags = compile_(_copy_tags_up())
        self._update = compile_(_update())
        names = ("layer", "ticket", "created", "type", "user", "body")
        self._log = compile_(insert(activities).values({name: bindparam(name) for name in names}))
        self._next: dict[str, Statement] = {}
        self._compile = compile_

    def lock(self, transaction: Transaction, world: World) -> None:
        """Let writers of one world pass one by one; raises StoreUnavailable when it is gone."""
        if transaction.one(self._lock, of=world.layer) is None:
            raise StoreUnavailable(f"world {world.name} has gone meanwhile")

    def begin(self, transaction: Transaction, world: World, id: int) -> Found:
        """Lock the world, then return the newest row of a ticket known to be there."""
        self.lock(transaction, world)
        found = self._finder.ticket(transaction, world, id)
        assert found is not None, "a ticket is located before it is changed, and none is deleted"
        return found

    def now(self, world: World, after: int = 0) -> int:
        """Return the world's time, or `after` if that is later: history never runs back."""
        return max(self._clock.now(world.clock, world.since), after)

    def count(self, transaction: Transaction, world: World) -> int:
        """Count a change of a locked world, and return the state that it leads to."""
        row = transaction.one(self._count, of=world.layer)
        assert row is not None, "a world that is locked does not go"
        return int(row[0])

    def apply(self, transaction: Transaction, world: World, found: Found, change: Change) -> Found:
        """Write a change, and return the ticket's row as it is then."""
        now = self.now(world, found.updated) if change.touches else found.updated
        item = orjson.loads(found.item)
        fields = {"updated_at": iso(now)} | change.fields
        item |= {name: value for name, value in fields.items() if name in item}
        columns = {"status": found.status, "assignee": found.assignee} | change.columns
        columns |= {"updated": now, "item": orjson.dumps(item)}
        columns["touched"] = self.count(transaction, world)
        self.bring_up(transaction, world, found)
        moved = {f"new_{name}": columns[name] for name in _MOVED}
        spoken = now if change.spoken else None
        transaction.run(self._update, of=world.layer, key=found.id, new_active=spoken, **moved)
        for kind, user in change.log:
            self._append(transaction, world, found, kind, user, now)
        return Found(layer=world.layer, id=found.id, workspace=found.workspace, **columns)

    def bring_up(self, transaction: Transaction, world: World, found: Found) -> None:
        """Give the world its own row of a ticket that only the base has."""
        if found.layer == world.layer:
            return
        places = {"to": world.layer, "base": world.base, "key": found.id}
        transaction.run(self._copy, **places)
        transaction.run(self._copy_tags, **places)

    def member(
        self, transaction: Transaction, world: World, workspace: int, id: int, form: str
    ) -> Any:
        """Return a present member as an assignee or an actor; None: there is no such one."""
        row = transaction.one(self._users[form], base=world.base, workspace=workspace, id=id)
        return orjson.loads(row[0]) if row else None

    def next_id(self, transaction: Transaction, world: World, table: Any) -> int:
        """Return the id after the highest that the world has seen of a table."""
        if table.name not in self._next:
            self._next[table.name] = self._compile(_highest(table))
        rows = transaction.all(self._next[table.name], layer=world.layer, base=world.base)
        return 1 + max((row[0] or 0 for row in rows), default=0)

    def _append(
        self,
        transaction: Transaction,
        world: World,
        found: Found,
        kind: str,
        user: int | None,
        now: int,
    ) -> None:
        actor = user and self.member(transaction, world, found.workspace, user, "actor")
        body = orjson.dumps({"type": kind, "user": actor, "created_at": iso(now)})
        row = {"layer": world.layer, "ticket": found.id, "created": now, "body": body}
        transaction.run(self._log, type=kind, user=user, **row)


def _highest(table: Any) -> Any:
    return (
        select(func.max(table.c.id))
        .where(table.c.layer.in_([bindparam("layer"), bindparam("base")]))
        .group_by(table.c.layer)
    )


def _user(column: str) -> Select[Any]:
    return select(users.c[column]).where(
        users.c.layer == bindparam("base"),
        users.c.id == bindparam("id"),
        users.c.workspace == bindparam("workspace"),
        users.c.left == 0,
    )


def _copy_up() -> Any:
    names = [column.name for column in tickets.c if column.name != "layer"]
    source = select(bindparam("to"), *(tickets.c[name] for name in names)).where(
        tickets.c.layer == bindparam("base"), tickets.c.id == bindparam("key")
    )
    return insert(tickets).from_select(["layer", *names], source)


def _copy_tags_up() -> Any:
    names = [column.name for column in tagged.c if column.name != "layer"]
    source = select(bindparam("to"), *(tagged.c[name] for name in names)).where(
        tagged.c.layer == bindparam("base"), tagged.c.ticket == bindparam("key")
    )
    return insert(tagged).from_select(["layer", *names], source)


def _update() -> Any:
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _MOVED}
    active: Any = func.coalesce(bindparam("new_active"), tickets.c.active)
    return (
        update(tickets)
        .where(tickets.c.layer == bindparam("of"), tickets.c.id == bindparam("key"))
        .values(active=active, **new)
    )
