"""The command: exit statuses, usage errors that say what to do, and its outputs."""

import json
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from contract_tests.cli.command_group import main
from contract_tests.client.budget import Budget
from contract_tests.laws import requirements
from contract_tests.report.formats import pytest_items
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
    done = invoke("--base-url", "http://127.0.0.1:9", "--retries", "0", *reports)

    assert done.exit_code == 2
    assert "cannot be reached" in done.output
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
    assert "--undo-file FILE chooses another place" in done.output
    assert fake.heard_methods == []


def test_a_missing_token_is_asked_for(monkeypatch):
    monkeypatch.delenv("CONTRACT_TOKEN")

    done = invoke("--base-url", "http://h")

    assert done.exit_code == 2
    assert "set CONTRACT_TOKEN" in done.output


def test_tokens_may_come_from_a_file(monkeypatch, tmp_path):
    monkeypatch.delenv("CONTRACT_TOKEN")
    file = tmp_path / "tokens"
    file.write_text("# ours\nCONTRACT_TOKEN=jane\nexport CONTRACT_OTHER_TOKEN='stranger'\n")
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        done = invoke("--base-url", url, "--token-file", file, "--only", "access.workspace")

    assert done.exit_code == 0, done.output
    assert "1 confirmed" in done.output


def test_only_what_was_asked_for_is_judged_and_sent(tmp_path):
    fake, file = FakeDeployment(FakeOptions(tickets=30)), tmp_path / "record.json"
    with Serving(fake) as url:
        wanted = ("--only", "access.required", "--only", "list.data", "--skip", "list")
        invoke("--base-url", url, "--json", file, *wanted)

    judged = [statement["id"] for statement in json.loads(file.read_text())["requirements"]]
    assert judged == ["access.required"]
    assert len(fake.heard_methods) < 85


@pytest.mark.slow
@pytest.mark.parametrize(("writes", "most"), [((), 170), (("--write-tickets", "any"), 260)])
def test_standard_keeps_to_its_requests_with_the_undo(writes, most):
    fake = FakeDeployment(FakeOptions(tickets=230))
    others = ("--other-token", "stranger", "--readonly-token", "reader")
    with Serving(fake) as url:
        done = invoke("--base-url", url, *others, *writes)

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
    assert "(cut short: " in done.output
    assert verdict in done.output


@pytest.mark.slow
def test_without_an_address_the_mock_is_started_and_checked_though_no_state_can_be_kept(
    monkeypatch, tmp_path
):
    (tmp_path / "home").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    done = invoke("--profile", "quick", "--only", "status")

    assert done.exit_code == 0, done.output
    assert "CONFORMING" in done.output


def test_an_inconclusive_run_stays_one_whatever_pytest_shows(monkeypatch):
    monkeypatch.setattr(pytest_items, "show", lambda *_: 0)
    with Serving(FakeDeployment(FakeOptions(tickets=5))) as url:
        done = invoke("--base-url", url, "--max-requests", "1", "--", "-k", "sort")

    assert done.exit_code == 2


def test_a_run_that_could_not_write_says_so_in_the_end(tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=8, readonly=True))
    with Serving(fake) as url:
        done = invoke("--base-url", url, "--profile", "quick", "--write-tickets", "3",
                      "--undo-file", tmp_path / "undo.jsonl")  # fmt: skip

    last = done.output.splitlines()[-1]
    assert last.startswith("--write-tickets was given, but nothing was written: every write was")
    assert "403 (" in last


def test_an_unknown_name_that_is_like_no_other_tells_where_all_are_listed():
    done = invoke("--only", "nope")

    assert done.exit_code == 2
    assert str(requirements.FILES[0]) in done.output


@pytest.mark.parametrize(("most", "words"), [(1, "1 request"), (2, "2 requests")])
def test_a_limit_of_one_request_is_said_in_good_grammar(most, words):
    budget = Budget(maximum=most, spent=most)
    assert budget.ended == f"the limit of {words} is reached"
