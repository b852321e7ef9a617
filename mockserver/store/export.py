"""Rows back to records: the whole content of a world."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, cast

import orjson

from mockserver.seed.clock import moment
from mockserver.seed.records import Activity, Attachment, Message, Tag, Ticket, User, Workspace
from mockserver.store.database.transaction import Row, Transaction
from mockserver.store.people import (
    IN_WORLD,
    Directory,
    layers_of,
    read_directory,
    read_workspaces,
)
from mockserver.store.world import World

# Of two rows of one ticket the later is the world's own: its layer has the higher number.
_TICKETS = f"""
SELECT layer, id, workspace, ulid, status, channel, assignee, contact, created, updated, active,
    item, rest
FROM tickets JOIN items USING (layer, id) WHERE {IN_WORLD} ORDER BY id, layer
"""
_TAGS = f"SELECT layer, ticket, tag FROM ticket_tags WHERE {IN_WORLD} ORDER BY ticket, position"
_MESSAGES = f"""
SELECT ticket, id, ulid, type, user_id, contact, created, forward, body, rest
FROM messages WHERE {IN_WORLD} ORDER BY created, id
"""
_ATTACHMENTS = f"""
SELECT message, id, name, url, size, mime_type FROM attachments
WHERE {IN_WORLD} ORDER BY message, position
"""
_ACTIVITIES = f"""
SELECT ticket, type, user_id, created FROM activities WHERE {IN_WORLD} ORDER BY created, id
"""


def export_world(transaction: Transaction, world: World) -> list[Workspace]:
    """Return everything in a world as records."""
    directory = read_directory(transaction, world, with_contacts=True)
    tickets = _tickets_by_workspace(transaction, world, directory)
    return read_workspaces(transaction, world, directory, tickets)


def _tickets_by_workspace(
    transaction: Transaction, world: World, people: Directory
) -> dict[int, list[Ticket]]:
    """Return the tickets of each workspace with their messages and activities, ids ascending."""
    newest = {row[1]: row for row in transaction.all(_TICKETS, **layers_of(world))}
    tags: dict[tuple[int, int], list[Tag]] = defaultdict(list)
    for layer, ticket, tag in transaction.all(_TAGS, **layers_of(world)):
        tags[layer, ticket].append(people.tags[tag])
    messages = _messages_by_ticket(transaction, world, people)
    activities: dict[int, list[Activity]] = defaultdict(list)
    for ticket, kind, user, created in transaction.all(_ACTIVITIES, **layers_of(world)):
        activities[ticket].append(Activity(kind, _maybe(people.users, user), moment(created)))
    by_workspace: dict[int, list[Ticket]] = defaultdict(list)
    for id, row in newest.items():
        bare = _ticket(row, people, tuple(tags[row[0], id]))
        whole = replace(bare, messages=tuple(messages[id]), activities=tuple(activities[id]))
        by_workspace[row[2]].append(whole)
    return by_workspace


def _messages_by_ticket(
    transaction: Transaction, world: World, people: Directory
) -> dict[int, list[Message]]:
    files: dict[int, list[Attachment]] = defaultdict(list)
    for message, *attachment in transaction.all(_ATTACHMENTS, **layers_of(world)):
        files[message].append(Attachment(*attachment))
    messages: dict[int, list[Message]] = defaultdict(list)
    for row in transaction.all(_MESSAGES, **layers_of(world)):
        messages[row[0]].append(_message(row, people, tuple(files[row[1]])))
    return messages


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
