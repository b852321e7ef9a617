"""docs/extending.md: its changes, applied to a copy of the repository, do what the page says."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.console import ROOT
from tests.support.diffs import apply_diffs, copy_repository
from tests.support.harness import Serving, serving

JANE = {"Authorization": "Bearer jane"}


PAGE = ROOT / "docs" / "extending.md"


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the changes of the page."""
    folder = tmp_path_factory.mktemp("extended")
    copy_repository(folder)
    apply_diffs(PAGE, folder)
    return folder


@pytest.fixture(scope="module")
def mock(extended: Path) -> Iterator[Serving]:
    with serving("--clock", "2026-05-01T09:00:00Z", folder=extended) as running:
        yield running


def run(extended: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=extended,
        env=os.environ | {"PYTHONPATH": str(extended)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def tickets(mock: Serving, **query: Any) -> dict[str, Any]:
    reply = requests.get(f"{mock.url}/api/tickets", query, headers=JANE, timeout=30)
    reply.raise_for_status()
    answer: dict[str, Any] = reply.json()
    return answer


def test_a_list_with_the_new_filter_holds_the_tickets_of_the_contacts(mock: Serving) -> None:
    every = [row for page in (1, 2) for row in tickets(mock, per_page=100, page=page)["data"]]
    contacts = Counter(row["contact"]["id"] for row in every)
    (first, _), (second, _) = contacts.most_common(2)
    expected = {row["id"] for row in every if row["contact"]["id"] in (first, second)}
    found = tickets(mock, **{"filter[contact_ids]": f"{first},{second}", "per_page": 100})
    assert len(expected) > 2
    assert {row["id"] for row in found["data"]} == expected
    assert found["meta"]["total"] == len(expected)


def test_the_new_operation_answers(mock: Serving) -> None:
    contact = mock.get("/api/tickets/42").json()["ticket"]["contact"]
    assert mock.get("/api/tickets/42/contact").json() == {"contact": contact}
    assert mock.get("/api/tickets/999999/contact").status_code == 404


def test_the_new_fault_sends_a_body_that_is_not_json(mock: Serving) -> None:
    mock.get("/api/tickets", token="jane@faulty")
    fault, world = {"fault": "garble"}, {"world": "faulty"}
    requests.post(
        f"{mock.url}/_mock/faults", params=world, json=fault, timeout=30
    ).raise_for_status()
    with pytest.raises(requests.JSONDecodeError):
        mock.get("/api/tickets", token="jane@faulty").json()


@pytest.mark.slow
def test_the_suite_confirms_the_new_statements_and_writes_the_new_report(
    extended: Path, tmp_path: Path
) -> None:
    report = tmp_path / "statements.csv"
    done = run(extended, "contract_tests", "--csv", str(report))
    assert done.returncode == 0, done.stdout
    with report.open(newline="") as file:
        outcomes = {row["requirement"]: row["outcome"] for row in csv.DictReader(file)}
    new = ("list.filter.contact_ids", "list.filter.contact_ids.values", "ticket.contact.same")
    assert {name: outcomes[name] for name in new} == dict.fromkeys(new, "confirmed")


@pytest.mark.slow
def test_the_suite_finds_the_new_defect_with_the_new_law(extended: Path) -> None:
    only = ("--defect", "contact-email-in-capitals", "--profile", "quick")
    done = run(extended, "contract_tests", "prove", *only)
    assert "1 of 1" in done.stdout, done.stdout


def test_the_table_counts_the_files_of_each_change() -> None:
    head, *sections = PAGE.read_text().split("\n## ")
    counted = dict(re.findall(r"\(#([\w-]+)\) \| (\d+) \|", head))
    changed = {
        section.partition("\n")[0].lower().replace(" ", "-"): str(
            len(set(re.findall(r"^\+\+\+ b/(.+)$", section, re.MULTILINE)))
        )
        for section in sections
    }
    assert counted == changed


@pytest.mark.slow
def test_the_checks_of_coverage_pass(extended: Path) -> None:
    done = run(extended, "pytest", "-q", "tests/contract_tests/laws/test_coverage.py")
    assert done.returncode == 0, done.stdout
