"""contract-tests judge: apply the laws to traffic that was recorded elsewhere."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from contract_tests.cli import options, outputs
from contract_tests.recordings import har
from contract_tests.recordings.request_mistakes import mistakes
from contract_tests.report.masking.data_mask import PLACEHOLDER, data_mask
from contract_tests.report.records import record_file, replay
from contract_tests.report.records.record import record
from contract_tests.report.records.setting import Setting
from contract_tests.run.recorded_traffic import judged
from mockserver.contract.command_line import Command, Options
from mockserver.contract.operations import Contract

Node = dict[str, Any]


@click.command(cls=Command)
@click.argument("traffic", type=click.Path(path_type=Path, dir_okay=False))
@Options("Traffic").add(
    "--base-url",
    metavar="URL",
    help="Deployment whose requests are judged. Default: the one with the most requests.",
)
@outputs.judging_options
@outputs.report_options
@outputs.baseline_options
def judge(traffic: Path, **given: Any) -> None:
    """Judge recorded traffic: a HAR file, or a run record written with --show-data.

    No request is sent. Requirements that the traffic says nothing about are reported as not
    observed.

    Exit status: 0 conforming, 1 violated, 2 inconclusive or nothing to judge.
    """
    accepted = outputs.prepare(given)
    found = _read(traffic, options.base_url(given["base_url"]))
    contract = Contract.load()
    outcome = judged(found.exchanges, contract, outputs.of_recorded_traffic(given), found.adapter)
    if not outcome.findings:
        raise click.UsageError("--only and --skip leave no requirement to judge")
    outcome.notes += found.notes
    if found.of_app:
        outcome.notes += mistakes(outcome.history.exchanges, contract)
    setting = Setting(
        base_url=found.base_url,
        mask=data_mask(found.secrets, show_data=given["show_data"]),
        strict=given["strict"],
        command=("contract-tests", "judge", str(traffic)),
    )
    body = outputs.finish(record(outcome, setting), given, accepted)
    sys.exit(outputs.exit_status(body))


def _read(path: Path, base_url: str | None) -> har.Traffic:
    try:
        document, attachment = har.open_har(path)
        if isinstance(document, dict) and "exchanges" in document:
            return _earlier_run(path)
        return har.read(document, base_url, attachment)
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror or error}") from None
    except har.HarError as error:
        raise click.UsageError(f"{path}: {error}") from None


def _earlier_run(path: Path) -> har.Traffic:
    earlier = record_file.read(path)
    if PLACEHOLDER.search(json.dumps(earlier["exchanges"])):
        hint = "masked bodies cannot be judged; make it with --json FILE --show-data"
        raise click.UsageError(f"{path}: {hint}")
    return har.Traffic(
        earlier["run"]["base_url"],
        replay.exchanges(earlier),
        of_app=False,
        adapter=replay.adapter(earlier),
    )
