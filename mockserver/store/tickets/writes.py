"""What a write changes: every rule about times and the activity log is in this module."""

from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.contract.choices import Choices
from mockserver.seed.clock import moment
from mockserver.seed.preview import preview
from mockserver.seed.records import Channel, Contact, Message, MessageType, Tag, Ticket, User
from mockserver.seed.ulid import derived_ulid
from mockserver.store.bulk_insert import BulkInsert, insert_record
from mockserver.store.database.transaction import Transaction
from mockserver.store.render import Renderer
from mockserver.store.search_text import extended
from mockserver.store.tickets.overlay import (
    Change,
    Overlay,
    count_change,
    lock_ticket,
    member,
    next_id,
    search_text_of,
)
from mockserver.store.tickets.queries import TicketRow
from mockserver.store.world import Caller, World
from mockserver.store.worlds.layers import lock_world

STATUS_CHANGED = "status_changed"  # shown by the page
ASSIGNEE_CHANGED = "assignee_changed"  # named after it

_DELETE_TAGS = "DELETE FROM ticket_tags WHERE layer = :layer AND ticket = :ticket"
_REST = "SELECT rest FROM items WHERE layer = :layer AND id = :id"
_UPDATE_REST = "UPDATE items SET rest = :rest WHERE layer = :layer AND id = :id"


@dataclass(frozen=True, slots=True)
class Opening:
    """A new ticket as a contact sends it; a contact with id 0 is a new one."""

    subject: str
    body_html: str
    contact: Contact
    channel: Channel
    tags: tuple[Tag, ...] = ()


class Writes:
    """Changes a ticket in a world's own layer, within the caller's transaction.

    A change moves `updated_at` (never back, whatever the clock). One by a caller
    appends an activity; setting what is already so does neither, unless chosen.
    A message moves the preview and the last activity as well, and one from the
    contact opens a closed ticket again. A tag moves nothing: the framework does
    not touch a model whose labels change.
    """

    def __init__(
        self, choices: Choices, overlay: Overlay, rows: BulkInsert, renderer: Renderer
    ) -> None:
        self._choices = choices
        self._overlay = overlay
        self._rows = rows
        self._render = renderer

    def set_status(
        self, transaction: Transaction, caller: Caller, id: int, status: str
    ) -> TicketRow:
        found = lock_ticket(transaction, caller.world, id)
        if found.status == status and self._choices.unchanged_write == "ignore":
            return found
        log = ((STATUS_CHANGED, caller.user),)
        change = Change({"status": status}, {"status": status}, log)
        return self._overlay.apply(transaction, caller.world, found, change)

    def set_assignee(
        self, transaction: Transaction, caller: Caller, id: int, user: int | None
    ) -> TicketRow | None:
        """Assign a member, or unassign; return None if there is no such member."""
        world = caller.world
        found = lock_ticket(transaction, world, id)
        rendered = user and member(transaction, world, caller.workspace, user, "assignee")
        if user is not None and not rendered:
            return None
        if found.assignee == user and self._choices.unchanged_write == "ignore":
            return found
        log = ((ASSIGNEE_CHANGED, caller.user),)
        change = Change({"assignee": rendered}, {"assignee": user}, log)
        return self._overlay.apply(transaction, world, found, change)

    def open_ticket(
        self, transaction: Transaction, world: World, workspace: int, opening: Opening
    ) -> int:
        """Add a ticket with its first message, and its contact if new; return the ticket's id."""
        lock_world(transaction, world)
        now = self._overlay.now(world)
        contact = self._saved_contact(transaction, world, workspace, opening.contact)
        message = self._message(transaction, world, now, "inbound", opening.body_html, contact)
        id = next_id(transaction, world, "tickets")
        created_at = moment(now)
        ticket = Ticket(
            id=id,
            ulid=derived_ulid("ticket", id, created_at),
            subject=opening.subject,
            status="open",
            channel=opening.channel,
            assignee=None,
            contact=contact,
            tags=opening.tags,
            latest_message_preview=preview(opening.body_html),
            summary=None,
            created_at=created_at,
            updated_at=created_at,
            last_activity_at=created_at,
            messages=(message,),
        )
        count_change(transaction, world)
        self._rows.insert_tickets(transaction, world.layer, workspace, [ticket])
        return id

    def add_message(
        self,
        transaction: Transaction,
        world: World,
        id: int,
        kind: MessageType,
        body_html: str,
        sender: User | Contact,
    ) -> None:
        """Add a message; one from the contact reopens a closed ticket, without an acting user."""
        found = lock_ticket(transaction, world, id)
        now = self._overlay.now(world, found.updated)
        message = self._message(transaction, world, now, kind, body_html, sender)
        reopens = kind == "inbound" and found.status == "closed"
        start = preview(body_html)
        change = Change(
            fields={"latest_message_preview": start} | ({"status": "open"} if reopens else {}),
            columns={"status": "open"} if reopens else {},
            log=((STATUS_CHANGED, None),) if reopens else (),
            text=extended(search_text_of(transaction, found), body_html),
        )
        self._overlay.apply(transaction, world, found, change)
        self._rows.insert_messages(transaction, world.layer, [(id, message)])
        self._keep_rest(transaction, world, found, {"latest_message_preview": start})

    def set_tags(self, transaction: Transaction, world: World, id: int, tags: list[Tag]) -> None:
        """Give a ticket these tags, in this order."""
        found = lock_ticket(transaction, world, id)
        change = Change({"tags": self._render.tags(tags)}, touches=False)
        self._overlay.apply(transaction, world, found, change)
        place = {"layer": world.layer, "ticket": id}
        transaction.run(_DELETE_TAGS, **place)
        rows = [place | {"tag": tag.id, "position": n} for n, tag in enumerate(tags)]
        transaction.insert("ticket_tags", rows)

    def _saved_contact(
        self, transaction: Transaction, world: World, workspace: int, contact: Contact
    ) -> Contact:
        if contact.id:
            return contact
        id = next_id(transaction, world, "contacts")
        ulid = derived_ulid("contact", id, moment(self._overlay.now(world)))
        known = Contact(id, ulid, contact.name, contact.email, contact.avatar_url)
        insert_record(transaction, "contacts", world.layer, workspace, known)
        return known

    def _message(
        self,
        transaction: Transaction,
        world: World,
        now: int,
        kind: MessageType,
        body_html: str,
        sender: User | Contact,
    ) -> Message:
        id = next_id(transaction, world, "messages")
        ulid = derived_ulid("message", id, moment(now))
        return Message(id, ulid, kind, body_html, sender, moment(now))

    def _keep_rest(
        self, transaction: Transaction, world: World, row: TicketRow, facts: dict[str, Any]
    ) -> None:
        """Move those facts of a ticket that the contract's list item does not show."""
        shown = orjson.loads(row.item)
        hidden = {name: value for name, value in facts.items() if name not in shown}
        if not hidden:
            return
        place = {"layer": world.layer, "id": row.id}
        rest = orjson.loads(transaction.value(_REST, **place) or b"{}")
        transaction.run(_UPDATE_REST, **place, rest=orjson.dumps(rest | hidden))
