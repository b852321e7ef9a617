"""Updates: reversible writes to the named tickets, each looked at from several sides."""

from collections.abc import Iterator
from itertools import cycle
from typing import TYPE_CHECKING, Any

from contract_tests.observations.exchange import Exchange, Who
from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import Row
from contract_tests.observations.write import STATUSES, UNKNOWN_USER
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.writes.ticket_writer import TicketWriter, ticket_writers
from contract_tests.writes.undo import value_of

if TYPE_CHECKING:
    from contract_tests.writes.undo_journal import Field

UPDATE = ("update", "untouched_tickets", "new_tickets", "conservation", "filters", "access",
          "responses", "detail")  # fmt: skip
_BAD_STATUS: tuple[Any, ...] = (None, "OPEN", ["closed"], "")
_BAD_USER: tuple[Any, ...] = (UNKNOWN_USER, 1.5)
_NEARLY_STATUS: tuple[Any, ...] = (
    "close", True, {"value": "closed"}, "archived",
    "closedx", "x" * 300, "pending", "resolved",
)  # fmt: skip
"""What stands next to the three statuses: beginnings, wrappings, words of other help desks."""
IN_A_ROW = 20
"""So many writes in a row at most: what goes wrong once in twenty requests shows in them."""
AFTERWARDS = 6
"""Requests that are left for what was refused, once more: five kinds and a detail."""
_MALFORMED = (b"", b'{"status": "clo', b"[]")


@probe(
    "PUT /api/tickets/{id}/status {another}, then detail and list",
    "PUT /api/tickets/{id}/assignee {another}, then detail and list",
    phase="writing",
    topics=UPDATE,
)
def first_writes(explorer: Explorer) -> None:
    if explorer.profile != "quick":
        return  # the writes below show all this and more
    for writer in _writers(explorer)[:1]:
        status = _other_status(writer.row)
        if _is_forbidden(explorer, writer.write("status", status)):
            return
        writer.read()  # what was stored shows only before the next write
        explorer.list_tickets("the status after the write", status=status, per_page=100)
        people = _people(explorer, writer.row)
        if people and writer.may_return():
            writer.write("assignee", people[0])
        writer.raw("status", {"status": "bogus"}, "a status that is none")
        _write_as(writer, "none")
        writer.raw("status", {"status": None}, "no status")
        writer.raw("status", b'{"status": "clo', "a malformed body")
        writer.raw("assignee", {"user_id": UNKNOWN_USER}, "a user that is none")
        writer.read()


