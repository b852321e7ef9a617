"""Updates: reversible writes to the named tickets, each looked at from several sides."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from contract_tests.observations.exchange import Exchange, Who
from contract_tests.observations.filter_semantics import FILTERS, Reading, belongs, spell
from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import Row
from contract_tests.observations.write import STATUSES
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.search_terms import Term, message_terms, subject_terms
from contract_tests.writes.ticket_writer import TicketWriter, open_ticket_writers
from contract_tests.writes.undo import value_of

UPDATE = (
    *("update", "assigned_people", "untouched_tickets", "new_tickets", "conservation", "filters"),
    *("access", "responses", "detail"),
)


@probe("PUT status: each value, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def statuses(explorer: Explorer) -> None:
    for writer in writers_of(explorer)[:1]:
        first = str(writer.row.get("status"))
        others = [status for status in STATUSES if status != first]
        for number, status in enumerate([*others, first]):
            terms = _terms_of(explorer, writer.row, of_messages=number == 0)
            company = company_of(writer.row, terms) if status != first else {}
            if is_forbidden(explorer, writer.write("status", status)):
                return
            look(explorer, "those of the new status", status=status, **company)
            if status == others[0]:
                size = _size(explorer, writer.ticket, status=first)
                look(explorer, "those of the old status", status=first, per_page=size)
            writer.read()


@probe("PUT assignee: users, null, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def assignees(explorer: Explorer) -> None:
    """The first ticket is assigned in a status of ours, and not open: what must stay so."""
    for writer in writers_of(explorer)[:1]:
        shut = _shut(writer.row)
        for purpose in ("a status that assignments must not touch", "the present value"):
            writer.write("status", shut, purpose)
    for number, writer in enumerate(writers_of(explorer)):
        if not writer.rewrite_assignee():
            explorer.note(f"ticket {writer.ticket}: its assignee could not be put back; left alone")
        elif number == 0:
            _assign_in_turn(explorer, writer)
        else:
            _unassign_and_reassign(explorer, writer)
            _change_status(explorer, writer)


@probe("GET /api/tickets: two pages of one ticket each, and a page read before the writes",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def pages_after_writes(explorer: Explorer) -> None:
    """Tickets that were written in one second have a fixed order too; copies of pages go stale."""
    written = writers_of(explorer)[:2]
    if len({writer.row.get("updated_at") for writer in written}) < len(written):
        for number in (1, 2):
            explorer.list_tickets(
                "between the written tickets", sort="-updated_at", per_page=1, page=number
            )
    tickets = {writer.ticket for writer in written}
    for page in explorer.history.pages:
        old = page.exchange.phase == "reading" and page.query.page > 1 and page.query.plain
        if old and tickets & {row["id"] for row in page.rows}:
            explorer.ask(replace(page.exchange.request, spelling="", purpose="a page once more"))
            return


def _change_status(explorer: Explorer, writer: TicketWriter) -> None:
    """Change the status of a ticket that somebody else has: the log must name us."""
    status = "closed" if writer.row.get("status") == "open" else "open"
    writer.write("status", status, "a change of an assigned ticket")
    look(explorer, "those of the new status", status=status)
    writer.read()


def _unassign_and_reassign(explorer: Explorer, writer: TicketWriter) -> None:
    """Unassign a ticket, look for it among the unassigned ones, and assign it again."""
    present = value_of(writer.row, "assignee")
    writer.write("assignee", None)
    look_for_unassigned(explorer, writer)
    writer.read()
    for user in [present] if present is not None else people(explorer, writer.row)[:1]:
        writer.write("assignee", user)


def _assign_in_turn(explorer: Explorer, writer: TicketWriter) -> None:
    """Assign us, another, and nobody twice; look where the ticket comes or goes, and read it.

    Last comes a body with keys that are none: what other versions of the API named the user.
    """
    users, me = people(explorer, writer.row)[:2], who_am_i(explorer.history)
    for number, user in enumerate(users):
        before = value_of(writer.row, "assignee")
        writer.write("assignee", user, charset="utf-8")
        if number == 0:
            look_for_unassigned(explorer, writer)
        if me in (before, user):
            look(explorer, "mine after the write", assigned_to_me=True)
        writer.read()
    writer.write("assignee", None)
    writer.write("assignee", None, "the present value")
    writer.read()
    for user in users[:1]:
        status = other_status(writer.row)
        writer.note("status", status)
        more = {"assignee_id": None, "assignee": None, "status": status}
        writer.raw("assignee", {"user_id": user, **more}, "a body with more keys")
        writer.read()


def write_as(writer: TicketWriter, who: Who) -> None:
    """Write another status with other credentials than ours."""
    writer.write("status", other_status(writer.row), f"who: {who}", who)


def is_forbidden(explorer: Explorer, answer: Exchange) -> bool:
    """Take note when the token may not write: then nothing else is written."""
    if answer.status == 403:
        explorer.writes_forbidden = True
        explorer.note("the token may not write (403)")
    return explorer.writes_forbidden


def look(explorer: Explorer, purpose: str, per_page: int = 100, **query: Any) -> None:
    explorer.list_tickets(purpose, **query, sort="-updated_at", per_page=per_page)


def look_for_unassigned(explorer: Explorer, writer: TicketWriter, **query: Any) -> None:
    size = _size(explorer, writer.ticket, unassigned=True, **query)
    purpose = "unassigned tickets after the write"
    look(explorer, purpose, **query, unassigned=True, per_page=size)


def _size(explorer: Explorer, ticket: int, **query: Any) -> int:
    """Return a page size that the other tickets of a list fill: with this one, it has a page more.

    So a total or a last page of before the write shows.
    """
    rows = [row for row in explorer.rows() if row["id"] != ticket]
    filters = tuple(spell(query).items())
    others = sum(belongs(filters, row, None, Reading()) is True for row in rows)
    return next((size for size in range(100, 0, -1) if others and others % size == 0), 100)


def company_of(row: Row, terms: Iterator[Term]) -> dict[str, Any]:
    """Return filters that a ticket meets whatever its status: of each kind that others index."""
    found: dict[str, Any] = {}
    for name in ("channel_ids", "tag_ids"):
        value = FILTERS[name].example(row, None)
        if value is not None:
            found[name] = value
    for term in islice(terms, 1):
        found["search"] = term.text
    return found


def _terms_of(explorer: Explorer, row: Row, *, of_messages: bool) -> Iterator[Term]:
    """Yield the terms of a ticket's messages, the latest first, if it has any; then its subject's.

    An index that is built anew after a write may forget the one or the other.
    """
    detail = explorer.history.detail_of(int(row["id"]))
    if of_messages and detail is not None:
        for index in reversed(range(len(detail.messages))):
            yield from message_terms(detail, index, explorer.rng)
    yield from subject_terms(row)


def writers_of(explorer: Explorer) -> list[TicketWriter]:
    return (
        []
        if explorer.write_session is None or explorer.writes_forbidden
        else open_ticket_writers(explorer, explorer.write_session)
    )


def other_status(row: Row) -> str:
    return "closed" if row.get("status") != "closed" else "open"


def _shut(row: Row) -> str:
    """Return a status that is neither open nor the present one."""
    return "spam" if row.get("status") == "closed" else "closed"


def people(explorer: Explorer, row: Row) -> list[int]:
    """Return users who may be assigned, ourselves first, without the present assignee.

    They are those who have tickets, most tickets first.
    """
    me = who_am_i(explorer.history)
    known = list(explorer.counts("assignee"))
    present = value_of(row, "assignee")
    return sorted((user for user in known if user != present), key=lambda user: user != me)
