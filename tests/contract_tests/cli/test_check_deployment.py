"""Several seeds in parallel: the line about each, and which record stands for all."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from contract_tests.cli import check_deployment
from contract_tests.cli.check_options import CheckOptions
from contract_tests.cli.command_group import main
from contract_tests.client.errors import CannotRun
from tests.support.trial import TOKENS, run_options


def check(monkeypatch, violated, seed=5, count=4):
    """Check without a mock: the seeds in `violated` find something."""

    def one(chosen):
        found = chosen.run_options.seed
        verdict = "violated" if found in violated else "conforming"
        return {"verdict": verdict, "run": {"seed": found, "requests": 40}}

    lines = []
    monkeypatch.setattr(check_deployment, "check_deployment", one)
    chosen = CheckOptions(None, TOKENS, run_options(seed=seed), Path())
    return check_deployment.check_seeds(chosen, count, lines.append), sorted(lines)


def test_every_seed_from_the_chosen_one_on_is_checked_and_told(monkeypatch):
    record, lines = check(monkeypatch, violated=())

    assert record["run"]["seed"] == 5
    assert lines == [f"seed {seed}: conforming, 40 requests" for seed in (5, 6, 7, 8)]


def test_the_first_seed_that_finds_something_is_reported(monkeypatch):
    record, _ = check(monkeypatch, violated=(8, 6))

    assert (record["run"]["seed"], record["verdict"]) == (6, "violated")


def test_a_mock_that_cannot_be_checked_stops_the_check(monkeypatch):
    def one(chosen):
        raise CannotRun("the mock did not start")

    monkeypatch.setattr(check_deployment, "check_deployment", one)
    chosen = CheckOptions(None, TOKENS, run_options(), Path())
    with pytest.raises(CannotRun, match="did not start"):
        check_deployment.check_seeds(chosen, 2, [].append)


@pytest.mark.slow
def test_the_command_checks_mocks_side_by_side():
    done = CliRunner().invoke(main, ["-n", "2", "--profile", "quick", "--seed", "3"])

    assert done.exit_code == 0, done.output
    assert {line.partition(":")[0] for line in done.output.splitlines()[:2]} == {"seed 3", "seed 4"}
    assert "seed 3" in done.output.splitlines()[-1]


def test_a_deployment_is_never_asked_by_several():
    done = CliRunner().invoke(main, ["-n", "2", "--base-url", "http://127.0.0.1:9", "--token", "x"])

    assert done.exit_code == 2
    assert "-n works with the mock only" in done.output
