"""Refused writes: invalid values, malformed bodies, strangers, and ids that no ticket has.

They are sent to a ticket before it is written at all. Its last change is long past, so that any
effect shows, were it only a newer updated_at.
"""

from typing import TYPE_CHECKING, Any

from contract_tests.laws.updates.missing_tickets import NO_TICKET
from contract_tests.observations.exchange import LIST_PATH, Who, put
from contract_tests.observations.ticket import assignee_id
from contract_tests.observations.write import STATUSES, UNKNOWN_USER
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.probes.write_sequences import UNDOING
from contract_tests.probes.writes import (
    UPDATE,
    is_forbidden,
    other_status,
    people,
    write_as,
    writers_of,
)
from contract_tests.writes.ticket_writer import TicketWriter
from contract_tests.writes.undo import value_of

if TYPE_CHECKING:
    from contract_tests.writes.undo_journal import Field

_BAD_USER: tuple[Any, ...] = (UNKNOWN_USER, 1.5)
_MALFORMED = (b"", b'{"status": "clo', b"[]")
_LONG = "x" * 300
"""A text that is longer than the columns of many databases."""
_BEYOND_64 = 2**70
"""Its lowest 32 and 64 bits are 0, so that a number cut off to them is the one added."""
_ALL_IDS = 2**31
"""Where some ticket has an id like this, none is certain to be missing."""


@probe("PUT status and assignee of a ticket at rest: the present values, then what is refused:"
       " values that are none, a malformed body, a user of nobody or of the other workspace, no"
       " token, another one; then its detail",
       phase="writing", until="quick", topics=UPDATE)  # fmt: skip
def refused_at_rest(explorer: Explorer) -> None:
    """All that must change nothing comes before one look at it; the value tells what did."""
    for writer in writers_of(explorer)[:2][-1:]:
        writer.write_session.undoing = UNDOING
        explorer.target.budget.kept_back += UNDOING
        present, other = str(writer.row.get("status")), other_status(writer.row)
        if is_forbidden(explorer, writer.write("status", present, "the present value")):
            return
        writer.rewrite_assignee()
        users = people(explorer, writer.row) or [1]
        third = next(s for s in STATUSES[::-1] if s not in (present, other))
        writer.raw("status", {"status": other.upper()}, "an unknown status")
        writer.raw("status", b'{"status": "clo', "a malformed body")
        user = next(iter(_foreign_users(explorer)), 2**64 + users[0])
        writer.raw("assignee", {"user_id": user}, "a user who is none of ours")
        write_as(writer, "none")
        who: Who = "other" if "other" in explorer.history.others else "wrong"
        writer.write("status", third, f"who: {who}", who)
        writer.read()


