"""Status and assignee changes by lot, in every order, against a model."""

from contract_tests.budget import Exhausted
from contract_tests.desk import pens
from contract_tests.plan import probe
from contract_tests.scout import Scout


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
    from contract_tests.machine import Differs, drive  # noqa: PLC0415 - Hypothesis starts slowly

    people = list(scout.counts("assignee"))[:4]
    for pen in pens(scout, scout.desk)[:1]:
        try:
            drive(pen, people, scout.rng.randrange(2**32))
        except (Differs, Exhausted) as end:
            scout.notes.append(f"the state machine ended early: {end}")
