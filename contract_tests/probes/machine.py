"""Status and assignee changes by lot, in every order, against a model."""

from typing import TYPE_CHECKING

from contract_tests.desk import Pen, pens
from contract_tests.plan import probe
from contract_tests.scout import Scout
from contract_tests.undo import value_of

if TYPE_CHECKING:
    from contract_tests.machine import Step


@probe(
    "PUT status and assignee by lot, each compared with a model (Hypothesis)",
    since="deep",
    phase="writing",
    topics=("update", "bystanders", "membership"),
)
def by_model(scout: Scout) -> None:
    """Let Hypothesis choose what is written in which order; the first difference ends it."""
    if scout.desk is None or scout.forbidden:
        return
    from contract_tests.machine import steps  # noqa: PLC0415 - Hypothesis starts slowly

    people = list(scout.counts("assignee"))[:4]
    number = scout.rng.randrange(2**32)
    with scout.target.stopwatch.on("generating"):
        drawn = steps(people, number)
    for pen in pens(scout, scout.desk)[:1]:
        if not _as_the_model(pen, drawn):
            scout.note(
                f"the state machine ended early: ticket {pen.ticket} is not as it was written"
            )


def _as_the_model(pen: Pen, steps: "list[Step]") -> bool:
    """Carry out steps; False at the first look at which the ticket is not as it was written.

    The laws of update tell what is wrong with it. Where others work, what they did is learnt.
    """
    model = _look(pen)
    for step in steps:
        if step.field is not None:
            if pen.write(step.field, step.value).status == 200:
                model[step.field] = step.value
            continue
        now = _look(pen)
        if now != model and not pen.scout.seen.living:
            return False
        model = now
    return True


def _look(pen: Pen) -> dict[str, str | int | None]:
    row = pen.read()
    return {"status": row.get("status"), "assignee": value_of(row, "assignee")}
