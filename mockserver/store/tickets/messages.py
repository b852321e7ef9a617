"""New tickets, and messages added to a ticket by its contact or by a user."""

from dataclasses import dataclass, replace
from typing import Any, cast

import orjson

from mockserver.seed.clock import moment
from mockserver.seed.preview import preview
from mockserver.seed.records import Channel, Contact, Message, MessageType, Tag, Ticket, User
from mockserver.seed.ulid import derived_ulid
from mockserver.store import people
from mockserver.store.bulk_insert import BulkInsert, insert_record
from mockserver.store.database.database import Database
from mockserver.store.database.transaction import Transaction
from mockserver.store.render import Renderer
from mockserver.store.search_text import extended
from mockserver.store.tickets.overlay import (
    STATUS_CHANGED,
    Change,
    Overlay,
    count_change,
    lock_ticket,
    next_id,
)
from mockserver.store.tickets.queries import TicketRow, has_message
from mockserver.store.worlds.layers import lock_world
from mockserver.store.worlds.world import Caller, World

FORWARDED = "forwarded"
NOTE_ADDED = "note_added"
REPLY_SENT = "reply_sent"
"""Types of activities; the vendor lists none of them."""

_TEXT = "SELECT text FROM texts WHERE key = :key"
_REST = "SELECT rest FROM items WHERE layer = :layer AND id = :id"
_UPDATE_REST = "UPDATE items SET rest = :rest WHERE layer = :layer AND id = :id"


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A new ticket as a contact sends it; a contact with id 0 is a new one."""

    subject: str
    body_html: str
    contact: Contact
    channel: Channel
    tags: tuple[Tag, ...] = ()


class TicketMessages:
    """Each method is one transaction.

    A message moves the preview and the times of its ticket. One by a user appends an activity, one
    from the contact opens a closed ticket again.
    """

    def __init__(
        self, database: Database, overlay: Overlay, rows: BulkInsert, renderer: Renderer
    ) -> None:
        self._database = database
        self._overlay = overlay
        self._rows = rows
        self._render = renderer

    def open_ticket(self, world: World, workspace: int, new: NewTicket) -> int:
        """Add a ticket with its first message, and its contact if new; return the ticket's id."""
        with self._database.write(world) as transaction:
            lock_world(transaction)
            contact = self._saved_contact(transaction, workspace, new.contact)
            now = self._overlay.now(world)
            message = _message(transaction, now, "inbound", new.body_html, contact)
            ticket = _ticket(next_id(transaction, "tickets"), new, message)
            count_change(transaction)
            self._rows.insert_tickets(transaction, world.layer, workspace, [ticket])
        return ticket.id

    def add_contact_message(self, world: World, id: int, body_html: str, contact: Contact) -> None:
        """Add a message of the ticket's contact."""
        with self._database.write(world) as transaction:
            row = lock_ticket(transaction, id)
            now = self._overlay.now(world, row.updated)
            message = _message(transaction, now, "inbound", body_html, contact)
            reopens = {"status": "open"} if row.status == "closed" else {}
            log = ((STATUS_CHANGED, None),) if reopens else ()
            self._add(transaction, row, message, Change(reopens, reopens, log))

    def reply(self, caller: Caller, id: int, body_html: str) -> bytes:
        """Add a reply, and return the message as JSON."""
        return self._send(caller, id, "outbound", body_html, REPLY_SENT)

    def note(self, caller: Caller, id: int, body_html: str) -> bytes:
        return self._send(caller, id, "note", body_html, NOTE_ADDED)

    def forward(self, caller: Caller, id: int, body_html: str, message: int | None) -> bytes | None:
        """Forward a ticket, or one message of it; return None if it has no such message."""
        if message is not None:
            with self._database.read(caller.world) as transaction:
                if not has_message(transaction, id, message):
                    return None
        return self._send(caller, id, "outbound", body_html, FORWARDED)

    def _send(
        self, caller: Caller, id: int, kind: MessageType, body_html: str, activity: str
    ) -> bytes:
        world = caller.world
        with self._database.write(world) as transaction:
            row = lock_ticket(transaction, id)
            sender = people.user(transaction, caller.user)
            now = self._overlay.now(world, row.updated)
            message = _message(transaction, now, kind, body_html, sender)
            message = replace(message, is_forward=activity == FORWARDED)
            self._add(transaction, row, message, Change(log=((activity, caller.user),)))
        return self._render.message(message)

    def _add(
        self, transaction: Transaction, row: TicketRow, message: Message, change: Change
    ) -> None:
        """Insert a message and make the change that comes with it."""
        start = {"latest_message_preview": preview(message.body_html)}
        text = extended(str(transaction.value(_TEXT, key=row.text)), message.body_html)
        change = replace(change, fields=start | change.fields, text=text)
        self._overlay.apply(transaction, row, change)
        self._rows.insert_messages(transaction, transaction.world.layer, [(row.id, message)])
        _update_rest(transaction, row, start)

    def _saved_contact(self, transaction: Transaction, workspace: int, contact: Contact) -> Contact:
        if contact.id:
            return contact
        id = next_id(transaction, "contacts")
        ulid = derived_ulid("contact", id, moment(self._overlay.now(transaction.world)))
        saved = replace(contact, id=id, ulid=ulid)
        insert_record(transaction, "contacts", transaction.world.layer, workspace, saved)
        return saved


def _message(
    transaction: Transaction, now: int, kind: MessageType, body_html: str, sender: User | Contact
) -> Message:
    id, created_at = next_id(transaction, "messages"), moment(now)
    ulid = derived_ulid("message", id, created_at)
    return Message(id, ulid, kind, body_html, sender, created_at)


def _ticket(id: int, new: NewTicket, message: Message) -> Ticket:
    now = message.created_at
    return Ticket(
        id=id,
        ulid=derived_ulid("ticket", id, now),
        subject=new.subject,
        status="open",
        channel=new.channel,
        assignee=None,
        contact=cast("Contact", message.sender),
        tags=new.tags,
        latest_message_preview=preview(new.body_html),
        summary=None,
        created_at=now,
        updated_at=now,
        last_activity_at=now,
        messages=(message,),
    )


def _update_rest(transaction: Transaction, row: TicketRow, facts: dict[str, Any]) -> None:
    """Write those facts of a ticket that the contract's list item does not show."""
    shown = orjson.loads(row.item)
    hidden = {name: value for name, value in facts.items() if name not in shown}
    if not hidden:
        return
    rest = orjson.loads(transaction.value(_REST, id=row.id) or b"{}")
    transaction.run(_UPDATE_REST, id=row.id, rest=orjson.dumps(rest | hidden))
