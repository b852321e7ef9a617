"""contract-tests compare: compare two deployments, or the mock and a deployment."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from contract_tests.adaptations import kinds
from contract_tests.cli import options
from contract_tests.cli.outputs import fail, write_file
from contract_tests.client import local_mock
from contract_tests.client.budget import Exhausted
from contract_tests.client.errors import CannotRun
from contract_tests.client.target import ClientOptions, Target, Tokens
from contract_tests.comparison import terminal
from contract_tests.comparison import two_deployments as comparing
from contract_tests.comparison.renames import renamings
from contract_tests.report.masking.data_mask import DataMask, data_mask
from contract_tests.report.printable import printable
from mockserver.contract.command_line import Command, Options
from mockserver.contract.operations import Contract

_DEPLOYMENTS, _OTHER = Options("Deployments"), Options("Requests and result")
_NETWORK = Options("Network")


@click.command(cls=Command)
@_DEPLOYMENTS.add("--left", metavar="URL", help="First deployment. Default: start the mock.")
@_DEPLOYMENTS.add("--right", metavar="URL", required=True, help="Second deployment.")
@_DEPLOYMENTS.add("--left-token", help="Bearer token; better set CONTRACT_LEFT_TOKEN.")
@_DEPLOYMENTS.add("--right-token", help="Bearer token; better set CONTRACT_RIGHT_TOKEN.")
@_DEPLOYMENTS.add(
    "--left-header",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Send this header to the first deployment; its value is masked. Repeatable.",
)
@_DEPLOYMENTS.add(
    "--right-header",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Send this header to the second deployment; its value is masked. Repeatable.",
)
@options.rate_option(_OTHER)
@_OTHER.add(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the comparison as JSON to this file.",
)
@options.ca_bundle_option(_NETWORK)
def compare(**given: Any) -> None:
    """Send the same GET requests to two deployments and compare the shape of the answers.

    Exit status: 0 both conform, 1 one violates the contract, 2 could not run.
    """
    right = str(options.base_url(given["right"]))
    try:
        with local_mock.deployment(options.base_url(given["left"])) as left:
            targets = _target("left", left, given), _target("right", right, given)
            found = comparing.compare(*targets, Contract.load().page)
    except (CannotRun, Exhausted) as error:
        fail(str(error))
    mask = data_mask([secret for target in targets for secret in target.secrets()])
    for each in found.adapted:
        mask.names.update(each.difference.adaptation.own_names)
    for target in targets:
        mask.learn(target.journal)
    for line in terminal.lines(found, left, right):
        click.echo(printable(mask.text(line)))
    if given["json_file"] is not None:
        _write(given["json_file"], found, mask)
    sys.exit(1 if found.fails() else 0)


def _token(side: str, given: dict[str, Any]) -> str:
    variable = f"CONTRACT_{side.upper()}_TOKEN"
    found = given[f"{side}_token"] or os.environ.get(variable)
    if not found and side == "left" and given["left"] is None:
        return local_mock.TOKENS.main
    if not found:
        raise click.UsageError(f"no token for the {side} side: set {variable}")
    return str(found)


def _target(side: str, url: str, given: dict[str, Any]) -> Target:
    client_options = ClientOptions(
        pace=options.pace(given["rate"], url),
        ca_bundle=given["ca_bundle"],
        headers=options.headers(given[f"{side}_header"]),
        header_option=f"--{side}-header",
    )
    return Target(url, Tokens(_token(side, given)), client_options)


def _write(path: Path, found: comparing.Comparison, mask: DataMask) -> None:
    body = asdict(found) | {
        "adapted": list(map(_adapted, found.adapted)),
        "renamed": [
            {"operation": each.operation, "left": each.left, "right": each.right}
            for each in renamings(found.differences)
        ],
    }
    write_file("--json", path, json.dumps(mask.sentences(body), indent=1))


def _adapted(found: comparing.Adapted) -> dict[str, Any]:
    difference = found.difference
    return {
        **kinds.written(difference.adaptation),
        "words": difference.adaptation.words,
        "breaks": difference.breaks,
        "severe": difference.severe,
        "operations": difference.operations,
        "sides": found.sides,
    }
