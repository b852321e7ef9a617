"""Updates: reversible writes to the named tickets, each looked at from several sides."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from contract_tests.desk import Pen, pens
from contract_tests.exchange import Exchange, Who
from contract_tests.laws.membership import who_am_i
from contract_tests.plan import probe
from contract_tests.scout import Scout
from contract_tests.undo import value_of
from contract_tests.views import Row
from contract_tests.writing import STATUSES, UNKNOWN_USER

UPDATE = ("update", "bystanders", "membership", "access", "shape", "detail")
_BAD_STATUS: tuple[Any, ...] = ("bogus", None, 5, "OPEN", ["closed"], "")
_BAD_USER: tuple[Any, ...] = (UNKNOWN_USER, "abc", [], 1.5)
IN_A_ROW = 20
"""So many writes in a row find what goes wrong once in twenty requests."""
_MALFORMED = (b"", b'{"status": "clo', b"[]", b'"closed"')


@probe(
    "PUT /api/tickets/{id}/status {another}, then detail and list",
    "PUT /api/tickets/{id}/assignee {another}, then detail and list",
    phase="writing",
    topics=UPDATE,
)
def first_writes(scout: Scout) -> None:
    if scout.profile != "quick":
        return  # the writes below show all this and more
    for pen in _pens(scout)[:1]:
        status = _other_status(pen.row)
        if _is_forbidden(scout, pen.write("status", status)):
            return
        scout.list_tickets("the status after the write", status=status, per_page=100)
        pen.read()
        people = _people(scout, pen.row)
        if people and pen.may_return():
            pen.write("assignee", people[0])
            pen.read()
        pen.raw("status", {"status": "bogus"}, "a status that is none")


@probe("PUT status: each value, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def statuses(scout: Scout) -> None:
    for pen in _pens(scout)[:1]:
        first = str(pen.row.get("status"))
        for status in [*(status for status in STATUSES if status != first), first]:
            before = str(pen.row.get("status"))
            if _is_forbidden(scout, pen.write("status", status)):
                return
            _look(scout, "those of the new status", status=status)
            if before == first:
                _look(scout, "those of the old status", status=before)
            pen.read()
        pen.write("status", first, "the present value")
        pen.read()


@probe("PUT assignee: users, null, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def assignees(scout: Scout) -> None:
    """The first ticket is assigned in a status of ours, and not open: what must stay so."""
    for pen in _pens(scout)[:1]:
        pen.write("status", _shut(pen.row), "a status that assignments must not touch")
    for number, pen in enumerate(_pens(scout)):
        people = _people(scout, pen.row)[:2]
        if not pen.may_return():
            scout.note(f"ticket {pen.ticket}: its assignee could not be put back; left alone")
            continue
        for user in [*people, None] if number == 0 else ():
            _assign(scout, pen, user)
        if number:
            pen.write("assignee", None)
        if people:
            pen.write("assignee", people[0])
            pen.write("assignee", people[0], "the present value")
        pen.read()


@probe("PUT status and assignee with invalid, missing, null and malformed values",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def invalid_writes(scout: Scout) -> None:
    for pen in _pens(scout)[:1]:
        if pen.row.get("status") == "open":
            pen.write("status", "spam")  # so that accepting "OPEN" would show
            pen.read()
        for value in _BAD_STATUS:
            pen.raw("status", {"status": value}, "a status that is none")
        pen.raw("status", {}, "no status")
        for value in _BAD_USER:
            pen.raw("assignee", {"user_id": value}, "a user that is none")
        pen.raw("assignee", {}, "no user")
        pen.read()
        for body in _MALFORMED:
            pen.raw("status", body, "a malformed body")
        pen.raw("assignee", b"{", "a malformed body")
        pen.read()


@probe("PUT with no token, a wrong one, other tokens: nothing changes", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def strangers_write(scout: Scout) -> None:
    strangers: tuple[Who, ...] = ("none", "wrong", "scheme")
    others: tuple[Who, ...] = ("other", "readonly")
    for pen in _pens(scout)[:1]:
        for who in strangers:
            _write_as(pen, who)
        pen.read()
        for who in others:
            if who in scout.seen.others:
                _write_as(pen, who)
                pen.write("assignee", None, f"who: {who}", who)
                pen.read()


@probe("PUT status of two tickets in turn, 20 changes without a pause, then each detail",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def in_a_row(scout: Scout) -> None:
    """What one write stored, the next must not lose, and every change must be in the log."""
    chosen = _pens(scout)[:2]
    changes = [(pen, _every_change(str(pen.row.get("status")))) for pen in chosen]
    for number in range(IN_A_ROW if chosen else 0):
        if not scout.target.budget.allows(1 + len(chosen)):
            break  # what was changed must still be read
        pen, statuses = changes[number % len(chosen)]
        pen.write("status", next(statuses), "one of many changes")
    for pen in chosen:
        pen.read()


def _assign(scout: Scout, pen: Pen, user: int | None) -> None:
    """Assign, look where the ticket comes or goes, and read it."""
    before = value_of(pen.row, "assignee")
    pen.write("assignee", user)
    if None in (before, user):
        _look(scout, "nobody's after the write", unassigned=True)
    if who_am_i(scout.seen) in (before, user):
        _look(scout, "mine after the write", assigned_to_me=True)
    pen.read()


def _write_as(pen: Pen, who: Who) -> None:
    pen.write("status", _other_status(pen.row), f"who: {who}", who)


def _is_forbidden(scout: Scout, answer: Exchange) -> bool:
    """Take note when the token may not write: then nothing else is written."""
    if answer.status == 403:
        scout.forbidden = True
        scout.note("the token may not write (403)")
    return scout.forbidden


def _look(scout: Scout, purpose: str, **query: Any) -> None:
    scout.list_tickets(purpose, **query, sort="-updated_at", per_page=100)


def _pens(scout: Scout) -> list[Pen]:
    return [] if scout.desk is None or scout.forbidden else pens(scout, scout.desk)


def _other_status(row: Row) -> str:
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
    return cycle((one, first, two, one, two, first))


def _people(scout: Scout, row: Row) -> list[int]:
    """Return users who may be assigned, ourselves first, without the present assignee.

    They are those who have tickets, most tickets first.
    """
    me = who_am_i(scout.seen)
    known = list(scout.counts("assignee"))
    present = value_of(row, "assignee")
    return sorted((user for user in known if user != present), key=lambda user: user != me)
