"""Several seeds at once: what is said of each, and which record stands for all."""

import pytest
from click.testing import CliRunner

from contract_tests.cli import check_deployment, main
from contract_tests.client.errors import CannotRun
from tests.support.trial import order


def chosen(seed):
    """The options of a check with a seed; nothing else of them is looked at here."""
    return check_deployment.Choice(
        url=None,
        tokens=None,
        order=order(seed=seed),
        rate=None,
        retries=3,
        max_time=None,
        max_bytes=1_000_000,
        ca_bundle=None,
        settle=5.0,
        write=(),
        finish_undo=False,
        setting={},
        contract=None,
    )


def check(monkeypatch, violated, seed=5, count=4):
    """Check without a mock: the seeds in `violated` find something."""

    def one(choice):
        found = choice.order.seed
        verdict = "violated" if found in violated else "conforming"
        return {"verdict": verdict, "run": {"seed": found, "requests": 40}}

    said = []
    monkeypatch.setattr(check_deployment, "one", one)
    return check_deployment.check_seeds(chosen(seed), count, said.append), sorted(said)


def test_every_seed_from_the_chosen_one_on_is_checked_and_told(monkeypatch):
    record, said = check(monkeypatch, violated=())

    assert record["run"]["seed"] == 5
    assert said == [f"seed {seed}: conforming, 40 requests" for seed in (5, 6, 7, 8)]


def test_the_first_seed_that_finds_something_is_reported(monkeypatch):
    record, _ = check(monkeypatch, violated=(8, 6))

    assert (record["run"]["seed"], record["verdict"]) == (6, "violated")


def test_a_mock_that_cannot_be_checked_stops_the_check(monkeypatch):
    def one(choice):
        raise CannotRun("the mock did not start")

    monkeypatch.setattr(check_deployment, "one", one)
    with pytest.raises(CannotRun, match="did not start"):
        check_deployment.check_seeds(chosen(0), 2, [].append)


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
