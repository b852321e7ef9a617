"""contract-tests: says whether a deployment keeps the documented contract."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from contract_tests.cli import check_options, options, outputs
from contract_tests.cli.check_deployment import check_deployment, dry_run, plan_of
from contract_tests.cli.check_options import CheckOptions
from contract_tests.client import signals
from contract_tests.client.errors import CannotRun
from contract_tests.probes.plan import PROFILES
from contract_tests.report.formats import pytest_items
from contract_tests.report.printable import printable
from contract_tests.report.records import run_notes
from contract_tests.run.planned_requests import NOT_UNDONE
from mockserver.contract.command_line import COULD_NOT_RUN, Command, Options

_TARGET, _WRITING = Options("Target"), Options("Writing")
_REQUESTS, _NETWORK = Options("Requests"), Options("Network")


@click.command("check", cls=Command)
@_TARGET.add(
    "--base-url",
    metavar="URL",
    help="Deployment to check. If the URL has a path, the operations are looked for there instead "
    "of at /api. Default: start the mock.",
)
@_TARGET.add(
    "--token", help="Bearer token. CONTRACT_TOKEN or --token-file keep it out of the process list."
)
@_TARGET.add("--other-token", help="Token of another workspace (CONTRACT_OTHER_TOKEN).")
@_TARGET.add("--readonly-token", help="Token that may not write (CONTRACT_READONLY_TOKEN).")
@_TARGET.add(
    "--token-file",
    type=click.Path(path_type=Path),
    help="File with lines such as CONTRACT_TOKEN=…, for example a .env file.",
)
@_TARGET.add(
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Send this header with every request; its value is masked like a token. Repeatable.",
)
@_TARGET.add(
    "--contract",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="OpenAPI document to check against. Default: the openapi.yaml of this package.",
)
@_REQUESTS.add(
    "--profile",
    type=click.Choice(PROFILES),
    default="standard",
    show_default=True,
    help="How many requests to send.",
)
@_REQUESTS.add(
    "--max-requests",
    type=click.IntRange(min=1),
    help="Maximum number of requests, not counting the undo of writes. Lowers the profile's limit.",
)
@_REQUESTS.add(
    "--max-time",
    type=click.FloatRange(min=1),
    help="Stop sending requests after this many seconds.",
)
@options.rate_option(_REQUESTS)
@_REQUESTS.add(
    "--retries",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="How often a request is repeated after a network error, or a 502, 503 or 504.",
)
@_REQUESTS.add(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Random seed for the choice of requests.",
)
@_REQUESTS.add(
    "--skip-tickets",
    metavar="IDS",
    help="Tickets that are neither requested alone nor written, for example 42,43. Lists may "
    "contain them.",
)
@_REQUESTS.add(
    "--only-channels",
    metavar="IDS",
    help="Request and write single tickets of these channels only. Lists may contain others.",
)
@_REQUESTS.add(
    "--extension",
    is_flag=True,
    help="Also check the operations that the vendor describes outside the page. A deployment "
    "without them conforms; a difference is a warning, or with --strict a failure.",
)
@_REQUESTS.add(
    "--plan",
    is_flag=True,
    help="Print the plan and send nothing to the deployment: the requests, how many of each the "
    "mock gets, the time, the tickets written, and what the writes leave behind. With --json FILE "
    "also as JSON.",
)
@options.ca_bundle_option(_NETWORK)
@_WRITING.add(
    "--write-tickets",
    metavar="IDS",
    help="Tickets that may be changed, for example 42,43, or any. Changes are undone at the end. "
    "Default: send GET and HEAD only.",
)
@_WRITING.add(
    "--write-extension",
    metavar="IDS",
    help="With --extension: tickets that get a reply, a forwarded message and a note, and lose "
    "their team, for example 42. Their tags are changed, too; only that is undone.",
)
@_WRITING.add(
    "--settle",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    default=5.0,
    show_default=True,
    help="How long reads may lag behind writes.",
)
@_WRITING.add(
    "--undo-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keeps the original values of the tickets until the changes are undone. Default: a file "
    "for each deployment and token in the state folder of the user.",
)
@_WRITING.add(
    "--undo",
    "finish_undo",
    is_flag=True,
    help="First undo the changes that an earlier run left behind.",
)
@outputs.judging_options
@outputs.report_options
@outputs.history_option
@outputs.baseline_options
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
def check(**given: Any) -> None:
    """Check a deployment of the Tickets API against its documented contract.

    Only GET and HEAD requests are sent unless --write-tickets or --write-extension is given.

    Exit status: 0 conforming, 1 violated, 2 inconclusive (too little could be observed), could
    not run, or could not undo its writes, 128 and the number of the signal (130 for Ctrl-C) when
    interrupted.

    Options after -- are passed to pytest, which then shows one test for each requirement.
    """
    if url := next((each for each in given["pytest_options"] if "://" in each), None):
        raise click.UsageError(f"give the URL as --base-url {url}")
    chosen = check_options.read(given)
    accepted = outputs.prepare(given)
    if given["plan"]:
        _plan(chosen, given["json_file"])
        return
    if chosen.url is not None and chosen.run_options.extension_tickets:
        tickets = ", ".join(map(str, chosen.run_options.extension_tickets))
        click.secho(NOT_UNDONE.format(tickets=tickets), fg="yellow", err=True)
    with signals.handled() as received:
        body = _run(chosen, given, received)
    body = outputs.finish(body, given, accepted)
    if given["write_tickets"] and (reason := run_notes.nothing_written(body)):
        words = f"--write-tickets was given, but nothing was written: {reason}"
        click.secho(printable(words), fg="yellow", err=True)
    status = received.exit_status or outputs.exit_status(body)
    if received.exit_status is None and given["pytest_options"]:
        shown = pytest_items.show(body, given["pytest_options"])
        status = status if status == COULD_NOT_RUN else shown
    sys.exit(status)


def _plan(chosen: CheckOptions, file: Path | None) -> None:
    """Print the plan, and write it as JSON to a file."""
    try:
        sent = dry_run(chosen).sent
    except CannotRun as error:
        outputs.fail(str(error))
    plan = replace(plan_of(chosen), to_the_mock=sent)
    for line in plan.lines():
        click.echo(line)
    if file is not None:
        outputs.write_file("--json", file, json.dumps(plan.document(), indent=1))


def _run(chosen: CheckOptions, given: dict[str, Any], received: signals.Signals) -> dict[str, Any]:
    try:
        return check_deployment(chosen)
    except CannotRun as error:
        outputs.give_up(str(error), given)
    except KeyboardInterrupt:
        status = received.exit_status or COULD_NOT_RUN
        outputs.give_up("interrupted before any answer was judged", given, status)
