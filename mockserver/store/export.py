"""Rows back to records: the whole content of a world."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, cast

import orjson

from mockserver.seed.clock import moment
from mockserver.seed.records import Activity, Attachment, Message, Records, Tag, Ticket, Workspace
from mockserver.store.database.transaction import Row, Transaction
from mockserver.store.people import IN_WORLD, read_workspaces

# Of two rows of one ticket the later is the world's own: its layer has the higher number.
_OF_THE_LAYER = "AND {} IN (SELECT id FROM tickets WHERE layer = :own)"
_RECIPE = "SELECT recipe FROM layers WHERE id = :base"
_TICKETS = f"""
SELECT layer, id, workspace, ulid, status, channel, assignee, contact, team, created, updated,
    active, item, rest
FROM tickets JOIN items USING (layer, id) WHERE {IN_WORLD} {{}} ORDER BY id, layer
"""
_TAGS = f"""
SELECT layer, ticket, tag FROM ticket_tags WHERE {IN_WORLD} {{}} ORDER BY ticket, position
"""
_MESSAGES = f"""
SELECT ticket, id, ulid, type, user_id, contact, created, forward, body, rest
FROM messages WHERE {IN_WORLD} {{}} ORDER BY created, id
"""
_ATTACHMENTS = f"""
SELECT ticket, message, attachments.id, name, url, size, mime_type FROM attachments
JOIN messages ON messages.layer = attachments.layer AND messages.id = message
WHERE attachments.{IN_WORLD} {{}} ORDER BY message, position
"""
_ACTIVITIES = f"""
SELECT ticket, type, user_id, created FROM activities WHERE {IN_WORLD} {{}} ORDER BY created, id
"""


def export_world(transaction: Transaction) -> list[Workspace]:
    """Return everything in a world as records."""
    return _Reader(transaction).workspaces()


def export_changed(transaction: Transaction) -> tuple[str, list[Workspace], list[Workspace]]:
    """Return the recipe of a world's seed, and its changed tickets before and after.

    Both sides have all people. The recipe is the JSON of a world file, or empty.
    """
    world = transaction.world
    seeded = transaction.inside(replace(world, layer=world.base))
    before, after = (_Reader(each, own=world.layer) for each in (seeded, transaction))
    return transaction.value(_RECIPE) or "", before.workspaces(), after.workspaces()


class _Reader:
    """Reads a world, or only those tickets that the layer `own` has."""

    def __init__(self, transaction: Transaction, own: int | None = None) -> None:
        self._transaction = transaction
        self._own = own
        self._empty = read_workspaces(transaction, with_contacts=True)
        self._people = Records.of(*self._empty)

    def workspaces(self) -> list[Workspace]:
        found = self._tickets_by_workspace()
        return [
            replace(each, tickets=tuple(found[each.id]), ticket_count=len(found[each.id]))
            for each in self._empty
        ]

    def _rows(self, sql: str, column: str = "ticket") -> list[Row]:
        condition = "" if self._own is None else _OF_THE_LAYER.format(column)
        return self._transaction.all(sql.format(condition), own=self._own)

    def _tickets_by_workspace(self) -> dict[int, list[Ticket]]:
        """Return the tickets of each workspace with messages and activities, ids ascending."""
        people = self._people
        newest = {row[1]: row for row in self._rows(_TICKETS, "id")}
        tags: dict[tuple[int, int], list[Tag]] = defaultdict(list)
        for layer, ticket, tag in self._rows(_TAGS):
            tags[layer, ticket].append(people.tags[tag])
        messages = self._messages_by_ticket()
        activities: dict[int, list[Activity]] = defaultdict(list)
        for ticket, kind, user, created in self._rows(_ACTIVITIES):
            person = None if user is None else people.users[user]
            activities[ticket].append(Activity(kind, person, moment(created)))
        by_workspace: dict[int, list[Ticket]] = defaultdict(list)
        for id, row in newest.items():
            bare = _ticket(row, people, tuple(tags[row[0], id]))
            whole = replace(bare, messages=tuple(messages[id]), activities=tuple(activities[id]))
            by_workspace[row[2]].append(whole)
        return by_workspace

    def _messages_by_ticket(self) -> dict[int, list[Message]]:
        files: dict[int, list[Attachment]] = defaultdict(list)
        for _, message, *attachment in self._rows(_ATTACHMENTS):
            files[message].append(Attachment(*attachment))
        messages: dict[int, list[Message]] = defaultdict(list)
        for row in self._rows(_MESSAGES):
            messages[row[0]].append(_message(row, self._people, tuple(files[row[1]])))
        return messages


def _ticket(row: Row, people: Records, labels: tuple[Tag, ...]) -> Ticket:
    _, id, _, ulid, status, channel, assignee, contact, team, created, updated, active = row[:12]
    facts = _facts(*row[12:])
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
        team=people.teams[team] if team else None,
    )


def _message(row: Row, people: Records, files: tuple[Attachment, ...]) -> Message:
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
