"""contract-tests prove: the kill rate of the suite, and its false alarms."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from contract_tests.cli import outputs
from contract_tests.client.errors import CannotRun
from contract_tests.client.signals import acknowledge, handled
from contract_tests.probes.plan import PROFILES
from contract_tests.proving import kill_table
from contract_tests.proving import runner as proving
from contract_tests.proving.trial import SCHEMATHESIS, Result, Subject
from mockserver.contract.command_line import Command, Options

_RATES = Path(__file__).parents[1] / "proving" / "kill_rates.yaml"


_MOCKS, _RUNS, _RESULT = Options("Mocks"), Options("Runs"), Options("Results")


@click.command(cls=Command)
@_MOCKS.add(
    "--defect",
    "names",
    multiple=True,
    metavar="NAME",
    help="Run against this defect only; `mockserver defects` lists the names. Repeatable.",
)
@_MOCKS.add(
    "--part",
    type=click.Choice(["first", "second", "extension", "holdout"]),
    default="first",
    show_default=True,
    help="Run against the defects of this part of the catalogue, unless --defect names some. "
    "Only the first part has committed kill rates.",
)
@_MOCKS.add(
    "--sample", type=click.IntRange(min=1), help="Run against this many defects of the catalogue."
)
@_MOCKS.add("--healthy", is_flag=True, help="Run against conforming mocks and count false alarms.")
@_RUNS.add(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice([*PROFILES, SCHEMATHESIS]),
    help="Profile of the suite, or schemathesis alone. Repeatable.  [default: standard]",
)
@_RUNS.add(
    "--seeds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Number of random seeds; with --healthy each seed also generates other tickets.",
)
@_RUNS.add(
    "--workers",
    type=click.IntRange(min=1),
    help="Number of mocks checked in parallel.  [default: number of cores]",
)
@_RESULT.add(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the results as JSON to this file.",
)
def prove(profiles: tuple[str, ...], names: tuple[str, ...], **given: Any) -> None:
    """Measure the suite: run it against mocks that violate the contract on purpose.

    Prints Markdown tables of the kill rate of each profile, and the defects that were not found.

    Exit status: 0 the committed kill rates are reached and there is no false alarm, 1 otherwise,
    2 could not run, or interrupted (the results so far are printed).
    """
    outputs.check_paths(given)
    interrupted, results = False, []
    try:
        subjects = _subjects(names, given["healthy"], given["part"], given["sample"])
        with handled():
            for profile in profiles or ("standard",):
                results += _prove(subjects, profile, given)
    except proving.Interrupted as end:
        acknowledge()
        results += end.results
        interrupted = True
    except CannotRun as error:
        outputs.fail(str(error))
    for line in kill_table.lines(results):
        click.echo(line)
    if given["json_file"]:
        _write(given["json_file"], results)
    if interrupted:
        outputs.fail("interrupted; the results so far are printed")
    faults = kill_table.shortfalls(results, kill_table.committed(_RATES))
    for fault in faults:
        click.secho(fault, fg="red")
    sys.exit(1 if faults else 0)


def _write(path: Path, results: list[Result]) -> None:
    body = [{**asdict(result), "killed": result.killed} for result in results]
    outputs.write_file("--json", path, json.dumps(body, indent=1))


def _subjects(names: tuple[str, ...], healthy: bool, part: str, size: int | None) -> list[Subject]:
    subjects = proving.catalogue("healthy" if healthy else "defect")
    known = {subject.name: subject for subject in subjects}
    if unknown := [name for name in names if name not in known]:
        words = "is not a known defect or healthy variant; `mockserver defects` lists the names"
        raise click.UsageError(f"{unknown[0]!r} {words}")
    chosen = [known[name] for name in names] or [
        subject for subject in subjects if healthy or subject.part == part
    ]
    return proving.sample(chosen, size) if size else chosen


def _prove(subjects: list[Subject], profile: str, given: dict[str, Any]) -> list[Result]:
    """Run a profile against the subjects, with a progress bar; tell false alarms at once."""
    workers = given["workers"] or os.cpu_count() or 1
    total = len(subjects) * given["seeds"]
    with click.progressbar(length=total, label=profile, show_pos=True, file=sys.stderr) as bar:

        def report(result: Result) -> None:
            if result.killed and result.subject.kind == "healthy":
                accused = ", ".join(result.accused)
                words = f"{result.subject.name}, seed {result.seed}, is accused of {accused}"
                click.echo(f"\r{words}", err=True)
            bar.update(1)

        return proving.prove(subjects, profile, range(given["seeds"]), workers, report)
