"""What commands share: options of reports, baseline and judgement, files, and how they end."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

import click

from contract_tests.cli.options import all_of, known_names
from contract_tests.report import baseline
from contract_tests.report.files import owner_only, write_text
from contract_tests.report.formats import formats, github, junit, terminal
from contract_tests.report.history.run_line import FILE as HISTORY_FILE
from contract_tests.report.history.run_line import (
    HistoryError,
    append,
    by_deployment,
    line_of,
    read,
)
from contract_tests.report.history.trend import trends
from contract_tests.report.printable import printable
from contract_tests.report.records import run_notes
from contract_tests.run.options import RECORDED, RunOptions
from mockserver.contract.command_line import COULD_NOT_RUN, Options

Node = dict[str, Any]
_PATH = click.Path(path_type=Path, dir_okay=False)
_JUDGING, _REPORTS, _BASELINE = Options("Judging"), Options("Reports"), Options("Baseline")


judging_options = all_of(
    _JUDGING.add(
        "--only",
        multiple=True,
        metavar="NAME",
        callback=known_names,
        help="Judge only this requirement or law, for example list.filter or 'list.*'. Repeatable.",
    ),
    _JUDGING.add(
        "--skip",
        multiple=True,
        metavar="NAME",
        callback=known_names,
        help="Do not judge this requirement or law. Repeatable.",
    ),
    _JUDGING.add(
        "--strict",
        is_flag=True,
        help="Fail on every violation, also where the documentation is not explicit.",
    ),
    _JUDGING.add(
        "--strict-fields", is_flag=True, help="Fail on undocumented fields, values and headers."
    ),
    _REPORTS.add(
        "--show-data",
        is_flag=True,
        help="Do not mask texts, names, addresses and search words in what is written and printed.",
    ),
)
report_options = all_of(
    *(
        _REPORTS.add(f"--{name}", f"{name}_file", type=_PATH, metavar="FILE", help=help_text)
        for name, (_, help_text) in formats.FORMATS.items()
    )
)
"""An option for each report format, with parameters named html_file, sarif_file etc."""
history_option = _REPORTS.add(
    "--history",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Add a line about the run to a folder; `contract-tests history FOLDER` shows it.",
)
baseline_options = all_of(
    _BASELINE.add(
        "--baseline",
        type=_PATH,
        metavar="FILE",
        help="YAML file of accepted violations; they do not fail the run.",
    ),
    _BASELINE.add(
        "--update-baseline",
        is_flag=True,
        help="Replace the baseline with the violations that this run found.",
    ),
)


def of_recorded_traffic(given: Node) -> RunOptions:
    return RunOptions(
        RECORDED, only=given["only"], skip=given["skip"], strict_fields=given["strict_fields"]
    )


def check_paths(given: Node) -> None:
    """Raise UsageError, before anything is sent, for a file that could not be written."""
    files = {f"--{name}": path for name, path in _reports(given).items()}
    if given.get("undo_file"):
        files["--undo-file"] = given["undo_file"]
    named: dict[Path, str] = {}
    for option, path in files.items():
        if fault := _fault_of_path(path):
            raise click.UsageError(f"{option} {path}: {fault}")
        other = named.setdefault(path.absolute(), option)
        if other != option:
            raise click.UsageError(f"{other} and {option} both name {path}")
    if given.get("update_baseline") and not given.get("baseline"):
        raise click.UsageError("--update-baseline needs --baseline FILE")
    if given.get("update_baseline") and (fault := _fault_of_path(given["baseline"])):
        raise click.UsageError(f"--baseline {given['baseline']}: {fault}")
    if given.get("history") and (fault := _fault_of_folder(given["history"])):
        raise click.UsageError(f"--history {given['history']}: {fault}")


def _fault_of_folder(folder: Path) -> str:
    """Return why a history cannot be kept in a folder, which is made if it is missing."""
    made = (folder / HISTORY_FILE).absolute()
    target = next(path for path in (made, *made.parents) if path.exists())
    if target != made and not target.is_dir():
        return f"{target} is not a folder"
    return "" if os.access(target, os.W_OK) else f"{target} cannot be written"


def _fault_of_path(path: Path) -> str:
    """Return why a file cannot be written there; empty if it can, as far as one can tell."""
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"the folder {path.parent} does not exist"
    target = path if path.exists() else folder
    return "" if os.access(target, os.W_OK) else f"{target} cannot be written"


def prepare(given: Node) -> list[baseline.Entry]:
    """Check the paths of the outputs, and return the accepted violations; raises UsageError."""
    check_paths(given)
    path, update = given["baseline"], given["update_baseline"]
    if path is None or (update and not path.exists()):
        return []
    return baseline.read(path, drafts=update)


def finish(record: Node, given: Node, entries: list[baseline.Entry]) -> Node:
    """Apply the baseline, write the reports and print the result; return the judged record."""
    errors: list[str] = []
    body = judged(record, given, entries, errors)
    write(body, given, terminal.lines(body), errors)
    return body


def judged(record: Node, given: Node, entries: list[baseline.Entry], errors: list[str]) -> Node:
    """Return the record with its accepted violations marked; update the baseline when asked to.

    Why the baseline could not be written is added to `errors`.
    """
    path = given["baseline"]
    if path is None:
        return record
    today = datetime.now(UTC).date()
    if given["update_baseline"]:
        known, entries = entries, baseline.updated(record, entries, today)
        before = len(errors)
        with _noting(errors, f"--baseline {path}"):
            baseline.write(entries, path)
        if errors[before:]:
            return baseline.apply(record, entries, today)
        added = sum(entry not in known for entry in entries)
        gone = sum(entry not in entries for entry in known)
        click.echo(f"{path}: {added} added, {gone} dropped; fill in reason and owner.", err=True)
    return baseline.apply(record, entries, today)


def write(
    record: Node, given: Node, result: Iterable[str] = (), errors: Iterable[str] = ()
) -> None:
    """Write the requested files, then print the result and what there is to say of the files.

    The files come first, as whoever reads the output may be gone. Ends the command with 2 if a
    file cannot be written, or if there were `errors` before.
    """
    lines: list[str] = []
    errors = list(errors)
    with owner_only() if given.get("show_data") else nullcontext():
        for name, path in _reports(given).items():
            with _noting(errors, f"--{name} {path}"):
                formats.write(name, record, path)
    if folder := given.get("history"):
        with _noting(errors, f"--history {folder}"):
            lines += _keep(record, folder, own_mock=given.get("base_url") is None)
    if github.running(os.environ):
        lines += github.annotations(record)
        # The verdict stands: the runner gives this file, and the user did not ask for it.
        not_written: list[str] = []
        with _noting(not_written, "the step summary"):
            github.summarize(record, os.environ)
        lines += [f"::warning::{words}" for words in not_written]
    for line in chain(result, lines):
        click.echo(line)
    for line in run_notes.not_restored(record):
        words = printable(f"exit status {COULD_NOT_RUN}: {line}")
        click.secho(words, fg="red", bold=True, err=True)
    if errors:
        fail("; ".join(errors))


def give_up(message: str, given: Node, status: int = COULD_NOT_RUN) -> NoReturn:
    """End a command that has no record: the JUnit report says why, and no older report remains."""
    errors: list[str] = []
    for name, path in _reports(given).items():
        with _noting(errors, f"--{name} {path}"):
            if name == "junit":
                write_text(path, junit.error_text(message))
            elif path.is_file():
                path.unlink()
                click.echo(f"{path} was of an earlier run and is removed.", err=True)
    fail("; ".join([message, *errors]), status)


def _reports(given: Node) -> dict[str, Path]:
    """Return the requested reports, each with its file."""
    paths = {name: given.get(f"{name}_file") for name in formats.FORMATS}
    return {name: path for name, path in paths.items() if path is not None}


@contextmanager
def _noting(errors: list[str], what: str) -> Iterator[None]:
    """Add why something could not be written to `errors`, and go on."""
    try:
        yield
    except (OSError, HistoryError) as error:
        errors.append(f"cannot write {what}: {getattr(error, 'strerror', None) or error}")


def _keep(record: Node, folder: Path, *, own_mock: bool) -> list[str]:
    """Add the run to its history; return since when its statements are violated."""
    line = line_of(record, own_mock=own_mock)
    append(folder, line)
    runs = by_deployment(read(folder)[0])[line.base_url]
    broken = {violation["requirement"] for violation in record["violations"]}
    return [
        f"History: {trend.statement} is {trend.words}"
        for trend in trends(runs)
        if trend.statement in broken
    ]


def fail(message: str, status: int = COULD_NOT_RUN) -> NoReturn:
    """Print the reason on standard error, and exit."""
    click.secho(f"contract-tests: {printable(message)}", fg="red", err=True)
    sys.exit(status)


def write_file(option: str, path: Path, text: str) -> None:
    """Write the file that an option names; ends the command when that cannot be done."""
    errors: list[str] = []
    with _noting(errors, f"{option} {path}"):
        write_text(path, text)
    if errors:
        fail(errors[0])


def exit_status(record: dict[str, Any]) -> int:
    """Return the exit status of a run from its record."""
    if any(entry["outcome"] == "failed" for entry in record["undo"]):
        return COULD_NOT_RUN
    return {"conforming": 0, "violated": 1}.get(record["verdict"], COULD_NOT_RUN)
