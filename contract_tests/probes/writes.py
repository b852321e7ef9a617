"""Updates: reversible writes to the named tickets, each looked at from several sides."""

from typing import Any

from contract_tests.desk import Pen, pens
from contract_tests.exchange import Who  # noqa: TC001 - annotates a local
from contract_tests.plan import probe
from contract_tests.scout import Scout
from contract_tests.undo import value_of
from contract_tests.views import Row
from contract_tests.writing import STATUSES, UNKNOWN_USER

UPDATE = ("update", "bystanders", "membership", "access", "shape", "detail")
_BAD_STATUS: tuple[Any, ...] = ("bogus", None, 5, "OPEN", ["closed"], "")
_BAD_USER: tuple[Any, ...] = (UNKNOWN_USER, "abc", [], 1.5)
_MALFORMED = (b"", b'{"status": "clo', b"[]", b'"closed"')


@probe(
    "PUT /api/tickets/{id}/status {another}, then detail and list",
    "PUT /api/tickets/{id}/assignee {another}, then detail and list",
    phase="writing",
    topics=UPDATE,
)
def first_writes(scout: Scout) -> None:
    for pen in _pens(scout)[:1]:
        status = _other_status(pen.row)
        if pen.write("status", status).status == 403:
            scout.forbidden = True
            scout.notes.append("the token may not write (403)")
            return
        scout.list_tickets("the status after the write", status=status, per_page=100)
        pen.read()
        people = _people(scout, pen.row)
        if people and _may_return(pen):
            pen.write("assignee", people[0])
            pen.read()
        pen.raw("status", {"status": "bogus"}, "a status that is none")


@probe("PUT status: each value, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def statuses(scout: Scout) -> None:
    for number, pen in enumerate(_pens(scout)):
        first = str(pen.row.get("status"))
        others = [status for status in STATUSES if status != first]
        for status in [*others, first]:
            before = str(pen.row.get("status"))
            pen.write("status", status)
            if number == 0:
                _look(scout, "those of the new status", status=status)
            pen.read()
            if number == 0:
                _look(scout, "those of the old status", status=before)
        pen.write("status", first, "the present value")
        pen.read()


@probe("PUT assignee: users, null, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def assignees(scout: Scout) -> None:
    for number, pen in enumerate(_pens(scout)):
        people = _people(scout, pen.row)[:2]
        if not _may_return(pen):
            scout.notes.append(
                f"ticket {pen.ticket}: its assignee could not be put back; left alone"
            )
            continue
        for user in [*people, None, *people[:1]] if number == 0 else [*people[:1], None]:
            pen.write("assignee", user)
            if number == 0:
                _look(scout, "nobody's after the write", unassigned=True)
            pen.read()
            if number == 0:
                _look(scout, "mine after the write", assigned_to_me=True)
        if people:
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
        pen.read()
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
    everyone: list[Who] = ["none", "wrong", "scheme", "other", "readonly"]
    given = [
        who for who in everyone if who not in ("other", "readonly") or who in scout.seen.others
    ]
    for pen in _pens(scout)[:1]:
        for who in given:
            pen.write("status", _other_status(pen.row), f"who: {who}", who)
            pen.read()
        for who in given[3:]:
            pen.write("assignee", None, f"who: {who}", who)
            pen.read()


@probe("status and assignee in turn; each must outlast the other", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def in_turn(scout: Scout) -> None:
    """What one write stored, the next one must not lose."""
    for pen in _pens(scout)[:1]:
        people = _people(scout, pen.row)
        for number in range(3):
            pen.write("status", _other_status(pen.row))
            if people and _may_return(pen):
                pen.write("assignee", people[number % len(people)])
            pen.read()
        scout.list_tickets("the list after all", per_page=100)


def _look(scout: Scout, purpose: str, **query: Any) -> None:
    scout.list_tickets(purpose, **query, sort="-updated_at", per_page=100)


def _pens(scout: Scout) -> list[Pen]:
    return [] if scout.desk is None or scout.forbidden else pens(scout, scout.desk)


def _other_status(row: Row) -> str:
    return "closed" if row.get("status") != "closed" else "open"


def _people(scout: Scout, row: Row) -> list[int]:
    """Return users who are assigned to some ticket, most tickets first, without the present one."""
    return [user for user in scout.counts("assignee") if user != value_of(row, "assignee")]


def _may_return(pen: Pen) -> bool:
    """True when the ticket's first assignee can be put back: one who has left may not come back."""
    original = pen.desk.journal.originals().get(
        (pen.ticket, "assignee"), value_of(pen.row, "assignee")
    )
    if original is None or pen.ticket in pen.desk.returnable:
        return True
    if value_of(pen.row, "assignee") != original:
        return False
    answer = pen.write("assignee", original, "the present value")
    if answer.status == 200:
        pen.desk.returnable.add(pen.ticket)
    return answer.status == 200
