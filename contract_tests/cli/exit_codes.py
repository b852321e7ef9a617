"""Exit statuses: 0 and 1 are verdicts, 2 means that a command could not do its work."""

import sys
from typing import Any, NoReturn

import click

from contract_tests.report.printable import printable
from mockserver.contract.command_line import COULD_NOT_RUN


def fail(message: str, status: int = COULD_NOT_RUN) -> NoReturn:
    """Print the reason on standard error, and exit."""
    click.secho(f"contract-tests: {printable(message)}", fg="red", err=True)
    sys.exit(status)


def exit_status(record: dict[str, Any]) -> int:
    """Return the exit status of a run from its record."""
    if any(entry["outcome"] == "failed" for entry in record["undo"]):
        return COULD_NOT_RUN
    return {"violated": 1, "inconclusive": COULD_NOT_RUN}.get(record["verdict"], 0)
