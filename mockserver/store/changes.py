"""What a write moves: every rule about time and the activity log stands here."""

from typing import Any

import orjson
from sqlalchemy import Select, bindparam, insert, select, update

from mockserver.choices import Choices
from mockserver.clock import Clock, iso
from mockserver.store.database import Database, Statement, Transaction
from mockserver.store.finding import Finder, Found
from mockserver.store.tables import activities, tagged, tickets, users, worlds
from mockserver.store.worlds import Caller

STATUS_CHANGED = "status_changed"  # shown by the page
ASSIGNEE_CHANGED = "assignee_changed"  # named after it


class Changes:
    """Changes a ticket in a world's own layer, within the caller's transaction.

    A change moves `updated_at` (never back, whatever the clock) and appends one
    activity by the caller; setting what is already so does neither, unless chosen.
    """

    def __init__(self, database: Database, clock: Clock, choices: Choices, finder: Finder) -> None:
        self._clock = clock
        self._choices = choices
        self._finder = finder
        compile_ = database.compile
        self._lock = compile_(_world(worlds.c.changes).with_for_update())
        self._count = compile_(
            update(worlds)
            .where(worlds.c.layer == bindparam("of"))
            .values(changes=worlds.c.changes + 1)
        )
        self._users: dict[str, Statement] = {
            column: compile_(_user(column)) for column in ("assignee", "actor")
        }
        self._copy = compile_(_copy_up())
        self._copy_tags = compile_(_copy_tags_up())
        self._update = compile_(_update())
        self._log = compile_(
            insert(activities).values(
                {name: bindparam(name) for name in ("layer", "ticket", "created", "body")}
            )
        )

    def status(self, transaction: Transaction, caller: Caller, id: int, status: str) -> Found:
        found = self._begin(transaction, caller, id)
        if found.status == status and self._choices.unchanged_write == "ignore":
            return found
        return self._apply(
            transaction, caller, found, STATUS_CHANGED, {"status": status}, {"status": status}
        )

    def assignee(
        self, transaction: Transaction, caller: Caller, id: int, user: int | None
    ) -> Found | None:
        """Assign a member, or nobody; None: there is no such member to assign."""
        found = self._begin(transaction, caller, id)
        rendered = None if user is None else self._member(transaction, caller, user, "assignee")
        if user is not None and rendered is None:
            return None
        if found.assignee == user and self._choices.unchanged_write == "ignore":
            return found
        return self._apply(
            transaction, caller, found, ASSIGNEE_CHANGED, {"assignee": rendered}, {"assignee": user}
        )

    def _begin(self, transaction: Transaction, caller: Caller, id: int) -> Found:
        """Let writers of one world pass one by one, then see the newest row."""
        transaction.one(self._lock, of=caller.world.layer)
        found = self._finder.ticket(transaction, caller.world, id)
        assert found is not None, "a ticket is located before it is changed, and none is deleted"
        return found

    def _apply(
        self,
        transaction: Transaction,
        caller: Caller,
        found: Found,
        activity: str,
        fields: dict[str, Any],
        columns: dict[str, Any],
    ) -> Found:
        now = max(self._clock.now(), found.updated)
        item = orjson.loads(found.item)
        item |= {k: v for k, v in ({"updated_at": iso(now)} | fields).items() if k in item}
        changed = {"status": found.status, "assignee": found.assignee} | columns
        changed |= {"updated": now, "item": orjson.dumps(item)}
        self._bring_up(transaction, caller, found)
        transaction.run(self._update, of=caller.world.layer, key=found.id, **_prefixed(changed))
        self._append(transaction, caller, found.id, activity, now)
        transaction.run(self._count, of=caller.world.layer)
        return Found(layer=caller.world.layer, id=found.id, workspace=found.workspace, **changed)

    def _bring_up(self, transaction: Transaction, caller: Caller, found: Found) -> None:
        """Give the world its own row of a ticket that only the base has."""
        if found.layer == caller.world.layer:
            return
        places = {"to": caller.world.layer, "base": caller.world.base, "key": found.id}
        transaction.run(self._copy, **places)
        transaction.run(self._copy_tags, **places)

    def _append(
        self, transaction: Transaction, caller: Caller, ticket: int, kind: str, now: int
    ) -> None:
        actor = self._member(transaction, caller, caller.user, "actor")
        body = {"type": kind, "user": actor, "created_at": iso(now)}
        transaction.run(
            self._log,
            layer=caller.world.layer,
            ticket=ticket,
            created=now,
            body=orjson.dumps(body),
        )

    def _member(self, transaction: Transaction, caller: Caller, id: int, form: str) -> Any:
        row = transaction.one(
            self._users[form], base=caller.world.base, workspace=caller.workspace, id=id
        )
        return orjson.loads(row[0]) if row else None


def _prefixed(changed: dict[str, Any]) -> dict[str, Any]:
    return {f"new_{name}": value for name, value in changed.items()}


def _world(*columns: Any) -> Select[Any]:
    return select(*columns).where(worlds.c.layer == bindparam("of"))


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
    source = select(bindparam("to"), tagged.c.tag, tagged.c.ticket).where(
        tagged.c.layer == bindparam("base"), tagged.c.ticket == bindparam("key")
    )
    return insert(tagged).from_select(["layer", "tag", "ticket"], source)


def _update() -> Any:
    moved = ("status", "assignee", "updated", "item")
    return (
        update(tickets)
        .where(tickets.c.layer == bindparam("of"), tickets.c.id == bindparam("key"))
        .values({name: bindparam(f"new_{name}") for name in moved})
    )
