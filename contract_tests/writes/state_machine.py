"""Status and assignee changes in every order, by a Hypothesis state machine that asks nobody.

What is drawn depends on the seed and the people alone. Were it drawn between requests, a deployment
that answers the same request now so, now so would make it inconsistent, and Hypothesis gives up.
"""

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from contract_tests.observations.write import STATUSES
from contract_tests.writes.hypothesis_constants import no_local_constants
from contract_tests.writes.undo import Field

EXAMPLES, STEPS = 12, 10


@dataclass(frozen=True)
class Step:
    """A write of one value, or a look at the ticket when no field is named."""

    field: Field | None = None
    value: str | int | None = None


def steps(people: list[int], number: int) -> list[Step]:
    """Return what is written in which order, by lot; the same number makes the same steps.

    Each run of the machine that writes ends with a look.
    """
    runs: list[list[Step]] = []
    machine = seed(number)(_machine(people, runs))
    with no_local_constants():
        run_state_machine_as_test(machine, settings=_settings())
    writing = (run for run in runs if any(step.field for step in run))
    return [step for run in writing for step in (*run, Step())]


def _settings() -> settings:
    return settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _machine(people: list[int], runs: list[list[Step]]) -> type[RuleBasedStateMachine]:
    """Return a state machine class that adds its steps to `runs`, run by run."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            runs.append([])

        @rule(status=st.sampled_from(STATUSES))
        def change_status(self, status: str) -> None:
            runs[-1].append(Step("status", status))

        @rule(user=st.sampled_from([None, *people]))
        def change_assignee(self, user: int | None) -> None:
            runs[-1].append(Step("assignee", user))

        @rule()
        def read(self) -> None:
            runs[-1].append(Step())

    return Machine
