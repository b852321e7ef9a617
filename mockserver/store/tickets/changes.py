"""What a caller of the API changes: status, assignee, team, tags and messages of a ticket."""

from mockserver.contract.choices import Choices
from mockserver.seed.records import MessageType
from mockserver.store import people
from mockserver.store.database import Database
from mockserver.store.database.transaction import Transaction
from mockserver.store.tickets.queries import TicketRow, has_message, ticket_detail
from mockserver.store.tickets.writes import NewMessage, Writes
from mockserver.store.world import Caller

FORWARDED = "forwarded"
NOTE_ADDED = "note_added"
REPLY_SENT = "reply_sent"
"""Types of activities; the vendor lists none of them."""


class TicketChanges:
    """Changes a ticket that was found; each method is one transaction.

    Each returns the ticket or the message as JSON; None where a record does not exist.
    """

    def __init__(self, database: Database, writes: Writes, choices: Choices) -> None:
        self._database = database
        self._writes = writes
        self._choices = choices

    def set_status(self, caller: Caller, id: int, status: str) -> bytes:
        with self._database.write() as transaction:
            row = self._writes.set_status(transaction, caller, id, status)
            return self._updated(transaction, caller, row)

    def set_assignee(self, caller: Caller, id: int, user: int | None) -> bytes | None:
        """Assign a member, or unassign; return None if there is no such member."""
        if user is not None and not 0 < user < 2**63:  # no member has such an id
            return None
        with self._database.write() as transaction:
            row = self._writes.set_assignee(transaction, caller, id, user)
            return None if row is None else self._updated(transaction, caller, row)

    def set_team(self, caller: Caller, id: int, team: int | None) -> bytes | None:
        """Assign a team, or none; return None if the workspace has no such team."""
        with self._database.write() as transaction:
            if team is not None and not people.has_team(transaction, caller, team):
                return None
            row = self._writes.set_team(transaction, caller, id, team)
            return self._updated(transaction, caller, row)

    def set_tag(self, caller: Caller, id: int, tag: int, *, on: bool) -> bytes:
        """Add a tag of the workspace as the last one, or remove it."""
        with self._database.write() as transaction:
            row = self._writes.set_tag(transaction, caller.world, id, tag, on=on, user=caller.user)
            return self._updated(transaction, caller, row)

    def reply(self, caller: Caller, id: int, body_html: str) -> bytes:
        return self._say(caller, id, "outbound", body_html, REPLY_SENT)

    def note(self, caller: Caller, id: int, body_html: str) -> bytes:
        return self._say(caller, id, "note", body_html, NOTE_ADDED)

    def forward(self, caller: Caller, id: int, body_html: str, message: int | None) -> bytes | None:
        """Forward a ticket, or one message of it; return None if it has no such message."""
        if message is not None:
            with self._database.read() as transaction:
                if not has_message(transaction, caller.world, id, message):
                    return None
        return self._say(caller, id, "outbound", body_html, FORWARDED)

    def _say(
        self, caller: Caller, id: int, kind: MessageType, body_html: str, activity: str
    ) -> bytes:
        with self._database.write() as transaction:
            sender = people.user(transaction, caller.world, caller.user)
            said = NewMessage(kind, body_html, sender, activity, activity == FORWARDED)
            return self._writes.add_message(transaction, caller.world, id, said)

    def _updated(self, transaction: Transaction, caller: Caller, row: TicketRow) -> bytes:
        if self._choices.update_reply != "detail":
            return row.item
        newest_first = self._choices.activity_order == "newest_first"
        return ticket_detail(transaction, caller.world, row, newest_first=newest_first)
