"""The command: exit statuses, usage errors that say what to do, and its outputs."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from contract_tests.cli.command_group import main
from tests.support.broken import BROKEN
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving


@pytest.fixture(autouse=True)
def _variables(monkeypatch, tmp_path):
    for name in ("CONTRACT_OTHER_TOKEN", "CONTRACT_READONLY_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONTRACT_TOKEN", "jane")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def invoke(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_conforming_is_0_and_violated_is_1():
    with Serving(FakeDeployment(FakeOptions(tickets=30))) as url:
        assert invoke("--base-url", url, "--profile", "quick").exit_code == 0
    with Serving(BROKEN["status_filter_ignored"](FakeOptions(tickets=30))) as url:
        assert invoke("--base-url", url, "--profile", "quick").exit_code == 1


def test_a_deployment_out_of_reach_is_2():
    done = invoke("--base-url", "http://127.0.0.1:9", "--retries", "0")

    assert done.exit_code == 2
    assert "cannot be reached" in done.output
    assert "Traceback" not in done.output


def test_a_refused_token_is_2(monkeypatch):
    monkeypatch.setenv("CONTRACT_TOKEN", "nobody")
    with Serving(FakeDeployment(FakeOptions(tickets=1))) as url:
        done = invoke("--base-url", url)

    assert done.exit_code == 2
    assert "refused the token (401)" in done.output


@pytest.mark.parametrize("option", ["--other-token", "--readonly-token"])
def test_a_further_token_that_is_refused_is_2(option):
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        done = invoke("--base-url", url, "--profile", "quick", option, "nobody")

    assert done.exit_code == 2
    assert f"refused {option} (401)" in done.output


def test_a_run_that_could_not_run_leaves_no_older_report_and_a_red_junit(tmp_path):
    record, junit = tmp_path / "run.json", tmp_path / "run.xml"
    record.write_text("{}")
    junit.write_text("<testsuites/>")
    reports = ("--json", record, "--junit", junit)
    invoke("--base-url", "http://127.0.0.1:9", "--retries", "0", *reports)

    assert not record.exists()
    (error,) = ET.parse(junit).iter("error")
    assert "cannot be reached" in error.get("message", "")


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--base-url", "localhost:4010"], "use for example https://api.example.com"),
        (["--base-url", "http://h/v2?page=1"], "must contain scheme, host and port only"),
        (["--base-url", "http://h", "--write-tickets", "4,x"], "use ids such as 42,43, or any"),
        (
            ["--base-url", "http://h", "--rate", "fast"],
            "use for example 60/minute, 2/second, or off",
        ),
        (
            ["--base-url", "http://h", "--only", "list.filter.stauts"],
            "is not a known requirement or law; did you mean list.filter.status, ",
        ),
        (["http://h"], "give the URL as --base-url http://h"),
        (["check", "http://h"], "give the URL as --base-url http://h"),
        (["--base-url", "http://h", "--profile", "slow"], "'slow' is not one of"),
        (["--base-url", "http://h", "--token-file", "/nowhere"], "--token-file /nowhere"),
    ],
)
def test_a_usage_error_is_2_and_says_how_to_mend_it(arguments, remedy):
    done = invoke(*arguments)

    assert done.exit_code == 2
    assert remedy in done.output


def test_a_contract_without_the_operations_of_the_page_is_2(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("openapi: 3.1.0\npaths: {}\n")
    done = invoke("--base-url", "http://h", "--contract", str(file))

    assert done.exit_code == 2
    assert f"--contract {file}: it documents no operation getTicket" in done.output


def test_an_undo_file_that_cannot_be_written_is_2_before_anything_is_sent(tmp_path):
    fake, file = FakeDeployment(), tmp_path / "undo.jsonl"
    (tmp_path / "undo.jsonl.new").mkdir()
    with Serving(fake) as url:
        writing = ("--write-tickets", "3", "--undo-file", str(file))
        done = invoke("--base-url", url, *writing)

    assert done.exit_code == 2
    assert f"the undo file {file} cannot be" in done.output
    assert fake.heard_methods == []


def test_a_missing_token_is_asked_for(monkeypatch):
    monkeypatch.delenv("CONTRACT_TOKEN")

    done = invoke("--base-url", "http://h")

    assert done.exit_code == 2
    assert "set CONTRACT_TOKEN" in done.output


@pytest.mark.slow
def test_tokens_may_come_from_a_file(monkeypatch, tmp_path):
    monkeypatch.delenv("CONTRACT_TOKEN")
    file = tmp_path / "tokens"
    file.write_text("# ours\nCONTRACT_TOKEN=jane\nexport CONTRACT_OTHER_TOKEN='stranger'\n")
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        done = invoke("--base-url", url, "--token-file", file, "--json", tmp_path / "record.json")

    record = json.loads((tmp_path / "record.json").read_text())
    assert done.exit_code == 0, done.output
    outcomes = {s["id"]: s["outcome"] for s in record["requirements"]}
    assert outcomes["access.workspace"] == "confirmed"


@pytest.mark.slow
def test_only_what_was_asked_for_is_judged_and_sent(tmp_path):
    def run(*more):
        with Serving(FakeDeployment(FakeOptions(tickets=30))) as url:
            invoke("--base-url", url, "--json", tmp_path / "record.json", *more)
        return json.loads((tmp_path / "record.json").read_text())

    whole, part = run(), run("--only", "access.required")

    assert [s["id"] for s in part["requirements"]] == ["access.required"]
    assert part["run"]["requests"] < whole["run"]["requests"] / 4


def test_skipped_statements_are_not_judged(tmp_path):
    with Serving(FakeDeployment(FakeOptions(tickets=30))) as url:
        invoke(
            "--base-url",
            url,
            "--json",
            tmp_path / "record.json",
            "--skip",
            "list.*",
            "--profile",
            "quick",
        )
    record = json.loads((tmp_path / "record.json").read_text())

    assert not [s for s in record["requirements"] if s["id"].startswith("list.")]
    assert [s for s in record["requirements"] if s["id"].startswith("ticket.")]


OTHERS = ("--other-token", "stranger", "--readonly-token", "reader")


@pytest.mark.slow
@pytest.mark.parametrize(("profile", "most"), [("quick", 55), ("standard", 170)])
def test_a_profile_keeps_its_budget(profile, most):
    fake = FakeDeployment(FakeOptions(tickets=230))
    with Serving(fake) as url:
        done = invoke("--base-url", url, "--profile", profile, *OTHERS)

    assert done.exit_code == 0, done.output
    assert len(fake.heard_methods) <= most


@pytest.mark.slow
@pytest.mark.parametrize(("profile", "most"), [("quick", 55), ("standard", 260)])
def test_a_writing_profile_keeps_its_budget_with_the_undo(profile, most):
    fake = FakeDeployment(FakeOptions(tickets=230))
    with Serving(fake) as url:
        done = invoke("--base-url", url, "--profile", profile, *OTHERS, "--write-tickets", "any")

    assert done.exit_code == 0, done.output
    assert len(fake.heard_methods) <= most


@pytest.mark.parametrize(
    ("most", "verdict", "status"), [(1, "INCONCLUSIVE", 2), (40, "CONFORMING", 0)]
)
def test_max_requests_ends_the_run_and_says_so(most, verdict, status):
    fake = FakeDeployment(FakeOptions(tickets=30))
    with Serving(fake) as url:
        done = invoke("--base-url", url, "--max-requests", most)

    assert done.exit_code == status, done.output
    assert len(fake.heard_methods) <= most
    assert "Ended early" in done.output
    assert verdict in done.output


@pytest.mark.slow
def test_without_an_address_the_mock_is_started_and_checked(tmp_path):
    done = invoke("--profile", "quick", "--junit", tmp_path / "junit.xml")

    assert done.exit_code == 0, done.output
    assert "CONFORMING" in done.output
    assert (tmp_path / "junit.xml").exists()


@pytest.mark.slow
def test_pytest_options_show_the_statements_as_items():
    with Serving(BROKEN["sort_ignored"](FakeOptions(tickets=30))) as url:
        done = subprocess.run(
            [sys.executable, "-m", "contract_tests", "--base-url", url, "--profile", "quick", "--",
             "-q", "-k", "created_at"],
            capture_output=True, text=True, check=False, env=os.environ,
        )  # fmt: skip

    assert done.returncode == 1
    assert "FAILED" in done.stdout
    assert "list.sort.created_at" in done.stdout


@pytest.mark.parametrize(("options", "shown"), [(["-q"], "::test_run"), (["-k", "sort"], "passed")])
def test_pytest_shows_an_inconclusive_run_as_a_failure(options, shown):
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        command = [sys.executable, "-m", "contract_tests", "--base-url", url, "--max-requests", "1"]
        done = subprocess.run(
            [*command, "--", *options], capture_output=True, text=True, check=False
        )

    assert done.returncode == 2
    assert shown in done.stdout
