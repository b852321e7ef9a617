"""Rows back to records: everything that a world holds, for an export."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, cast

import orjson

from mockserver.seed.clock import moment
from mockserver.seed.records import Activity, Attachment, Message, Tag, Ticket, User, Workspace
from mockserver.store.database import Database
from mockserver.store.people import Cast, People, layers_of, of_world
from mockserver.store.tables import activities, attachments, messages, tagged, tickets
from mockserver.store.transaction import Row, Transaction
from mockserver.store.world import World

_TICKET = (
    *("layer", "id", "workspace", "ulid", "status", "channel", "assignee", "contact"),
    *("created", "updated", "active", "item", "rest"),
)
_MESSAGE = ("ticket", "id", "ulid", "type", "user", "contact", "created", "forward", "body", "rest")


class Reader:
    """Reads within the caller's transaction."""

    def __init__(self, database: Database, people: People) -> None:
        self._people = people
        # Of two rows of one ticket the later is the world's own: its layer has the higher number.
        self._tickets = of_world(database, tickets, _TICKET, "id", "layer")
        self._tagged = of_world(database, tagged, ("layer", "ticket", "tag"), "ticket", "position")
        self._messages = of_world(database, messages, _MESSAGE, "created", "id")
        attached = ("message", "id", "name", "url", "size", "mime_type")
        self._attachments = of_world(database, attachments, attached, "message", "position")
        logged = ("ticket", "type", "user", "created")
        self._activities = of_world(database, activities, logged, "created", "id")

    def workspaces(self, transaction: Transaction, world: World) -> list[Workspace]:
        cast = self._people.cast(transaction, world, with_contacts=True)
        stories = self._stories(transaction, world, cast)
        return self._people.workspaces(transaction, world, cast, stories)

    def _stories(
        self, transaction: Transaction, world: World, people: Cast
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
        stories: dict[int, list[Ticket]] = defaultdict(list)
        for id, row in newest.items():
            bare = _ticket(row, people, tuple(labels[row[0], id]))
            told = replace(bare, messages=tuple(threads[id]), activities=tuple(logs[id]))
            stories[row[2]].append(told)
        return stories

    def _threads(
        self, transaction: Transaction, world: World, people: Cast
    ) -> dict[int, list[Message]]:
        files: dict[int, list[Attachment]] = defaultdict(list)
        for message, *attachment in transaction.all(self._attachments, **layers_of(world)):
            files[message].append(Attachment(*attachment))
        threads: dict[int, list[Message]] = defaultdict(list)
        for row in transaction.all(self._messages, **layers_of(world)):
            threads[row[0]].append(_message(row, people, tuple(files[row[1]])))
        return threads


def _ticket(row: Row, people: Cast, labels: tuple[Tag, ...]) -> Ticket:
    _, id, _, ulid, status, channel, assignee, contact, created, updated, active, item, rest = row
    facts = _facts(item, rest)
    return Ticket(
        id=id,
        ulid=ulid,
        subject=facts["subject"],
        status=status,
        channel=people.channels[channel],
        assignee=_maybe(people.users, assignee),
        contact=people.contacts[contact],
        tags=labels,
        latest_message_preview=facts["latest_message_preview"],
        summary=facts["summary"],
        created_at=moment(created),
        updated_at=moment(updated),
        last_activity_at=moment(active),
    )


def _message(row: Row, people: Cast, files: tuple[Attachment, ...]) -> Message:
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
