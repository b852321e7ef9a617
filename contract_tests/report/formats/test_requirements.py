"""The tests of `contract-tests … -- -k sort -v`: one for each statement, and one for the run."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from contract_tests.laws import requirements
from contract_tests.report import wording
from contract_tests.report.formats.pytest_items import VARIABLE
from contract_tests.report.records import run_notes

Node = dict[str, Any]


@pytest.fixture(scope="session")
def record() -> Node:
    """Return the record of the run that is shown."""
    body: Node = json.loads(Path(os.environ[VARIABLE]).read_text(encoding="utf-8"))
    return body


def test_run(record: Node) -> None:
    errors = [reason for _, _, reason in run_notes.run_errors(record)]
    if errors:
        pytest.fail("\n".join(errors), pytrace=False)


@pytest.mark.parametrize("name", list(requirements.load()))
def test_requirement(record: Node, name: str) -> None:
    statement = next((s for s in record["requirements"] if s["id"] == name), None)
    if statement is None:
        pytest.skip("left out by --only or --skip")
    if statement["outcome"] == "not observed":
        pytest.skip(f"not observed: {statement['reason']}")
    broken = [v for v in record["violations"] if v["requirement"] == name]
    if any(violation["severity"] == "fail" for violation in broken):
        pytest.fail(_words(record, statement, broken), pytrace=False)
    for violation in broken:
        print(f"warning: {violation['message']}")


def _words(record: Node, statement: Node, broken: list[Node]) -> str:
    sent = wording.exchanges(record)
    lines = [statement["words"], f"source: {statement['source']} ({statement['evidence']})"]
    for violation in broken:
        lines += wording.violation(violation, sent)
    return "\n".join(lines)
