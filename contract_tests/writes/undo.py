"""Undoes the writes of a run: puts back what each ticket was before the first of them."""

from dataclasses import dataclass
from typing import Any, Literal

from contract_tests.client.session import Session
from contract_tests.client.waits import Backoff
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, put
from contract_tests.observations.ticket import Row
from contract_tests.writes.undo_journal import Field, UndoJournal

UNDO_REQUESTS = 4
"""Requests that undoing the writes to one ticket takes: read, put back twice, read."""
JUST_READ = 4
"""How many exchanges a look at a ticket may be back: written ones are read in a row."""
UndoOutcome = Literal["restored", "left alone", "failed"]


@dataclass(frozen=True)
class UndoResult:
    """What became of one field: restored, left alone because it was changed since, or failed."""

    ticket: int
    field: Field
    outcome: UndoOutcome
    original: Any = None


def undo(session: Session, journal: UndoJournal) -> list[UndoResult]:
    """Put back every field that was written; what was not seen restored stays in the journal."""
    if not journal.entries:
        return []
    guard = session.target.transport.guard
    before = guard.tickets
    guard.tickets = before | journal.tickets()
    try:
        with session.target.phase("undo", limits="none"):
            results = [
                r
                for ticket in sorted(journal.tickets())
                for r in _restore(session, journal, ticket)
            ]
    finally:
        guard.tickets = before
    journal.keep({(r.ticket, r.field) for r in results if r.outcome == "failed"})
    return results


def value_of(row: Row, name: Field) -> Any:
    """Return a field as it is written: the status, or the assignee's id."""
    if name == "status":
        return row.get("status")
    assignee = row.get("assignee")
    return assignee.get("id") if isinstance(assignee, dict) else None


def ticket_of(exchange: Exchange | None) -> Row | None:
    """Return the ticket that a successful response shows."""
    if exchange is None or exchange.status != 200:
        return None
    row = exchange.member("ticket")
    return row if isinstance(row, dict) else None


def request_of(ticket: int, name: Field, value: Any, purpose: str) -> Request:
    key = "status" if name == "status" else "user_id"
    return put(f"{LIST_PATH}/{ticket}/{name}", {key: value}, purpose)


def _restore(session: Session, journal: UndoJournal, ticket: int) -> list[UndoResult]:
    """Put a ticket's fields back, and read it until they are seen, for as long as reads may lag."""
    originals = {n: value for (owner, n), value in journal.originals().items() if owner == ticket}
    row = _just_read(session, ticket) or _current(session, ticket)
    for name, original in originals.items():
        outcome = _outcome(journal, row, ticket, name)
        doubtful = outcome == "restored" and _may_be_stale(session, journal, ticket, name)
        if outcome == "failed" or doubtful:
            session.send(request_of(ticket, name, original, "undo"))
            row = None
    wait = Backoff(session.target.settle)
    again = True
    while True:
        row = row or _current(session, ticket)
        results = [
            UndoResult(ticket, name, _outcome(journal, row, ticket, name), original)
            for name, original in originals.items()
        ]
        stuck = [result for result in results if result.outcome == "failed"]
        if not stuck or not wait.next(session.target.transport.waits.rest):
            return results
        if again and row is not None:  # the first write may have been lost
            again = False
            for result in stuck:
                session.send(request_of(ticket, result.field, result.original, "undo"))
        row = None


def _may_be_stale(session: Session, journal: UndoJournal, ticket: int, name: Field) -> bool:
    """Return whether a field that reads as it was may have been written all the same.

    Reads of a deployment may lag behind its writes. The answer is no when each write was
    refused, or when the last one that was carried out wrote the original value.
    """
    path = f"{LIST_PATH}/{ticket}/{name}"
    exchanges = session.history.exchanges
    sent = [e for e in exchanges if e.request.path == path and not e.superseded]
    written = [e for e in journal.entries if (e.ticket, e.field) == (ticket, name)]
    if len(sent) < len(written):  # by an earlier run, or interrupted
        return True
    done = [e for e in sent if not e.client_error]
    if not done:
        return False
    original = journal.originals()[ticket, name]
    request = request_of(ticket, name, original, "")
    return done[-1].status != 200 or done[-1].request.body != request.body


def _outcome(journal: UndoJournal, row: Row | None, ticket: int, name: Field) -> UndoOutcome:
    """Return how a field stands now: failed means that it still has a value of ours."""
    if row is None:
        return "failed"
    now = value_of(row, name)
    if now == journal.originals()[ticket, name]:
        return "restored"
    return "failed" if journal.wrote(ticket, name, now) else "left alone"


def _just_read(session: Session, ticket: int) -> Row | None:
    """Return the ticket as one of the last exchanges shows it, where no write follows."""
    last = session.history.exchanges[-JUST_READ:]
    if any(e.request.method == "PUT" for e in last):
        last = last[-1:]
    path = f"{LIST_PATH}/{ticket}"
    found = (ticket_of(e) for e in last if e.request.path == path and e.request.who == "main")
    return next(found, None)


def _current(session: Session, ticket: int) -> Row | None:
    exchange = session.send(
        Request("GET", f"{LIST_PATH}/{ticket}", purpose="before or after the undo")
    )
    return ticket_of(exchange)
