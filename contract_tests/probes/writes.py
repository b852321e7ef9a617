"""Updates: reversible writes to the named tickets, each looked at from several sides."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from contract_tests.observations.exchange import Exchange, Who
from contract_tests.observations.filter_semantics import FILTERS, Reading, meets
from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import Row
from contract_tests.observations.write import STATUSES, UNKNOWN_USER
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.search_terms import subject_terms
from contract_tests.writes.ticket_writer import TicketWriter, ticket_writers
from contract_tests.writes.undo import value_of

UPDATE = (
    *("update", "assigned_people", "untouched_tickets", "new_tickets", "conservation", "filters"),
    *("access", "responses", "detail"),
)
IN_A_ROW = 20
"""So many writes in a row at most: what goes wrong once in twenty requests shows in them."""
AFTERWARDS = 3
"""Requests that are left for pages, and for some of what was refused once more."""


@probe(
    "PUT /api/tickets/{id}/status {another}, then detail and list",
    "PUT /api/tickets/{id}/assignee {another}, then detail and list",
    phase="writing",
    topics=UPDATE,
)
def first_writes(explorer: Explorer) -> None:
    if explorer.profile != "quick":
        return  # the writes below show all this and more
    for writer in writers_of(explorer)[:1]:
        status = other_status(writer.row)
        if is_forbidden(explorer, writer.write("status", status)):
            return
        writer.read()  # what was stored shows only before the next write
        explorer.list_tickets("the status after the write", status=status, per_page=100)
        known = people(explorer, writer.row)
        if known and writer.may_return():
            writer.write("assignee", known[0])
        writer.raw("status", {"status": "bogus"}, "a status that is none")
        write_as(writer, "none")
        writer.raw("status", {"status": None}, "no status")
        writer.raw("status", b'{"status": "clo', "a malformed body")
        writer.raw("assignee", {"user_id": UNKNOWN_USER}, "a user that is none")
        writer.read()


@probe("PUT status: each value, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def statuses(explorer: Explorer) -> None:
    for writer in writers_of(explorer)[:1]:
        first = str(writer.row.get("status"))
        others = [status for status in STATUSES if status != first]
        if "other" in explorer.history.others:
            writer.write("status", others[-1], "who: other", "other")
        for status, company in zip([*others, first], _companies(writer.row), strict=True):
            if is_forbidden(explorer, writer.write("status", status)):
                return
            _look(explorer, "those of the new status", status=status, **company)
            if status == others[0]:
                size = _size(explorer, writer.ticket, "status", first)
                _look(explorer, "those of the old status", status=first, per_page=size)
            if status != first:
                writer.read()
        writer.write("status", first, "the present value")
        writer.read()


@probe("PUT assignee: users, null, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def assignees(explorer: Explorer) -> None:
    """The first ticket is assigned in a status of ours, and not open: what must stay so."""
    for writer in writers_of(explorer)[:1]:
        writer.write("status", _shut(writer.row), "a status that assignments must not touch")
    for number, writer in enumerate(writers_of(explorer)):
        if not writer.may_return():
            explorer.note(f"ticket {writer.ticket}: its assignee could not be put back; left alone")
        elif number == 0:
            _assign_in_turn(explorer, writer)
        else:
            writer.write("assignee", None)
            _look_for_unassigned(explorer, writer)
            for user in people(explorer, writer.row)[:1]:
                writer.write("assignee", user)
            writer.read()


@probe("PUT status of two tickets in turn, up to 20 changes without a pause, then each detail",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def in_a_row(explorer: Explorer) -> None:
    """What one write stored, the next must not lose, and every change must be in the log."""
    chosen = writers_of(explorer)[:2]
    changes = [list(_every_change(str(writer.row.get("status")))) for writer in chosen]
    rounds = _rounds(explorer, len(chosen))
    if rounds and any(values[rounds - 1] == str(writer.row.get("status"))
                      for writer, values in zip(chosen, changes, strict=True)):  # fmt: skip
        rounds -= 1  # at the end a ticket must not be as it was at first: a lost change would hide
    for number in range(rounds):
        for writer, values in zip(chosen, changes, strict=True):
            writer.write("status", values[number], "one of many changes")
    for writer in chosen:
        writer.read()


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


def _rounds(explorer: Explorer, tickets: int) -> int:
    """Return how often each ticket can be written, so that what was changed can still be read."""
    allows = explorer.target.budget.allows
    most = range(IN_A_ROW // tickets, 0, -1) if tickets else ()
    return next((n for n in most if allows((n + 1) * tickets + AFTERWARDS)), 0)


def _assign_in_turn(explorer: Explorer, writer: TicketWriter) -> None:
    """Assign us, another, and nobody twice; look where the ticket comes or goes, and read it.

    Last comes a body with keys that are none: what other versions of the API named the user.
    """
    users, me = people(explorer, writer.row)[:2], who_am_i(explorer.history)
    for number, user in enumerate(users):
        before = value_of(writer.row, "assignee")
        writer.write("assignee", user)
        if number == 0:
            _look_for_unassigned(explorer, writer)
        if me in (before, user):
            _look(explorer, "mine after the write", assigned_to_me=True)
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


def _look(explorer: Explorer, purpose: str, per_page: int = 100, **query: Any) -> None:
    explorer.list_tickets(purpose, **query, sort="-updated_at", per_page=per_page)


def _look_for_unassigned(explorer: Explorer, writer: TicketWriter) -> None:
    size = _size(explorer, writer.ticket, "unassigned", "true")
    purpose = "unassigned tickets after the write"
    _look(explorer, purpose, unassigned=True, per_page=size)


def _size(explorer: Explorer, ticket: int, name: str, value: str) -> int:
    """Return a page size that the other tickets of a list fill: with this one, it has a page more.

    So a total or a last page of before the write shows.
    """
    rows = [row for row in explorer.rows() if row["id"] != ticket]
    others = sum(meets(name, value, row, None, Reading()) is True for row in rows)
    return next((size for size in range(100, 0, -1) if others and others % size == 0), 100)


def _companies(row: Row) -> list[dict[str, Any]]:
    """Return filters that a ticket meets whatever its status: of each kind that others index."""
    found: list[dict[str, Any]] = [{}, {}, {}]
    for place, name in ((0, "channel_ids"), (2, "tag_ids")):
        value = FILTERS[name].example(row, None)
        if value is not None:
            found[place][name] = value
    for term in islice(subject_terms(row), 1):
        found[1]["search"] = term.text
    return found


def writers_of(explorer: Explorer) -> list[TicketWriter]:
    return (
        []
        if explorer.write_session is None or explorer.writes_forbidden
        else ticket_writers(explorer, explorer.write_session)
    )


def other_status(row: Row) -> str:
    return "closed" if row.get("status") != "closed" else "open"


def _shut(row: Row) -> str:
    """Return a status that is neither open nor the present one."""
    return "spam" if row.get("status") == "closed" else "closed"


def _every_change(status: str) -> Iterator[str]:
    """Yield statuses, so that six changes in a row are all there are, and lead back to the first.

    There and back again is among them: closed, open, closed.
    """
    first = status if status in STATUSES else "open"
    one, two = (other for other in STATUSES if other != first)
    return islice(cycle((one, first, two, one, two, first)), IN_A_ROW)


def people(explorer: Explorer, row: Row) -> list[int]:
    """Return users who may be assigned, ourselves first, without the present assignee.

    They are those who have tickets, most tickets first.
    """
    me = who_am_i(explorer.history)
    known = list(explorer.counts("assignee"))
    present = value_of(row, "assignee")
    return sorted((user for user in known if user != present), key=lambda user: user != me)
