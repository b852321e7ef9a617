import json
import signal
import subprocess
import sys

import jsonschema
import pytest
from click.testing import CliRunner

from contract_tests.cli.command_group import main
from contract_tests.cli.compare import _token
from contract_tests.client import local_mock
from contract_tests.report.records import record_file
from tests.contract_tests.conftest import TOKEN, Planted
from tests.support.drift import DRIFTS, drifting, only_read
from tests.support.drift_middleware import Drift
from tests.support.fake_deployment import Serving

NOWHERE = "http://127.0.0.1:9"


def run(*arguments, **options):
    return CliRunner().invoke(main, [str(a) for a in arguments], **options)


def test_report_makes_every_form_of_a_record(planted, saved, tmp_path):
    forms = ("html", "markdown", "sarif", "overlay", "junit", "json")
    options = [text for form in forms for text in (f"--{form}", tmp_path / f"out.{form}")]
    result = run("report", saved(planted), *options)
    assert result.exit_code == 1, result.output
    assert all((tmp_path / f"out.{form}").stat().st_size > 500 for form in forms)
    assert record_file.read(tmp_path / "out.json") == json.loads(json.dumps(planted))


def test_report_without_options_shows_the_record(healthy, saved):
    result = run("report", saved(healthy))
    assert result.exit_code == 0
    assert "CONFORMING" in result.output


def test_a_record_of_an_interrupted_run_is_no_success(healthy, saved):
    result = run("report", saved({**healthy, "verdict": "interrupted"}))
    assert result.exit_code == 2


def test_no_overlay_is_left_when_there_is_no_drift(healthy, saved, tmp_path):
    path = tmp_path / "overlay.yaml"
    path.write_text("old")
    assert run("report", saved(healthy), "--overlay", path).exit_code == 0
    assert not path.exists()


def test_in_github_actions_annotations_and_summary_come_by_themselves(planted, saved, tmp_path):
    summary = tmp_path / "summary.md"
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    result = run("report", saved(planted), env=environment)
    assert "\n::error file=" in result.output
    assert "Tickets API contract: violated" in summary.read_text()


def test_a_baseline_is_written_filled_in_and_obeyed(planted, saved, tmp_path):
    record, accepted = saved(planted), tmp_path / "accepted.yaml"
    first = run("report", record, "--baseline", accepted, "--update-baseline")
    assert "added, 0 dropped" in first.output
    unfilled = run("report", record, "--baseline", accepted)
    assert unfilled.exit_code == 2
    assert "fill in its reason and owner" in unfilled.output
    accepted.write_text(accepted.read_text().replace("to be filled in", "known, ticket 7"))
    out = tmp_path / "judged.json"
    assert run("report", record, "--baseline", accepted, "--json", out).exit_code == 0
    body = json.loads(out.read_text())
    jsonschema.validate(body, record_file.schema())
    assert run("report", out, "--html", tmp_path / "a.html").exit_code == 0
    assert "Accepted by known, ticket 7 until " in (tmp_path / "a.html").read_text()


def test_diff_fails_only_for_what_broke(healthy, planted, saved):
    old, new = saved(healthy, "old.json"), saved(planted, "new.json")
    worse, better = run("diff", old, new), run("diff", new, old)
    assert (worse.exit_code, better.exit_code) == (1, 0)
    assert worse.output.startswith("Broken now")


def test_judge_refuses_a_masked_record_and_says_why(healthy, saved):
    result = run("judge", saved(healthy))
    assert result.exit_code == 2
    assert "--show-data" in result.output


