"""Writes to tickets: which tickets may be written, and a writer for each of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from contract_tests.client.errors import CannotRun
from contract_tests.client.session import Session
from contract_tests.laws.tickets.activity_order import longest_active
from contract_tests.observations.exchange import LIST_PATH, Exchange, Who, put
from contract_tests.observations.ticket import Row, moment
from contract_tests.observations.write import KEYS
from contract_tests.writes.undo import request_of, ticket_of, value_of
from contract_tests.writes.undo_journal import Entry, Field, UndoJournal

_MARKUP = re.compile(r"[&<>\"']")
_LONG_THREAD = 20
"""Messages that are more than a first page of them, in many deployments."""
MAX_TICKETS = {"quick": 2, "standard": 2, "deep": 3}
"""How many tickets a profile writes to when any may be written."""


@dataclass
class WriteSession:
    """`tickets` are the ids that may be written; empty means any."""

    journal: UndoJournal
    tickets: tuple[int, ...] = ()
    ticket_writers: dict[int, "TicketWriter"] = field(default_factory=dict)
    returnable: set[int] = field(default_factory=set)
    """Tickets whose assignee the deployment takes back."""
    undoing: int = 0
    """Requests that are kept back for the undo of writes between other requests."""
    planned: list["PlannedChanges"] = field(default_factory=list)
    """What is still to be written to each ticket, between other requests."""


@dataclass
class TicketWriter:
    """Writes to one ticket; every write is in the undo journal before it leaves."""

    session: Session
    write_session: WriteSession
    ticket: int
    row: Row

    def write(
        self, name: Field, value: Any, purpose: str = "", who: Who = "main", *, charset: str = ""
    ) -> Exchange:
        """Write a value; `charset` is named beside the media type, as many libraries do."""
        self.note(name, value)
        request = request_of(self.ticket, name, value, purpose or f"write {name}")
        if charset:
            request = replace(request, content_type=f"{request.content_type}; charset={charset}")
        return self.session.ask(replace(request, who=who))

    def raw(self, name: Field, body: Any, purpose: str, who: Who = "main") -> Exchange:
        """Send a body that must be refused; noted too, because it might not be."""
        self.note(name, body.get(KEYS[name]) if isinstance(body, dict) else None)
        return self.session.ask(put(f"{LIST_PATH}/{self.ticket}/{name}", body, purpose, who))

    def read(self) -> Row:
        """Read the ticket whole and remember it."""
        exchange = self.session.detail(self.ticket, "the ticket after a write")
        self.row = ticket_of(exchange) or self.row
        return self.row

    def rewrite_assignee(self) -> bool:
        """Write the assignee once more; return whether it can be put back: who has left cannot."""
        known = self.write_session.journal.originals()
        original = known.get((self.ticket, "assignee"), value_of(self.row, "assignee"))
        if original is None or self.ticket in self.write_session.returnable:
            return True
        if value_of(self.row, "assignee") != original:
            return False
        answer = self.write("assignee", original, "the present value")
        if answer.successful:
            self.write_session.returnable.add(self.ticket)
        return answer.successful

    def note(self, name: Field, value: Any) -> None:
        """Put a write into the undo journal, before it leaves."""
        self.write_session.journal.note(Entry(self.ticket, name, value_of(self.row, name), value))


@dataclass
class PlannedChanges:
    """What is written to one ticket, step by step; the last steps put back what it was."""

    writer: TicketWriter
    assignees: Iterator[Any]
    statuses: Iterator[str]

    def assign(self) -> None:
        for user in islice(self.assignees, 1):
            self.writer.write("assignee", user, charset="utf-8")

    def change_status(self) -> None:
        for status in islice(self.statuses, 1):
            self.writer.write("status", status)

    def finish(self) -> None:
        """Write all that is left."""
        for status in self.statuses:
            self.writer.write("status", status)
        for user in self.assignees:
            self.writer.write("assignee", user)


def require_tickets(session: Session, write_session: WriteSession) -> None:
    """Request each named ticket; raises CannotRun for one that may not be written."""
    for ticket in write_session.tickets:
        exchange = session.detail(ticket, "a ticket that may be written")
        if exchange is not None and exchange.status in (403, 404):
            raise CannotRun(
                f"--write-tickets {ticket}: the deployment answers {exchange.status} for ticket "
                f"{ticket}; name tickets that exist there"
            )
        if not session.in_scope(ticket):
            raise CannotRun(f"--write-tickets {ticket}: the ticket is not in --only-channels")


def open_ticket_writers(session: Session, write_session: WriteSession) -> list[TicketWriter]:
    """Read the tickets that may be written, and return a writer for each that can be read.

    From then on the guard lets writes to them pass.
    """
    named = write_session.tickets
    if session.profile == "quick":
        named = named[: MAX_TICKETS["quick"]]
    for ticket in named or tuple(write_session.ticket_writers) or _suitable(session):
        if ticket not in write_session.ticket_writers:
            row = ticket_of(session.detail(ticket, "the ticket before any write"))
            if row is None or row.get("id") != ticket:
                session.note(f"ticket {ticket} cannot be read, so it is not written")
                continue
            write_session.ticket_writers[ticket] = TicketWriter(session, write_session, ticket, row)
    session.target.transport.guard.tickets = frozenset(write_session.ticket_writers)
    return list(write_session.ticket_writers.values())


def _suitable(session: Session) -> list[int]:
    """Return tickets that have rested long: an unassigned one, an assigned one, then others.

    The unassigned one is open, the assigned one is not, if any; else what a write could spoil
    decides, then the time of rest. In quick, the assigned one is closed, as most tickets in the end
    are, and its contact has another one.
    """
    rested = [row for row in session.rows_in_scope() if moment(row.get("updated_at"))]
    rested.sort(key=lambda row: (moment(row["updated_at"]), row["id"]))
    rested.sort(key=lambda row: _at_stake(session, row), reverse=True)
    free = [row for row in rested if row.get("assignee") is None]
    if session.profile == "quick":  # few threads are known yet: one of several messages tells more
        active = set(longest_active(session.history))
        free.sort(key=lambda row: row["id"] not in active)
    free.sort(key=lambda row: row.get("status") != "open")
    taken = [row for row in rested if row.get("assignee") is not None]
    if session.profile == "quick":  # the first one has tags, and what is empty may fail, too
        related = _related(rested)
        taken.sort(key=lambda row: row["id"] not in related)
        taken.sort(key=lambda row: bool(row.get("tags")))
        taken.sort(key=lambda row: row.get("status") != "closed")
    taken.sort(key=lambda row: row.get("status") == "open")
    chosen = [*free[:1], *taken[:1], *free[1:], *taken[1:]][: MAX_TICKETS[session.profile]]
    return [int(row["id"]) for row in chosen]


def _related(rows: list[Row]) -> set[int]:
    """Return the tickets whose contact has others in their channel, in another status.

    A write that is meant for one ticket, and reaches whatever shares a key with it, reaches those.
    """
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        contact, channel = row.get("contact"), row.get("channel")
        if isinstance(contact, dict) and isinstance(channel, dict):
            groups.setdefault((contact.get("id"), channel.get("id")), []).append(row)
    return {
        int(row["id"])
        for group in groups.values()
        for row in group
        if any(other.get("status") != row.get("status") for other in group)
    }


def _at_stake(session: Session, row: Row) -> tuple[int, int, int]:
    """Return how much a write could spoil: markup, tags, a summary, the log's order, a thread."""
    detail = session.history.detail_of(int(row["id"]))
    logged = {entry.get("created_at") for entry in detail.activities} if detail else set()
    thread = len(detail.messages) if detail else 0
    markup, tags = _MARKUP.search(str(row.get("subject"))), row.get("tags")
    labels = len(tags) if isinstance(tags, list) else 0
    kinds = (
        markup,
        labels > 1,
        labels > 3,
        len(logged) > 1,
        thread > _LONG_THREAD,
        row.get("summary"),
    )
    return sum(map(bool, kinds)), labels, thread
