import copy
import re

from contract_tests.report.formats import github
from mockserver.contract import resources

COMMAND = re.compile(r"^::(error|warning) file=([^,:]+),line=(\d+),title=([^:]*)::(.*)$")


def test_each_violation_is_one_command_at_a_line_of_the_contract(planted):
    found = [COMMAND.match(line) for line in github.annotations(planted)]
    assert all(found)
    assert len(found) == len(planted["violations"])
    for match in found:
        lines = (resources.root() / match[2]).read_text().splitlines()
        assert 1 <= int(match[3]) <= len(lines)


def test_line_breaks_of_a_deployment_start_no_command_of_their_own(planted):
    record = copy.deepcopy(planted)
    record["violations"][0]["message"] = "a\n::add-mask::b\r\n100%"
    lines = list(github.annotations(record))
    assert all("\n" not in line and "\r" not in line for line in lines)
    assert r"a\n::add-mask::b\r\n100%25" in lines[0]


def test_an_accepted_violation_is_no_annotation(planted):
    record = copy.deepcopy(planted)
    record["violations"][0]["accepted"] = {"reason": "known"}
    assert len(list(github.annotations(record))) == len(planted["violations"]) - 1


def test_a_run_without_a_verdict_is_an_annotation(healthy):
    (line,) = github.annotations({**healthy, "verdict": "interrupted"})
    assert re.match(r"::error title=The run reaches a verdict::.*was interrupted", line)


def test_the_summary_is_appended(planted, tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    github.summarize(planted, {"GITHUB_STEP_SUMMARY": str(path)})
    assert path.read_text().startswith("before\n## ❌")


def test_a_summary_never_exceeds_the_limit(planted, tmp_path, monkeypatch):
    monkeypatch.setattr(github, "SUMMARY_LIMIT", 2000)
    path = tmp_path / "summary.md"
    github.summarize(planted, {"GITHUB_STEP_SUMMARY": str(path)})
    assert len(path.read_bytes()) < 2100
    assert path.read_text().endswith("a step summary holds 1 MiB.\n")


def test_without_actions_nothing_is_written(planted, tmp_path):
    assert not github.running({})
    github.summarize(planted, {})
