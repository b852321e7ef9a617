"""Rows back to records: the whole content of a world."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, cast

import orjson
from sqlalchemy import select

from mockserver.seed.clock import moment
from mockserver.seed.records import Activity, Attachment, Message, Tag, Ticket, User, Workspace
from mockserver.store.database import Database
from mockserver.store.database.schema import (
    activities,
    attachments,
    items,
    messages,
    ticket_tags,
    tickets,
)
from mockserver.store.database.transaction import Row, Transaction
from mockserver.store.people import Directory, People, in_world, layers_of, of_world
from mockserver.store.world import World

_TICKET = (
    *("layer", "id", "workspace", "ulid", "status", "channel", "assignee", "contact"),
    *("created", "updated", "active"),
)
_MESSAGE = ("ticket", "id", "ulid", "type", "user", "contact", "created", "forward", "body", "rest")


class Export:
    """Reads within the caller's transaction."""

    def __init__(self, database: Database, people: People) -> None:
        self._people = people
        # Of two rows of one ticket the later is the world's own: its layer has the higher number.
        chosen = [*(tickets.c[name] for name in _TICKET), items.c.item, items.c.rest]
        self._tickets = database.compile(
            select(*chosen)
            .join(items, (items.c.layer == tickets.c.layer) & (items.c.id == tickets.c.id))
            .where(in_world(tickets))
            .order_by(tickets.c.id, tickets.c.layer)
        )
        self._tagged = of_world(
            database, ticket_tags, ("layer", "ticket", "tag"), "ticket", "position"
        )
        self._messages = of_world(database, messages, _MESSAGE, "created", "id")
        attached = ("message", "id", "name", "url", "size", "mime_type")
        self._attachments = of_world(database, attachments, attached, "message", "position")
        logged = ("ticket", "type", "user", "created")
        self._activities = of_world(database, activities, logged, "created", "id")

    def workspaces(self, transaction: Transaction, world: World) -> list[Workspace]:
        directory = self._people.directory(transaction, world, with_contacts=True)
        by_workspace = self._by_workspace(transaction, world, directory)
        return self._people.workspaces(transaction, world, directory, by_workspace)

    def _by_workspace(
        self, transaction: Transaction, world: World, people: Directory
    ) -> dict[int, list[Ticket]]:
        """Return the tickets of each workspace with their threads and logs, ids ascending."""
        newest = {row[1]: row for row in transaction.all(self._tickets, **layers_of(world))}
        labels: dict[tuple[int, int], list[Tag]] = defaultdict(list)
        for layer, ticket, tag in transaction.all(self._tagged, **layers_of(world)):
            labels[layer, ticket].append(people.tags[tag])
        threads = self._threads(transaction, world, people)
        logs: dict[int, list[Activity]] = defaultdict(list)
        for ticket, kind, user, created in transaction.all(self._activities, **layers_of(world)):
            logs[ticket].append(Activity(kind, _maybe(people.users, user), moment(created)))
        by_workspace: dict[int, list[Ticket]] = defaultdict(list)
        for id, row in newest.items():
            bare = _ticket(row, people, tuple(labels[row[0], id]))
            whole = replace(bare, messages=tuple(threads[id]), activities=tuple(logs[id]))
            by_workspace[row[2]].append(whole)
        return by_workspace

    def _threads(
        self, transaction: Transaction, world: World, people: Directory
    ) -> dict[int, list[Message]]:
        files: dict[int, list[Attachment]] = defaultdict(list)
        for message, *attachment in transaction.all(self._attachments, **layers_of(world)):
            files[message].append(Attachment(*attachment))
        threads: dict[int, list[Message]] = defaultdict(list)
        for row in transaction.all(self._messages, **layers_of(world)):
            threads[row[0]].append(_message(row, people, tuple(files[row[1]])))
        return threads


def _ticket(row: Row, people: Directory, labels: tuple[Tag, ...]) -> Ticket:
    _, id, _, ulid, status, channel, assignee, contact, created, updated, active, item, rest = row
    facts = _facts(item, rest)
    return Ticket(
        id=id,
        ulid=ulid,
        subject=facts["subject"],
        status=status,
        channel=people.channels[channel],
        assignee=people.users[assignee] if assignee else None,
        contact=people.contacts[contact],
        tags=labels,
        latest_message_preview=facts["latest_message_preview"],
        summary=facts["summary"],
        created_at=moment(created),
        updated_at=moment(updated),
        last_activity_at=moment(active),
    )


def _message(row: Row, people: Directory, files: tuple[Attachment, ...]) -> Message:
    _, id, ulid, kind, user, contact, created, forward, body, rest = row
    return Message(
        id=id,
        ulid=ulid,
        type=cast(Any, kind),
        body_html=_facts(body, rest)["body_html"],
        sender=people.contacts[contact] if user is None else people.users[user],
        created_at=moment(created),
        attachments=files,
        is_forward=bool(forward),
    )


def _facts(rendered: bytes, rest: bytes | None) -> dict[str, Any]:
    """Return what is rendered, and what the contract leaves out of that."""
    facts: dict[str, Any] = orjson.loads(rendered)
    return facts | orjson.loads(rest) if rest else facts


def _maybe(people: dict[int, User], id: int | None) -> User | None:
    return None if id is None else people[id]
