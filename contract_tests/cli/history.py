"""contract-tests history: print and draw the history of a deployment."""

import json
from pathlib import Path
from typing import Any

import click

from contract_tests.cli import options
from contract_tests.cli.outputs import fail, write_file
from contract_tests.report.history import page, terminal
from contract_tests.report.history.run_line import HistoryError, RunLine, by_deployment, read
from contract_tests.report.printable import printable
from mockserver.contract.command_line import Command


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--html",
    "html_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the history as one HTML file.",
)
@click.option(
    "--badge",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the last verdict as JSON for a badge (the endpoint format of shields.io).",
)
@click.option(
    "--base-url",
    metavar="URL",
    help="Show only the runs against this deployment. Default: each deployment by itself.",
)
def history(folder: Path, html_file: Path | None, badge: Path | None, base_url: str | None) -> None:
    """Print the runs that --history FOLDER has kept, and the statements that changed.

    Exit status: 0, or 2 when the folder has no history.
    """
    try:
        runs, unreadable = read(folder)
    except HistoryError as error:
        fail(str(error))
    deployments = by_deployment(runs)
    addresses = ", ".join(deployments)
    if base_url is not None:
        address = base_url if base_url in deployments else options.base_url(base_url)
        runs = deployments.get(str(address), [])
        if not runs:
            fail(f"{folder} has no run against {address}; it has runs against {addresses}")
    elif badge is not None and len(deployments) > 1:
        raise click.UsageError(f"--badge needs --base-url; there are runs against {addresses}")
    for line in terminal.lines(runs, unreadable):
        click.echo(printable(line))
    if html_file is not None:
        write_file("--html", html_file, page.render(runs, unreadable))
    if badge is not None:
        write_file("--badge", badge, json.dumps(_badge(runs[-1])))


def _badge(run: RunLine) -> dict[str, Any]:
    color = {"conforming": "brightgreen", "violated": "red"}.get(run.verdict, "yellow")
    return {"schemaVersion": 1, "label": "contract", "message": run.verdict, "color": color}
