"""The JUnit report, held against the schema that pytest's own report is held against."""

import copy
import subprocess
import sys
import tarfile
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from contract_tests.report.formats import junit

SCHEMA = "testing/example_scripts/junit-10.xsd"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> xmlschema.XMLSchema:
    """Jenkins' schema for JUnit reports, which comes with pytest's source."""
    folder, version = tmp_path_factory.mktemp("pytest"), metadata.version("pytest")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", "pytest", "--dest", str(folder), f"pytest=={version}"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        found = archive.extractfile(f"pytest-{version}/{SCHEMA}")
        assert found is not None
        return xmlschema.XMLSchema(found.read())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["planted", "healthy"])
def test_the_report_fits_the_common_schema(schema, kind, request, tmp_path: Path):
    path = tmp_path / "contract.xml"
    path.write_text(junit.text(request.getfixturevalue(kind)), encoding="utf-8")

    assert [f"{e.path}: {e.reason}" for e in schema.iter_errors(str(path))] == []


def test_control_characters_of_a_deployment_are_left_out(planted):
    record = copy.deepcopy(planted)
    record["violations"][0]["message"] = "\x1b[31mred\x00"

    assert ET.fromstring(junit.text(record)).find(".//failure[@message='[31mred']") is not None


def test_counts_and_cases_agree(planted):
    (suite,) = junit.suites(planted)
    cases = suite.findall("testcase")

    assert int(suite.get("tests")) == len(cases) == len(planted["requirements"])
    assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) > 0
    assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))


@pytest.mark.parametrize("verdict", ["interrupted", "inconclusive"])
def test_a_run_without_a_verdict_has_an_error(healthy, verdict):
    run = {**healthy["run"], "stopped": "after 7 s"}
    record = {**healthy, "verdict": verdict, "core_not_observed": ["detail.answer"], "run": run}
    (suite,) = (root := junit.suites(record))

    (error,) = suite.findall("testcase/error")
    assert {"interrupted": verdict, "inconclusive": "detail.answer"}[verdict] in error.get(
        "message", ""
    )
    assert root.get("errors") == suite.get("errors") == "1"
    assert int(suite.get("tests")) == len(suite.findall("testcase"))
    properties = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert properties == {"verdict": verdict, "stopped": "after 7 s"}


def test_a_write_that_remains_is_an_error_beside_the_violations(planted):
    entry = {"ticket": 42, "field": "status", "outcome": "failed", "original": "open"}
    (suite,) = junit.suites({**planted, "undo": [entry]})

    (error,) = suite.findall("testcase/error")
    assert error.get("message") == "Not restored: the status of ticket 42."


def test_no_case_claims_a_time_as_the_requests_are_shared(planted):
    root = junit.suites(planted)
    assert float(root.attrib["time"]) > 0
    assert [case for case in root.iter("testcase") if "time" in case.attrib] == []