@pytest.mark.slow
def test_a_bare_record_is_judged_again_to_the_same_verdict(tmp_path):
    fake, path = Planted(), tmp_path / "bare.json"
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as url:
        options = ("--base-url", url, "--profile", "quick", "--show-data", "--json", path)
        assert run(*options, env={"CONTRACT_TOKEN": TOKEN}).exit_code == 1
    again = tmp_path / "again.json"
    assert run("judge", path, "--json", again).exit_code == 1
    body = json.loads(again.read_text())
    jsonschema.validate(body, record_file.schema())
    violated = {v["requirement"] for v in body["violations"]}
    assert {"list.filter.unassigned", "ticket.created_at"} <= violated
    assert not [note for note in body["run"]["notes"] if "mistake of the app" in note]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("dif",), "No such command 'dif'"),
        (("report", record_file.FILE), "is not valid JSON"),
        (("judge", record_file.FILE), "is not valid JSON"),
        (("compare", "--right", "ftp://x"), "is not a valid URL"),
        (("compare", "--left", "http://127.0.0.1:9", "--right", "http://127.0.0.1:9"), "no token"),
        (("watch", "--upstream", "nowhere"), "is not a valid URL"),
        (("--html", "no/such/folder/a.html"), "does not exist"),
        (("--update-baseline",), "needs --baseline FILE"),
    ],
)
def test_a_mistake_is_a_usage_error_in_words(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_a_json_file_that_is_no_record_is_refused(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"format": 1}')
    result = run("report", path)
    assert result.exit_code == 2
    assert "is not a run record" in result.output


def test_compare_sends_a_header_to_one_side_and_does_not_show_its_value(tmp_path):
    out = tmp_path / "comparison.json"
    drift = DRIFTS["header"]
    tokens = {"CONTRACT_LEFT_TOKEN": "jane", "CONTRACT_RIGHT_TOKEN": "jane"}
    with (
        drifting(Drift(), only_read(drift.choices)) as left,
        drifting(drift, only_read(drift.choices)) as right,
    ):
        sides = ("--left", left.url, "--right", right.url, "--json", out)
        without = run("compare", *sides, env=tokens)
        result = run("compare", *sides, "--right-header", f"{drift.header}: acme-7", env=tokens)

    assert without.exit_code == 2
    assert f"give it with --right-header '{drift.header}: VALUE'" in without.output
    assert result.exit_code == 1, result.output
    assert f"the right side: every request must carry the header {drift.header}" in result.output
    assert "acme-7" not in result.output + out.read_text()
    assert [each["kind"] for each in json.loads(out.read_text())["adapted"]] == ["header"]


def test_compare_with_what_is_not_there_cannot_run():
    sides = ("--left", "http://127.0.0.1:9", "--right", "http://127.0.0.1:9")
    tokens = {"CONTRACT_LEFT_TOKEN": "a", "CONTRACT_RIGHT_TOKEN": "b"}
    result = run("compare", *sides, env=tokens)
    assert result.exit_code == 2
    assert "cannot be reached" in result.output


@pytest.mark.parametrize(
    ("left", "variables", "fault"),
    [
        (["--left", NOWHERE], {},
         "no token for the left and the right side: set CONTRACT_LEFT_TOKEN and"),
        (["--left", NOWHERE], {"CONTRACT_LEFT_TOKEN": "a"}, "no token for the right side"),
        (["--left", NOWHERE], {"CONTRACT_TOKEN": "a"}, "cannot be reached"),
        ([], {"CONTRACT_LEFT_TOKEN": "a"}, "no token for the right side"),
    ],
    ids=["none", "one side", "one for both", "the mock of our own"],
)  # fmt: skip
def test_compare_names_every_token_that_is_missing(left, variables, fault):
    unset = dict.fromkeys(("CONTRACT_TOKEN", "CONTRACT_LEFT_TOKEN", "CONTRACT_RIGHT_TOKEN"))
    result = run("compare", *left, "--right", NOWHERE, env={**unset, **variables})

    assert result.exit_code == 2
    assert fault in " ".join(result.output.split())


def test_the_token_of_the_left_side_is_not_sent_to_the_mock_of_our_own(monkeypatch):
    monkeypatch.setenv("CONTRACT_LEFT_TOKEN", "secret-of-production")
    given = {"left": None, "left_token": None}

    assert _token("left", given) == local_mock.TOKENS.main
    given["left"] = NOWHERE
    assert _token("left", given) == "secret-of-production"


@pytest.mark.slow
def test_watch_ends_on_ctrl_c_with_its_reports(tmp_path):
    import requests

    fake, out = Planted(), tmp_path / "watched.json"
    fake.tokens = {TOKEN: 5}
    with Serving(fake) as upstream:
        command = [sys.executable, "-m", "contract_tests", "watch", "--upstream", upstream]
        process = subprocess.Popen(
            [*command, "--json", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            url = process.stdout.readline().split()[0]
            headers = {"Authorization": f"Bearer {TOKEN}"}
            requests.get(f"{url}/api/tickets?per_page=100", headers=headers, timeout=30)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=60)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 1, output
    assert "VIOLATED" in output
    body = json.loads(out.read_text())
    jsonschema.validate(body, record_file.schema())
    assert [text for text in (output, out.read_text()) if TOKEN in text] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "missing.json"),
        ("judge", "missing.har"),
        ("diff", "missing.json", "missing.json"),
        ("check", "--token", "x", "--base-url", "http://h", "--baseline", "missing.yaml"),
    ],
)
def test_a_missing_file_is_named_without_an_error_number(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)

    assert result.exit_code == 2
    assert ": No such file or directory" in result.output.replace("\n", " ")
    assert "Errno" not in result.output
