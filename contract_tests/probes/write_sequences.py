"""Sequences of changes: two tickets in turn, and at random, compared with a model."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import TYPE_CHECKING

from contract_tests.observations.write import STATUSES
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.interleaved import ask_for_page_of
from contract_tests.probes.writes import (
    UPDATE,
    look,
    look_for_unassigned,
    people,
    writers_of,
)
from contract_tests.writes.ticket_writer import PlannedChanges, TicketWriter, open_ticket_writers
from contract_tests.writes.undo import value_of

if TYPE_CHECKING:
    from contract_tests.writes.state_machine import Step

IN_A_ROW = 20
"""So many writes in a row at most: what goes wrong once in twenty requests shows in them."""
UNDOING = 7
"""Requests that are left for undoing the writes to two tickets, beside a look at each."""
AFTERWARDS = 10
"""Requests that are left for pages, and for what was refused once more."""


@probe("PUT assignee of the second ticket: nobody; GET its detail; PUT status of the first one:"
       " another one; GET the tickets of nobody, in two statuses", phase="writing", until="quick",
       topics=UPDATE)  # fmt: skip
def first_changes(explorer: Explorer) -> None:
    """A status and an assignee are each the first change of a ticket at rest.

    The detail comes before any status is changed: a copy that only that renews is then an old one.
    """
    planned = _planned_changes(explorer)
    for changes in planned[-1:]:
        changes.assign()
        explorer.detail(changes.writer.ticket, "the ticket after its assignment alone")
    for changes in planned[:1]:
        changes.change_status()
    for changes in planned[-1:]:
        look_for_unassigned(explorer, changes.writer, status=_but_one(explorer, changes.writer))


@probe("PUT assignee of the first ticket: ourselves; PUT status of the second one: another one",
       phase="writing", until="quick", topics=UPDATE)  # fmt: skip
def second_changes(explorer: Explorer) -> None:
    for changes in _planned_changes(explorer)[:1]:
        changes.assign()
    for changes in _planned_changes(explorer)[1:]:
        changes.change_status()


@probe("PUT status of the first ticket: the third one; PUT assignee of the second one: who it was;"
       " GET the tickets of two tags", phase="writing", until="quick",
       topics=UPDATE)  # fmt: skip
def third_changes(explorer: Explorer) -> None:
    for changes in _planned_changes(explorer)[:1]:
        changes.change_status()
    for changes in _planned_changes(explorer)[1:]:
        changes.assign()
    for changes in _planned_changes(explorer)[:1]:
        ask_for_page_of(explorer, changes.writer.row)


@probe("PUT assignee of the first ticket: a colleague; PUT status of the second one: the third one;"
       " GET mine", phase="writing", until="quick", topics=UPDATE)  # fmt: skip
def fourth_changes(explorer: Explorer) -> None:
    for changes in _planned_changes(explorer)[:1]:
        changes.assign()
    for changes in _planned_changes(explorer)[1:]:
        changes.change_status()
    for changes in _planned_changes(explorer)[:1]:
        status = _but_one(explorer, changes.writer)
        look(explorer, "mine after the write", status=status, assigned_to_me=True)


@probe("PUT status and assignee of both tickets: what they were", phase="writing", until="quick",
       topics=UPDATE)  # fmt: skip
def changes_back(explorer: Explorer) -> None:
    session = explorer.write_session
    if session is not None:
        explorer.target.budget.kept_back -= session.undoing
        session.undoing = 0
    for changes in _planned_changes(explorer):
        changes.finish()


@probe("GET /api/tickets?filter[tag_ids]={one of the first ticket, and another} (the page that"
       " shows it)",
       phase="writing", until="quick", topics=UPDATE)  # fmt: skip
def page_before_writes(explorer: Explorer) -> None:
    """A page that the writes must not change but for one row: copies of it go stale."""
    for writer in writers_of(explorer)[:1]:
        ask_for_page_of(explorer, writer.row)


@probe("GET /api/tickets/{id} of each written ticket", phase="written", until="quick",
       topics=UPDATE)  # fmt: skip
def written_once_more(explorer: Explorer) -> None:
    for changes in _planned_changes(explorer):
        changes.writer.read()


@probe("PUT assignee and status of two tickets in turn, up to 20 changes, then each detail",
       since="standard", phase="writing", topics=UPDATE)  # fmt: skip
def in_a_row(explorer: Explorer) -> None:
    """What one write stored, the next must not lose, and every change must be in the log."""
    chosen = writers_of(explorer)[:2]
    changes = [list(_every_change(str(writer.row.get("status")))) for writer in chosen]
    rounds = _rounds(explorer, len(chosen))
    users = _one_each(explorer, chosen) if rounds > 1 else []
    rounds -= bool(users)
    if rounds and any(values[rounds - 1] == str(writer.row.get("status"))
                      for writer, values in zip(chosen, changes, strict=True)):  # fmt: skip
        rounds -= 1  # at the end a ticket must not be as it was at first: a lost change would hide
    for writer, user in zip(chosen, users, strict=False):  # there may be no users
        writer.write("assignee", user, "one of many changes")
    for number in range(rounds):
        for writer, values in zip(chosen, changes, strict=True):
            writer.write("status", values[number], "one of many changes")
    for writer in chosen:
        writer.read()


@probe(
    "PUT status and assignee at random, each compared with a model (Hypothesis)",
    since="deep",
    phase="writing",
    topics=("update", "untouched_tickets", "filters"),
)
def by_model(explorer: Explorer) -> None:
    """Let Hypothesis choose what is written in which order; the first difference ends it."""
    if explorer.write_session is None or explorer.writes_forbidden:
        return
    from contract_tests.writes.state_machine import steps  # noqa: PLC0415 - slow to import

    people = list(explorer.counts("assignee"))[:4]
    number = explorer.rng.randrange(2**32)
    drawn = steps(people, number)
    for writer in open_ticket_writers(explorer, explorer.write_session)[:1]:
        if not _as_the_model(writer, drawn):
            explorer.note(
                f"the state machine ended early: ticket {writer.ticket} is not as it was written"
            )


def _planned_changes(explorer: Explorer) -> list[PlannedChanges]:
    """Return what is written to two tickets: each change of status there is, and back.

    One that nobody has is given to us, to a colleague, and to nobody; an assigned one loses its
    assignee and gets it back.
    """
    session = explorer.write_session
    if session is None or explorer.writes_forbidden:
        return []
    if not session.planned:
        for number, writer in enumerate(writers_of(explorer)[:2]):
            statuses = _around(str(writer.row.get("status")), STATUSES[:: -1 if number else 1])
            session.planned.append(PlannedChanges(writer, _assignees(explorer, writer), statuses))
    return session.planned


def _assignees(explorer: Explorer, writer: TicketWriter) -> Iterator[int | None]:
    present = value_of(writer.row, "assignee")
    if present is None:
        users = people(explorer, writer.row)[:2]
        yield from [*users, *[None][: len(users)]]
    elif writer.rewrite_assignee():
        yield from (None, present)


def _around(status: str, order: tuple[str, ...]) -> Iterator[str]:
    """Yield each status that follows another in this order, the present one last.

    In opposite orders, two tickets change from each status to each other one.
    """
    place = order.index(status) if status in order else 0
    return islice(cycle(order), place + 1, place + 1 + len(order))


def _but_one(explorer: Explorer, writer: TicketWriter) -> str:
    """Return the present status of a ticket and another one: a filter that does not hide it."""
    own = next((row.get("status") for row in explorer.rows() if row["id"] == writer.ticket), None)
    return f"{own},{next(status for status in STATUSES[::-1] if status != own)}"


def _as_the_model(writer: TicketWriter, steps: "list[Step]") -> bool:
    """Carry out steps; False at the first look at which the ticket is not as it was written.

    The laws of update tell what is wrong with it. Where others work, what they did is learnt.
    """
    model = _look(writer)
    for step in steps:
        if step.field is not None:
            if writer.write(step.field, step.value).successful:
                model[step.field] = step.value
            continue
        now = _look(writer)
        if now != model and not writer.session.history.changed_meanwhile:
            return False
        model = now
    return True


def _look(writer: TicketWriter) -> dict[str, str | int | None]:
    row = writer.read()
    return {"status": row.get("status"), "assignee": value_of(row, "assignee")}


def _rounds(explorer: Explorer, tickets: int) -> int:
    """Return how often each ticket can be written, so that what was changed can still be read."""
    allows = explorer.target.budget.allows
    most = range(IN_A_ROW // tickets, 0, -1) if tickets else ()
    return next((n for n in most if allows((n + 1) * tickets + AFTERWARDS)), 0)


def _one_each(explorer: Explorer, chosen: list[TicketWriter]) -> list[int]:
    """Return a new assignee for each of several tickets, no user twice; [] where there are none."""
    users: list[int] = []
    for writer in chosen:
        known = (user for user in people(explorer, writer.row) if user not in users)
        users += islice(known, 1) if writer.rewrite_assignee() else []
    return users if len(users) == len(chosen) > 1 else []


def _every_change(status: str) -> Iterator[str]:
    """Yield statuses, so that six changes in a row are all there are, and lead back to the first.

    There and back again is among them: closed, open, closed.
    """
    first = status if status in STATUSES else "open"
    one, two = (other for other in STATUSES if other != first)
    return islice(cycle((one, first, two, one, two, first)), IN_A_ROW)
