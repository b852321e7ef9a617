"""contract-tests: says whether a deployment keeps the documented contract."""

import sys
from pathlib import Path
from typing import Any

import click

from contract_tests.cli import options, outputs
from contract_tests.cli.check_deployment import Choice, check_seeds, one
from contract_tests.cli.exit_codes import fail
from contract_tests.client import local_mock
from contract_tests.client.errors import CannotRun
from contract_tests.laws import LAWS, requirements
from contract_tests.probes.plan import PROFILES
from contract_tests.report.formats import terminal
from contract_tests.run import pytest_items
from contract_tests.run.options import RunOptions
from contract_tests.run.planned_requests import planned
from mockserver.contract import resources


@click.command("check")
@click.option("--base-url", help="The deployment; without it the mock is started and checked.")
@click.option("--token", help="Bearer token; better CONTRACT_TOKEN or --token-file.")
@click.option("--other-token", help="Token of another workspace; CONTRACT_OTHER_TOKEN.")
@click.option("--readonly-token", help="Token that may not write; CONTRACT_READONLY_TOKEN.")
@click.option(
    "--token-file", type=click.Path(path_type=Path), help="File of CONTRACT_TOKEN=… lines."
)
@click.option("--profile", type=click.Choice(PROFILES), default="standard", show_default=True)
@click.option("--max-requests", type=click.IntRange(min=1), help="Fewer than the profile allows.")
@click.option(
    "--max-time", type=click.FloatRange(min=1), help="Seconds after which nothing is sent."
)
@click.option("--rate", help="As 60/minute; the default for all but this machine; off: none.")
@click.option("--retries", type=click.IntRange(0, 20), default=3, show_default=True)
@click.option("--write-tickets", help="42,43 or any: write to these, and undo it; else only read.")
@click.option(
    "--undo", "finish_undo", is_flag=True, help="First undo what an interrupted run left."
)
@click.option("--plan", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option(
    "--contract",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Another openapi.yaml, as one that an overlay was applied to.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Other choices, repeatable.")
@click.option(
    "-n",
    "workers",
    type=click.IntRange(1, 1000),
    help="Check the mock with so many seeds, as many at once as there are cores.",
)
@click.option("--only", multiple=True, help="Requirement or law; may be repeated, * allowed.")
@click.option("--skip", multiple=True, help="Requirement or law; may be repeated, * allowed.")
@click.option("--strict", is_flag=True, help="Statements of vendor and inferred evidence fail too.")
@click.option("--strict-fields", is_flag=True, help="Undocumented fields and headers fail.")
@outputs.report_options
@outputs.baseline_options
@click.option("--show-data", is_flag=True, help="Do not mask e-mail addresses and message bodies.")
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
def check(**given: Any) -> None:
    """Check a deployment of the Tickets API against its documented contract.

    Only GET and HEAD are sent unless --write-tickets is given. Exit status: 0 conforming,
    1 violated, 2 could not run. Options after -- go to pytest, which then shows the statements.
    """
    choice = _check(given)
    outputs.check_paths(given)
    accepted = outputs.read_baseline(given)
    if given["plan"]:
        for line in planned(choice.order, writes=choice.write is not None):
            click.echo(line)
        return
    try:
        body = (
            check_seeds(choice, given["workers"], click.echo) if given["workers"] else one(choice)
        )
    except CannotRun as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("interrupted before anything was judged")
    body = outputs.judged(body, given, accepted)
    _write(body, given)
    for line in terminal.lines(body):
        click.echo(line)
    if given["pytest_options"]:
        sys.exit(pytest_items.show(body, given["pytest_options"]))
    sys.exit(1 if body["verdict"] == "violated" else 0)


def _check(given: dict[str, Any]) -> Choice:
    """Turn raw options into a choice; usage errors end the command with status 2."""
    url = options.base_url(given["base_url"])
    named = {
        "CONTRACT_TOKEN": given["token"],
        "CONTRACT_OTHER_TOKEN": given["other_token"],
        "CONTRACT_READONLY_TOKEN": given["readonly_token"],
    }
    tokens = options.tokens(named, given["token_file"]) if url else local_mock.TOKENS
    if url and given["workers"]:
        raise click.UsageError("-n is for the mock: a deployment is asked once, at its own pace")
    if tokens is None:
        raise click.UsageError("no token: set CONTRACT_TOKEN, or give --token-file or --token")
    if given["rate"] is not None:
        options.pace(given["rate"], "")
    _check_names(given["only"] + given["skip"])
    write = options.write_tickets(given["write_tickets"])
    others = {"other": tokens.other, "readonly": tokens.readonly}
    order = RunOptions(
        profile=given["profile"],
        seed=given["seed"],
        only=given["only"],
        skip=given["skip"],
        others=frozenset(name for name, token in others.items() if token),
        max_requests=given["max_requests"],
    )
    return Choice(
        url=url,
        tokens=tokens,
        order=order,
        rate=given["rate"],
        retries=given["retries"],
        max_time=given["max_time"],
        write=() if url is None and write is None else write,
        finish_undo=given["finish_undo"],
        setting={name: given[name] for name in ("strict", "strict_fields", "show_data")},
        contract=given["contract"] or resources.contract(),
    )


def _check_names(names: tuple[str, ...]) -> None:
    known = {*requirements.load(), *LAWS}
    topics = {name.rpartition(".")[0] for name in known} | {n.partition(".")[0] for n in known}
    for name in names:
        if "*" not in name and name not in known | topics:
            close = sorted(k for k in known if name.rpartition(".")[2] in k)[:3]
            hint = f"; did you mean {', '.join(close)}?" if close else "; see requirements.yaml"
            raise click.UsageError(f"{name!r} is no requirement and no law{hint}")


def _write(body: dict[str, Any], given: dict[str, Any]) -> None:
    try:
        outputs.write(body, given)
    except OSError as error:
        fail(f"cannot write the report: {error}")
