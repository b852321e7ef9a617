"""Generated cases: schemathesis generates requests, the transport sends them, the laws judge them.

Only the deep profile can afford them, and only it imports schemathesis.
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
    from contract_tests.probes.generated import read_cases, write_cases  # noqa: PLC0415 - slow to import

    if writing:
        write_cases.write(explorer, seed)
    else:
        read_cases.read(explorer, seed)
