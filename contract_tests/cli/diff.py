"""contract-tests diff: what changed between two runs."""

import sys
from pathlib import Path

import click

from contract_tests.comparison import diff as comparing
from contract_tests.report.printable import printable
from contract_tests.report.records import record_file
from mockserver.contract.command_line import Command

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command)
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
def diff(old: Path, new: Path) -> None:
    """Print the differences between two run records.

    Exit status: 0 no new violation, 1 NEW has a violation that OLD has not.
    """
    found = comparing.changes(record_file.read(old), record_file.read(new))
    for line in comparing.lines(found):
        click.echo(printable(line))
    sys.exit(1 if any(change.fails for change in found) else 0)
