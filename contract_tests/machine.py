"""A Hypothesis state machine that drives status and assignee changes against a model."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from contract_tests.constants import no_local_constants
from contract_tests.desk import Pen
from contract_tests.undo import value_of
from contract_tests.writing import STATUSES

EXAMPLES, STEPS = 12, 10


class Differs(AssertionError):
    """The ticket is not as the model says; the laws of update tell what is wrong with it."""


def drive(pen: Pen, people: list[int], number: int) -> None:
    """Write to a ticket by lot; raises Differs at the first difference from the model."""
    machine = seed(number)(_machine(pen, people))
    with no_local_constants():
        run_state_machine_as_test(machine, settings=_settings())


def _settings() -> settings:
    return settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _machine(pen: Pen, people: list[int]) -> type[RuleBasedStateMachine]:
    """Return a state machine class over one ticket."""

    class Machine(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            row = pen.read()
            self.status, self.assignee = row.get("status"), value_of(row, "assignee")

        @rule(status=st.sampled_from(STATUSES))
        def change_status(self, status: str) -> None:
            if pen.write("status", status).status == 200:
                self.status = status

        @rule(user=st.sampled_from([None, *people]))
        def change_assignee(self, user: int | None) -> None:
            if pen.write("assignee", user).status == 200:
                self.assignee = user

        @rule()
        def read(self) -> None:
            row = pen.read()
            now = (row.get("status"), value_of(row, "assignee"))
            if now != (self.status, self.assignee) and not pen.scout.seen.living:
                raise Differs(f"ticket {pen.ticket} is not as it was written")
            self.status, self.assignee = now

    return Machine
