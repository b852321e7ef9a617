"""A world's own layer as it is written: one writer at a time, seeded rows copied up first."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, update

from mockserver.contract.errors import StoreUnavailable
from mockserver.seed.clock import Clock, iso
from mockserver.store.counts import Counts
from mockserver.store.database import Database
from mockserver.store.database.schema import (
    UNASSIGNED,
    activities,
    items,
    texts,
    ticket_tags,
    tickets,
    users,
    worlds,
)
from mockserver.store.database.transaction import Statement, Transaction
from mockserver.store.tickets.queries import TicketQueries, TicketRow
from mockserver.store.world import World

_CHANGED = ("status", "assignee", "updated")


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a ticket at one moment.

    `fields` are those of its list item, `columns` those of its row; `log` the new
    activities, as type and user; `text` its new search text, which comes with a message.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    log: tuple[tuple[str, int | None], ...] = ()
    text: str | None = None
    touches: bool = True


class Overlay:
    """Applies changes within the caller's transaction."""

    def __init__(self, database: Database, clock: Clock, queries: TicketQueries) -> None:
        self._clock = clock
        self._queries = queries
        self._counts = Counts(database)
        compile_ = database.compile
        of_world = worlds.c.layer == bindparam("of")
        self._lock = compile_(select(worlds.c.changes).where(of_world).with_for_update())
        self._count = compile_(update(worlds).where(of_world).values(changes=worlds.c.changes + 1))
        self._users: dict[str, Statement] = {
            column: compile_(_user(column)) for column in ("assignee", "actor")
        }
        self._copy = compile_(_copy_rows(tickets, tickets.c.id))
        self._copy_item = compile_(_copy_rows(items, items.c.id))
        self._copy_tags = compile_(_copy_rows(ticket_tags, ticket_tags.c.ticket))
        self._update = compile_(_update())
        of_item = (items.c.layer == bindparam("of"), items.c.id == bindparam("key"))
        self._set_item = compile_(update(items).where(*of_item).values(item=bindparam("new_item")))
        names = ("layer", "ticket", "created", "type", "user", "body")
        self._log = compile_(insert(activities).values({name: bindparam(name) for name in names}))
        self._text = compile_(select(texts.c.text).where(texts.c.key == bindparam("key")))
        self._new_text = compile_(
            insert(texts).values(text=bindparam("text")).returning(texts.c.key)
        )
        unused = ~exists().where(tickets.c.text == bindparam("key"))
        self._drop_text = compile_(delete(texts).where(texts.c.key == bindparam("key"), unused))
        self._next: dict[str, Statement] = {}
        self._compile = compile_

    def lock(self, transaction: Transaction, world: World) -> None:
        """Let writers of one world pass one by one; raises StoreUnavailable when it is gone."""
        if transaction.one(self._lock, of=world.layer) is None:
            raise StoreUnavailable(f"world {world.name} was deleted meanwhile")

    def lock_ticket(self, transaction: Transaction, world: World, id: int) -> TicketRow:
        """Lock the world, then return the current row of a ticket that is known to exist."""
        self.lock(transaction, world)
        row = self._queries.by_id(transaction, world, id)
        assert row is not None, "a ticket is found before it is changed, and none is deleted"
        return row

    def now(self, world: World, after: int = 0) -> int:
        """Return the world's time, or `after` if that is later: times never go back."""
        return max(self._clock.now(world.clock, world.since), after)

    def count_change(self, transaction: Transaction, world: World) -> None:
        transaction.run(self._count, of=world.layer)

    def apply(
        self, transaction: Transaction, world: World, row: TicketRow, change: Change
    ) -> TicketRow:
        """Write a change, and return the ticket's row after it."""
        now = self.now(world, row.updated) if change.touches else row.updated
        item = orjson.loads(row.item)
        fields = {"updated_at": iso(now)} | change.fields
        item |= {name: value for name, value in fields.items() if name in item}
        columns = {"status": row.status, "assignee": row.assignee, "updated": now} | change.columns
        self.count_change(transaction, world)
        self._copy_up(transaction, world, row)
        text = row.text if change.text is None else self._add_text(transaction, change.text)
        values = {f"new_{name}": columns[name] for name in _CHANGED}
        values["new_assignee"] = columns["assignee"] or UNASSIGNED
        active = None if change.text is None else now
        transaction.run(
            self._update, of=world.layer, key=row.id, new_active=active, new_text=text, **values
        )
        transaction.run(self._set_item, of=world.layer, key=row.id, new_item=orjson.dumps(item))
        if text != row.text:
            transaction.run(self._drop_text, key=row.text)
        group = (row.workspace, row.channel)
        after = (columns["status"], columns["assignee"])
        self._counts.move(transaction, world.layer, group, (row.status, row.assignee), after)
        for kind, user in change.log:
            self._append(transaction, world, row, kind, user, now)
        return TicketRow(
            layer=world.layer,
            id=row.id,
            workspace=row.workspace,
            channel=row.channel,
            text=text,
            item=orjson.dumps(item),
            **columns,
        )

    def text(self, transaction: Transaction, row: TicketRow) -> str:
        """Return the search text of a ticket."""
        found = transaction.one(self._text, key=row.text)
        assert found is not None, "a ticket has a text"
        return str(found[0])

    def member(
        self, transaction: Transaction, world: World, workspace: int, id: int, form: str
    ) -> Any:
        """Return a present member as an assignee or an actor; None if there is no such member."""
        row = transaction.one(self._users[form], base=world.base, workspace=workspace, id=id)
        return orjson.loads(row[0]) if row else None

    def next_id(self, transaction: Transaction, world: World, table: Any) -> int:
        """Return the id after the highest that the world has in a table."""
        if table.name not in self._next:
            self._next[table.name] = self._compile(_highest(table))
        rows = transaction.all(self._next[table.name], layer=world.layer, base=world.base)
        return 1 + max((row[0] or 0 for row in rows), default=0)

    def _copy_up(self, transaction: Transaction, world: World, row: TicketRow) -> None:
        """Give the world its own row of a ticket that only the seed has."""
        if row.layer == world.layer:
            return
        places = {"to": world.layer, "base": world.base, "key": row.id}
        for statement in (self._copy, self._copy_item, self._copy_tags):
            transaction.run(statement, **places)

    def _add_text(self, transaction: Transaction, text: str) -> int:
        found = transaction.one(self._new_text, text=text)
        assert found is not None
        return int(found[0])

    def _append(
        self,
        transaction: Transaction,
        world: World,
        row: TicketRow,
        kind: str,
        user: int | None,
        now: int,
    ) -> None:
        actor = user and self.member(transaction, world, row.workspace, user, "actor")
        body = orjson.dumps({"type": kind, "user": actor, "created_at": iso(now)})
        values = {"layer": world.layer, "ticket": row.id, "created": now, "body": body}
        transaction.run(self._log, type=kind, user=user, **values)


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


def _copy_rows(table: Any, of_ticket: Any) -> Any:
    """Copy the rows of one ticket from the seed into a world's own layer."""
    names = [column.name for column in table.c if column.name != "layer"]
    source = select(bindparam("to"), *(table.c[name] for name in names)).where(
        table.c.layer == bindparam("base"), of_ticket == bindparam("key")
    )
    return insert(table).from_select(["layer", *names], source)


def _update() -> Any:
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in (*_CHANGED, "text")}
    active: Any = func.coalesce(bindparam("new_active"), tickets.c.active)
    return (
        update(tickets)
        .where(tickets.c.layer == bindparam("of"), tickets.c.id == bindparam("key"))
        .values(active=active, **new)
    )
