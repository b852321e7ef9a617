"""contract-tests report: write reports from a run record."""

import sys
from pathlib import Path
from typing import Any

import click

from contract_tests.cli import outputs
from contract_tests.report.formats import terminal
from contract_tests.report.records import record_file
from mockserver.contract.command_line import Command


@click.command(cls=Command)
@click.argument("record", type=click.Path(path_type=Path, dir_okay=False))
@outputs.report_options
@outputs.baseline_options
def report(record: Path, **given: Any) -> None:
    """Write reports from a run record (--json), or print it to the terminal.

    Exit status, as for the run itself: 0 conforming, 1 violated, 2 inconclusive or interrupted.
    """
    accepted = outputs.prepare(given)
    body = outputs.judged(record_file.read(record), given, accepted)
    outputs.write(body, given)
    if not any(value for name, value in given.items() if name.endswith("_file")):
        for line in terminal.lines(body):
            click.echo(line)
    sys.exit(outputs.exit_status(body))
