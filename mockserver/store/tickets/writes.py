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
from mockserver.store.people import read_directory, tags_of
from mockserver.store.render import Renderer
from mockserver.store.search_text import extended
from mockserver.store.tickets.overlay import (
    Change,
    Log,
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
ASSIGNEE_CHANGED = "assignee_changed"  # named after it, as are the others
TEAM_CHANGED = "team_changed"
TAG_ADDED = "tag_added"
TAG_REMOVED = "tag_removed"

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


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message as its sender sends it, and the activity that logs it, if one does."""

    kind: MessageType
    body_html: str
    sender: User | Contact
    activity: str | None = None
    is_forward: bool = False

    @property
    def log(self) -> Log:
        return () if self.activity is None else ((self.activity, self.sender.id),)


class Writes:
    """Changes a ticket in a world's own layer, within the caller's transaction.

    A change moves `updated_at` (never back, whatever the clock). One by a caller
    appends an activity; setting what is already so does neither, unless chosen.
    A message moves the preview and the last activity as well, and one from the
    contact opens a closed ticket again. A tag that nobody sets (the admin API) moves
    nothing.
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

    def set_team(
        self, transaction: Transaction, caller: Caller, id: int, team: int | None
    ) -> TicketRow:
        found = lock_ticket(transaction, caller.world, id)
        if found.team == team and self._choices.unchanged_write == "ignore":
            return found
        change = Change({}, {"team": team}, ((TEAM_CHANGED, caller.user),))
        return self._overlay.apply(transaction, caller.world, found, change)

    def open_ticket(
        self, transaction: Transaction, world: World, workspace: int, opening: Opening
    ) -> int:
        """Add a ticket with its first message, and its contact if new; return the ticket's id."""
        lock_world(transaction, world)
        now = self._overlay.now(world)
        contact = self._saved_contact(transaction, world, workspace, opening.contact)
        said = NewMessage("inbound", opening.body_html, contact)
        message = self._message(transaction, world, now, said)
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
        said: NewMessage,
    ) -> bytes:
        """Add a message and return it as JSON; one from the contact reopens a closed ticket."""
        found = lock_ticket(transaction, world, id)
        now = self._overlay.now(world, found.updated)
        message = self._message(transaction, world, now, said)
        reopens = said.kind == "inbound" and found.status == "closed"
        start = preview(said.body_html)
        change = Change(
            fields={"latest_message_preview": start} | ({"status": "open"} if reopens else {}),
            columns={"status": "open"} if reopens else {},
            log=((STATUS_CHANGED, None),) if reopens else said.log,
            text=extended(search_text_of(transaction, found), said.body_html),
        )
        self._overlay.apply(transaction, world, found, change)
        self._rows.insert_messages(transaction, world.layer, [(id, message)])
        self._keep_rest(transaction, world, found, {"latest_message_preview": start})
        return self._render.message(message)

    def set_tag(
        self,
        transaction: Transaction,
        world: World,
        id: int,
        tag: int,
        *,
        on: bool,
        user: int | None = None,
    ) -> TicketRow:
        """Add a tag to a ticket as the last one, or remove it; without a user nobody acts."""
        found = lock_ticket(transaction, world, id)
        before = tags_of(transaction, found.layer, id)
        if on is (tag in before):
            return found
        known = read_directory(transaction, world, with_contacts=False).tags
        after = [known[each] for each in before if each != tag] + ([known[tag]] if on else [])
        log = () if user is None else ((TAG_ADDED if on else TAG_REMOVED, user),)
        change = Change({"tags": self._render.tags(after)}, log=log, touches=user is not None)
        row = self._overlay.apply(transaction, world, found, change)
        place = {"layer": world.layer, "ticket": id}
        transaction.run(_DELETE_TAGS, **place)
        rows = [place | {"tag": each.id, "position": n} for n, each in enumerate(after)]
        transaction.insert("ticket_tags", rows)
        return row

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
        said: NewMessage,
    ) -> Message:
        id = next_id(transaction, world, "messages")
        return Message(
            id=id,
            ulid=derived_ulid("message", id, moment(now)),
            type=said.kind,
            body_html=said.body_html,
            sender=said.sender,
            created_at=moment(now),
            is_forward=said.is_forward,
        )

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
