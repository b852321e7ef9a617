"""One item for each documented statement, over a run of the suite.

`contract-tests … -- -k sort -v` shows a run that was just made. `pytest --pyargs contract_tests`
makes one itself: against CONTRACT_BASE_URL with CONTRACT_TOKEN, or else against the mock.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.laws import requirements
from contract_tests.run.pytest_items import VARIABLE

Node = dict[str, Any]


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Return the record of the run that is shown."""
    given = os.environ.get(VARIABLE)
    file = Path(given) if given else tmp_path_factory.mktemp("contract") / "record.json"
    if not given:
        command = [sys.executable, "-m", "contract_tests", "--json", str(file)]
        if url := os.environ.get("CONTRACT_BASE_URL"):
            command += ["--base-url", url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode not in (0, 1):
            pytest.exit(done.stderr.strip(), returncode=2)
    body: Node = json.loads(file.read_text(encoding="utf-8"))
    return body


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
    sent = {exchange["number"]: exchange for exchange in record["exchanges"]}
    lines = [statement["words"], f"source: {statement['source']} ({statement['evidence']})"]
    for violation in broken:
        lines.append(f"law {violation['law']}: {violation['message']}")
        lines += [f"  #{n} {sent[n]['status']}  {sent[n]['curl']}" for n in violation["exchanges"]]
        lines.append(f"repeat: {violation['repeat']}")
    return "\n".join(lines)
