"""Exit statuses: 0 and 1 are verdicts, 2 means that the command could not do its work."""

import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from contract_tests.report.printable import printable
from contract_tests.report.written_file import write_text
from mockserver.contract.command_line import COULD_NOT_RUN


def fail(message: str, status: int = COULD_NOT_RUN) -> NoReturn:
    """Print the reason on standard error, and exit."""
    click.secho(f"contract-tests: {printable(message)}", fg="red", err=True)
    sys.exit(status)


def write_file(option: str, path: Path, text: str) -> None:
    """Write the file that an option names; ends the command when that cannot be done."""
    try:
        write_text(path, text)
    except OSError as error:
        fail(f"cannot write {option} {path}: {error.strerror or error}")


def exit_status(record: dict[str, Any]) -> int:
    """Return the exit status of a run from its record."""
    if any(entry["outcome"] == "failed" for entry in record["undo"]):
        return COULD_NOT_RUN
    return {"conforming": 0, "violated": 1}.get(record["verdict"], COULD_NOT_RUN)