@probe("PUT assignee and status: the present values of a ticket at rest, then its detail",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def present_values(explorer: Explorer) -> None:
    """An assigned ticket is looked for: an assignee is what a wrong reading would remove."""
    for writer in writers_of(explorer)[:2][::-1]:
        present = value_of(writer.row, "assignee")
        if present is None:
            continue
        answer = writer.write("assignee", present, "the present value")
        if is_forbidden(explorer, answer):
            return
        writer.write("status", value_of(writer.row, "status"), "the present value")
        writer.read()
        if answer.successful:
            writer.write_session.returnable.add(writer.ticket)
            return
    for writer in writers_of(explorer)[:1]:
        known = people(explorer, writer.row)[:1]
        if known and value_of(writer.row, "assignee") is None:
            answer = writer.write("assignee", known[0], "an assignee for wrong readings to remove")
            is_forbidden(explorer, answer)
            writer.read()


@probe("PUT status and assignee with invalid, missing, null and malformed values",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def invalid_writes(explorer: Explorer) -> None:
    for writer in _at_rest(explorer):
        other = other_status(writer.row)
        for value in (None, other.upper(), [other], ""):
            writer.raw("status", {"status": value}, "an unknown status")
        writer.raw("status", {}, "no status")
        for user in _BAD_USER:
            writer.raw("assignee", {"user_id": user}, "an unknown user")
        writer.raw("assignee", {}, "no user")
        for body in _MALFORMED:
            writer.raw("status", body, "a malformed body")
        writer.raw("assignee", b"{", "a malformed body")


@probe("PUT status and assignee with values next to valid ones", since="standard",
       phase="writing", topics=UPDATE)  # fmt: skip
def nearly_valid_writes(explorer: Explorer) -> None:
    whole = explorer.profile != "standard"
    for writer in _at_rest(explorer):
        for user in _foreign_users(explorer)[:1]:
            writer.raw("assignee", {"user_id": user}, "a user of another workspace")
        for user in _nearly_users((people(explorer, writer.row) or [1])[0], whole=whole):
            writer.raw("assignee", {"user_id": user}, "nearly a user")
        for status in _nearly_statuses(other_status(writer.row), whole=whole):
            writer.raw("status", {"status": status}, "nearly a status")


@probe("PUT with no token, a wrong one, other tokens, to ids of no ticket: nothing changes",
       since="standard", phase="writing", topics=(*UPDATE, "missing_tickets"))  # fmt: skip
def strangers_write(explorer: Explorer) -> None:
    """Each caller writes another value, where there are enough, so that an effect tells whose."""
    others: tuple[Who, ...] = ("other", "readonly")
    for writer in _at_rest(explorer):
        third = next(s for s in ("spam", "open") if s != writer.row.get("status"))
        users = [None, *people(explorer, writer.row)]
        write_as(writer, "none")
        writer.raw("status", {"status": "bogus"}, "who: scheme, an unknown status", "scheme")
        writer.write("assignee", None, "who: none", "none")
        writer.write("assignee", users[-1], "who: wrong", "wrong")
        _write_nearly(explorer, writer)
        for number, who in enumerate(others, 1):
            if who in explorer.history.others:
                writer.write("status", third, f"who: {who}", who)
                writer.write("assignee", users[number % len(users)], f"who: {who}", who)
        for user in _foreign_users(explorer)[:1]:
            writer.write("assignee", user, "who: other, a user of theirs", "other")
        _write_to_none(explorer, writer)
        writer.read()


def _at_rest(explorer: Explorer) -> list[TicketWriter]:
    """Return the ticket that gets what must be refused: one whose assignee can be put back."""
    chosen = writers_of(explorer)[:2][::-1]
    chosen.sort(key=lambda writer: value_of(writer.row, "assignee") is None)
    return next(([writer] for writer in chosen if writer.rewrite_assignee()), [])


def _write_nearly(explorer: Explorer, writer: TicketWriter) -> None:
    """Send tokens that are nearly ours; what they write is what stands there already."""
    nearly: list[tuple[Field, Who]] = [
        ("status", "cut"), ("assignee", "empty"), ("status", "basic"),
    ]  # fmt: skip
    if explorer.target.tokens.withdrawn:
        nearly.append(("status", "withdrawn"))
    for name, who in nearly:
        writer.write(name, value_of(writer.row, name), f"who: {who}", who)


def _write_to_none(explorer: Explorer, writer: TicketWriter) -> None:
    """Write to ids that no ticket has, and that a careless reading takes for the ticket."""
    top = max([int(ticket) for ticket in explorer.history.observations] or [0])
    if explorer.ticket_ids.by_ulid or top >= _ALL_IDS:
        return
    wraps = str(writer.ticket + 2**32)
    tries: list[tuple[str, Who]] = [
        (wraps, "none"),
        (wraps, "main"),
        (f"{writer.ticket}abc", "main"),
    ]
    status = other_status(writer.row)
    for name, who in tries:
        writer.note("status", status)
        explorer.target.transport.guard.names[name] = writer.ticket
        explorer.ask(put(f"{LIST_PATH}/{name}/status", {"status": status}, NO_TICKET, who))


def _foreign_users(explorer: Explorer) -> list[int]:
    """Return assignees of the other workspace only: refused, or assigned if they are in both."""
    ours = explorer.counts("assignee")
    theirs = (assignee_id(row) for row in explorer.history.foreign_rows())
    return [user for user in theirs if isinstance(user, int) and user not in ours]


def _nearly_users(user: int, *, whole: bool) -> list[Any]:
    """Return values that a careless reading takes for the user, or for nobody."""
    users: list[Any] = [[user], 0, f"{user}abc", _BEYOND_64 + user]
    return [*users, True, False, -user, "none", 2**32 + user, {"id": user}] if whole else users


def _nearly_statuses(status: str, *, whole: bool) -> list[Any]:
    """Return what stands next to a status: a beginning, wrappings, words of other help desks.

    A text that begins and ends with a status passes a pattern that is not anchored at both ends.
    """
    statuses: list[Any] = [status[:-1], f"spam,{status}", True, "archived", _LONG]
    more = [{"value": status}, f"{status}x", "pending", "resolved"]
    return [*statuses, *more] if whole else statuses
