"""Sequences of changes: two tickets in turn, and at random, compared with a model."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import TYPE_CHECKING

from contract_tests.observations.write import STATUSES
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.probes.writes import UPDATE, people, writers_of
from contract_tests.writes.ticket_writer import TicketWriter, ticket_writers
from contract_tests.writes.undo import value_of

if TYPE_CHECKING:
    from contract_tests.writes.state_machine import Step

IN_A_ROW = 20
"""So many writes in a row at most: what goes wrong once in twenty requests shows in them."""
AFTERWARDS = 10
"""Requests that are left for pages, and for what was refused once more."""


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
    for writer in ticket_writers(explorer, explorer.write_session)[:1]:
        if not _as_the_model(writer, drawn):
            explorer.note(
                f"the state machine ended early: ticket {writer.ticket} is not as it was written"
            )


def _as_the_model(writer: TicketWriter, steps: "list[Step]") -> bool:
    """Carry out steps; False at the first look at which the ticket is not as it was written.

    The laws of update tell what is wrong with it. Where others work, what they did is learnt.
    """
    model = _look(writer)
    for step in steps:
        if step.field is not None:
            if writer.write(step.field, step.value).status == 200:
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
        users += islice(known, 1) if writer.may_return() else []
    return users if len(users) == len(chosen) > 1 else []


def _every_change(status: str) -> Iterator[str]:
    """Yield statuses, so that six changes in a row are all there are, and lead back to the first.

    There and back again is among them: closed, open, closed.
    """
    first = status if status in STATUSES else "open"
    one, two = (other for other in STATUSES if other != first)
    return islice(cycle((one, first, two, one, two, first)), IN_A_ROW)
