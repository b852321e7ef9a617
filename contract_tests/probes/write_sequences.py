"""Random sequences of status and assignee changes, compared with a model."""

from typing import TYPE_CHECKING

from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.writes.ticket_writer import TicketWriter, ticket_writers
from contract_tests.writes.undo import value_of

if TYPE_CHECKING:
    from contract_tests.writes.state_machine import Step


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