@probe("PUT status: each value, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def statuses(explorer: Explorer) -> None:
    for writer in _writers(explorer)[:1]:
        first = str(writer.row.get("status"))
        for status in [*(status for status in STATUSES if status != first), first]:
            before = str(writer.row.get("status"))
            if _is_forbidden(explorer, writer.write("status", status)):
                return
            _look(explorer, "those of the new status", status=status)
            if before == first:
                _look(explorer, "those of the old status", status=before)
            writer.read()
        writer.write("status", first, "the present value")
        writer.read()


@probe("PUT assignee: users, null, twice, seen in detail, list and totals", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def assignees(explorer: Explorer) -> None:
    """The first ticket is assigned in a status of ours, and not open: what must stay so."""
    for writer in _writers(explorer)[:1]:
        writer.write("status", _shut(writer.row), "a status that assignments must not touch")
    for number, writer in enumerate(_writers(explorer)):
        people = _people(explorer, writer.row)[:2]
        if not writer.may_return():
            explorer.note(f"ticket {writer.ticket}: its assignee could not be put back; left alone")
            continue
        for user in [*people, None] if number == 0 else ():
            _assign(explorer, writer, user)
        if number:
            writer.write("assignee", None)
        if people:
            writer.write("assignee", people[0])
            writer.write("assignee", people[0], "the present value")
        writer.read()


@probe("PUT status and assignee with invalid, missing, null and malformed values",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def invalid_writes(explorer: Explorer) -> None:
    for writer in _writers(explorer)[:1]:
        if writer.row.get("status") == "open":
            writer.write("status", "spam")  # so that accepting "OPEN" would show
            writer.read()
        for value in _BAD_STATUS:
            writer.raw("status", {"status": value}, "a status that is none")
        writer.raw("status", {}, "no status")
        for value in _BAD_USER:
            writer.raw("assignee", {"user_id": value}, "a user that is none")
        writer.raw("assignee", {}, "no user")
        for body in _MALFORMED:
            writer.raw("status", body, "a malformed body")
        writer.raw("assignee", b"{", "a malformed body")
        writer.read()


@probe("PUT status and assignee with values next to valid ones, and a body with one key more",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def nearly_valid_writes(explorer: Explorer) -> None:
    for writer in _writers(explorer)[:1]:
        if not writer.may_return():
            continue
        known = _people(explorer, writer.row)[:1]
        if known and value_of(writer.row, "assignee") is None:
            writer.write("assignee", known[0], "an assignee that a wrong reading would remove")
            writer.read()
        count = 4 if explorer.profile == "standard" else None  # the rest is for deep
        for user in _nearly_users(_people(explorer, writer.row)[:1] or [1])[:count]:
            writer.raw("assignee", {"user_id": user}, "nearly a user")
        for status in _NEARLY_STATUS[:count]:
            writer.raw("status", {"status": status}, "nearly a status")
        user, status = value_of(writer.row, "assignee"), _other_status(writer.row)
        writer.note("status", status)
        writer.raw("assignee", {"user_id": user, "status": status}, "a body with one key more")
        writer.read()


@probe("PUT with no token, a wrong one, other tokens: nothing changes", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def strangers_write(explorer: Explorer) -> None:
    strangers: tuple[Who, ...] = ("none", "wrong")
    others: tuple[Who, ...] = ("other", "readonly")
    for writer in _writers(explorer)[:1]:
        for who in strangers:
            _write_as(writer, who)
        writer.raw("status", {"status": "bogus"}, "who: scheme, a status that is none", "scheme")
        writer.write("assignee", None, "who: none", "none")
        _write_nearly(explorer, writer)
        writer.read()
        for who in others:
            if who in explorer.history.others:
                _write_as(writer, who)
                writer.write("assignee", None, f"who: {who}", who)
        if explorer.history.others:
            writer.read()


@probe("PUT status of two tickets in turn, up to 20 changes without a pause, then each detail",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def in_a_row(explorer: Explorer) -> None:
    """What one write stored, the next must not lose, and every change must be in the log."""
    chosen = _writers(explorer)[:2]
    changes = [(writer, _every_change(str(writer.row.get("status")))) for writer in chosen]
    for number in range(IN_A_ROW if chosen else 0):
        if not explorer.target.budget.allows(1 + len(chosen) + AFTERWARDS):
            break  # what was changed must still be read
        writer, statuses = changes[number % len(chosen)]
        writer.write("status", next(statuses), "one of many changes")
    for writer in chosen:
        writer.read()


def _assign(explorer: Explorer, writer: TicketWriter, user: int | None) -> None:
    """Assign, look where the ticket comes or goes, and read it."""
    before = value_of(writer.row, "assignee")
    writer.write("assignee", user)
    if None in (before, user):
        _look(explorer, "unassigned tickets after the write", unassigned=True)
    if who_am_i(explorer.history) in (before, user):
        _look(explorer, "mine after the write", assigned_to_me=True)
    writer.read()


def _write_as(writer: TicketWriter, who: Who) -> None:
    writer.write("status", _other_status(writer.row), f"who: {who}", who)


def _write_nearly(explorer: Explorer, writer: TicketWriter) -> None:
    """Send tokens that are nearly ours; what they write is what stands there already."""
    nearly: list[tuple[Field, Who]] = [
        ("status", "cut"), ("assignee", "empty"),
    ]  # fmt: skip
    if explorer.target.tokens.withdrawn:
        nearly.append(("status", "withdrawn"))
    for name, who in nearly:
        writer.write(name, value_of(writer.row, name), f"who: {who}", who)


def _is_forbidden(explorer: Explorer, answer: Exchange) -> bool:
    """Take note when the token may not write: then nothing else is written."""
    if answer.status == 403:
        explorer.writes_forbidden = True
        explorer.note("the token may not write (403)")
    return explorer.writes_forbidden


def _nearly_users(known: list[int]) -> list[Any]:
    """Return values that a careless reading takes for the user, or for nobody."""
    user = known[0]
    return [-user, 2**32 + user, False, [user], 0, {"id": user}, f"{user}abc", "none"]


def _look(explorer: Explorer, purpose: str, **query: Any) -> None:
    explorer.list_tickets(purpose, **query, sort="-updated_at", per_page=100)


def _writers(explorer: Explorer) -> list[TicketWriter]:
    return (
        []
        if explorer.write_session is None or explorer.writes_forbidden
        else ticket_writers(explorer, explorer.write_session)
    )


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


def _people(explorer: Explorer, row: Row) -> list[int]:
    """Return users who may be assigned, ourselves first, without the present assignee.

    They are those who have tickets, most tickets first.
    """
    me = who_am_i(explorer.history)
    known = list(explorer.counts("assignee"))
    present = value_of(row, "assignee")
    return sorted((user for user in known if user != present), key=lambda user: user != me)
