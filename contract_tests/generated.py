"""Generated cases: schemathesis makes requests from the contract, our door sends them, laws judge.

Only the deep profile can afford them, and only it imports schemathesis.
"""

from typing import Protocol

from contract_tests.scout import Scout


class Generate(Protocol):
    """Sends generated requests, reading ones or writing ones."""

    def __call__(self, scout: Scout, seed: int = 0, *, writing: bool = False) -> None: ...


def generate(scout: Scout, seed: int = 0, *, writing: bool = False) -> None:
    """Send generated requests; ends with the budget.

    `writing`: to the statuses and assignees of a ticket that may be written, else reading ones.
    """
    if scout.profile != "deep":
        return
    from contract_tests import cases, casewrites  # noqa: PLC0415 - it takes its time

    if writing:
        casewrites.write(scout, seed)
    else:
        cases.read(scout, seed)
