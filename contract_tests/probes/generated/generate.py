"""Generated cases: Hypothesis and schemathesis generate requests, which the laws judge.

Only the deep profile can afford them, and only it imports both.
"""

from typing import Protocol

from contract_tests.probes.explorer import Explorer


class Generate(Protocol):
    """Sends generated requests, reading ones or writing ones."""

    def __call__(self, explorer: Explorer, seed: int = 0, *, writing: bool = False) -> None: ...


def generate(explorer: Explorer, seed: int = 0, *, writing: bool = False) -> None:
    """Send generated requests; ends with the budget.

    `writing`: to the statuses and assignees of a ticket that may be written, else reading ones.
    """
    if explorer.profile != "deep":
        return
    from contract_tests.probes.generated import (  # noqa: PLC0415 - slow to import
        list_cases,
        read_cases,
        write_cases,
    )

    if writing:
        write_cases.write(explorer, seed)
    else:
        list_cases.read(explorer, seed)
        read_cases.read(explorer, seed)
