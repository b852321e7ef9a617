"""What GitHub Actions shows of a run: annotations in the log, and the step summary."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contract_tests.report import wording
from contract_tests.report.formats import markdown
from contract_tests.report.location import locate, reachable
from contract_tests.report.printable import printable, printable_strings
from contract_tests.report.records import run_notes

Node = dict[str, Any]
_COMMANDS = {"fail": "error", "warn": "warning"}
SUMMARY_LIMIT = 1_000_000
"""Bytes; GitHub refuses a step summary above 1 MiB as a whole."""


def running(environment: Mapping[str, str]) -> bool:
    return environment.get("GITHUB_ACTIONS") == "true"


def annotations(record: Node) -> Iterator[str]:
    """Yield a workflow command for each violation, with its line of the contract if possible.

    What made the run fail beside violations comes first.
    """
    for _, words, reason in run_notes.run_errors(record):
        yield f"::error title={_property(words)}::{_data(printable(reason))}"
    statements = wording.statements(record)
    for violation in printable_strings(record["violations"]):
        if "accepted" in violation:
            continue
        statement = statements[violation["requirement"]]
        found = locate(statement["where"])
        title = _property(f"{statement['id']}: {statement['words']}")
        file = reachable(found)
        place = f"file={_property(file)},line={found.line}," if file else ""
        message = f"{violation['message']} ({wording.often(violation)}). {violation['repeat']}"
        yield f"::{_COMMANDS[violation['severity']]} {place}title={title}::{_data(message)}"


def summarize(record: Node, environment: Mapping[str, str]) -> None:
    """Append the report to the step summary, when there is one; raises OSError."""
    name = environment.get("GITHUB_STEP_SUMMARY")
    if not name:
        return
    with Path(name).open("a", encoding="utf-8") as file:
        file.write(_fitting(markdown.text(record)))


def _fitting(text: str) -> str:
    if len(text.encode()) <= SUMMARY_LIMIT:
        return text
    kept = text.encode()[:SUMMARY_LIMIT].decode("utf-8", "ignore").rpartition("\n")[0]
    return f"{kept}\n\nThe rest is left out: a step summary holds 1 MiB.\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
