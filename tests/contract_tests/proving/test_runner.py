"""Who tests the tests: a fixed sample of the planted defects, on every run of the gates."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis.errors import FlakyStrategyDefinition

from contract_tests.cli.command_group import main
from contract_tests.client import local_mock
from contract_tests.client.errors import CannotRun
from contract_tests.proving import kill_table, runner, trial

RATES = Path(runner.__file__).with_name("kill_rates.yaml")
DEFECTS = 10
HEALTHY = ("background-activity", "unchanged-write-touches", "absent-user-unassigns")
"""Mocks whose writes are the strangest; all of them are proven by `contract-tests prove`."""


catalogue = cache(runner.catalogue)


def first_part():
    """Return the defects that have committed kill rates."""
    return [subject for subject in runner.catalogue("defect") if subject.part == "first"]


@pytest.fixture(autouse=True)
def _one_catalogue(monkeypatch):
    """Read the catalogue once; reading it starts a process."""
    monkeypatch.setattr(runner, "catalogue", catalogue)


def proven(subjects):
    return runner.prove(subjects, "standard", (0,), 2, lambda _: None)


@pytest.mark.long
@pytest.mark.slow
def test_of_a_sample_of_the_defects_only_known_ones_survive():
    results = proven(runner.sample(first_part(), DEFECTS))

    assert len(results) == DEFECTS
    assert [result.fault for result in results if result.fault] == []
    alive = {result.subject.name for result in results if not result.killed}
    assert alive <= set(yaml.safe_load(RATES.read_text())["survivors"]["standard"])


@pytest.mark.slow
def test_mocks_that_only_write_strangely_are_not_accused():
    results = proven([s for s in runner.catalogue("healthy") if s.name in HEALTHY])

    assert len(results) == len(HEALTHY)
    assert kill_table.shortfalls(results, {}) == []


def test_a_sample_is_always_the_same_and_spread_over_the_catalogue():
    subjects = runner.catalogue("defect")
    names = [subject.name for subject in runner.sample(subjects, 10)]

    assert names == [subject.name for subject in runner.sample(subjects, 10)]
    assert len(set(names)) == 10
    assert len({s.requirement.partition(".")[0] for s in runner.sample(subjects, 40)}) > 5


@pytest.fixture
def command(monkeypatch):
    """The command, with results instead of runs."""

    def proved(subjects, profile, seeds, workers, report):
        killed = ("status.stored",) if profile != "quick" else ()
        results = [
            trial.Result(s, profile, seed, killed, 40, 1.0) for s in subjects for seed in seeds
        ]
        for result in results:
            report(result)
        return results

    monkeypatch.setattr(runner, "prove", proved)
    return lambda *arguments: CliRunner().invoke(main, ["prove", *arguments])


def test_profiles_are_repeatable_and_written_as_json(command, monkeypatch, tmp_path):
    monkeypatch.setattr(kill_table, "committed", lambda _: {})  # quick may miss this one
    profiles = ("quick", "standard", "schemathesis")
    done = command(
        *(word for profile in profiles for word in ("--profile", profile)),
        *("--defect", "status-not-stored", "--json", str(tmp_path / "kills.json")),
    )
    written = json.loads((tmp_path / "kills.json").read_text())

    assert done.exit_code == 0, done.output
    assert "| status.stored | 1 | 0 | 1 | 1 | 40 | 40 | 40 |" in done.output
    assert [(entry["profile"], entry["killed"]) for entry in written] == [
        ("quick", False), ("standard", True), ("schemathesis", True),
    ]  # fmt: skip
    assert written[0]["subject"]["name"] == "status-not-stored"


def test_an_interrupted_proof_tells_and_writes_what_it_has(command, monkeypatch, tmp_path):
    whole = runner.prove

    def interrupted(*given):
        raise runner.Interrupted(whole(*given)[:1])

    monkeypatch.setattr(runner, "prove", interrupted)
    done = command("--sample", "3", "--json", str(tmp_path / "kills.json"))

    assert done.exit_code == 2
    assert "interrupted" in done.output
    assert len(json.loads((tmp_path / "kills.json").read_text())) == 1
    assert "| standard | 1 of 1 | 0 of 0 | 40 |" in done.output


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_every_signal_interrupts_a_proof(command, monkeypatch, name):
    number = getattr(signal, name)

    def signalled(*_):
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            raise runner.Interrupted([]) from None

    monkeypatch.setattr(runner, "prove", signalled)
    before = signal.signal(number, signal.SIG_IGN)
    try:
        done = command("--sample", "3")
    finally:
        signal.signal(number, before)

    assert done.exit_code == 2
    assert "interrupted; the results so far are printed" in done.output


def test_where_results_cannot_be_written_is_said_before_the_proof(command, tmp_path):
    done = command("--json", str(tmp_path / "none" / "kills.json"))

    assert done.exit_code == 2
    assert "does not exist" in done.output


def test_results_that_cannot_be_written_are_told_all_the_same(command):
    done = command("--sample", "3", "--json", "/dev/full")

    assert done.exit_code == 2
    assert "cannot write --json" in done.output
    assert "| standard |" in done.output


@pytest.mark.parametrize("part", ["first", "second", "extension", "holdout"])
def test_a_proof_is_of_one_part_of_the_catalogue(command, part, tmp_path):
    command("--part", part, "--json", str(tmp_path / "kills.json"))
    proven = {
        entry["subject"]["name"] for entry in json.loads((tmp_path / "kills.json").read_text())
    }

    assert proven == {s.name for s in runner.catalogue("defect") if s.part == part}


def test_a_false_alarm_is_told_at_once(command):
    done = command("--healthy", "--sample", "2", "--seeds", "2")
    first = runner.catalogue("healthy")[0].name

    assert done.exit_code == 1
    told = f"{first}, seed 1, is accused of status.stored"
    assert told in done.output.partition("| healthy mock |")[0]


def test_a_rate_that_is_missed_fails_the_command(command, monkeypatch):
    monkeypatch.setattr(kill_table, "committed", lambda _: {"quick": {"writing": 0.5}})

    done = command("--profile", "quick", "--defect", "status-not-stored")

    assert done.exit_code == 1
    assert "quick kills 0.0% of the writing defects, not 50.0%" in done.output


def test_a_subject_that_does_not_exist_is_a_usage_error(command):
    assert command("--defect", "no-such-defect").exit_code == 2


NAMES = ("status-not-stored", "row-lost")


def chosen(*names):
    return [subject for subject in runner.catalogue("defect") if subject.name in names]


def upset(monkeypatch, act):
    """Let the suite come upon something when it judges the second subject."""
    judge = trial._judge

    def judging(subject, *given):
        if subject.name == NAMES[1]:
            act()
        return judge(subject, *given)

    monkeypatch.setattr(trial, "_judge", judging)


@pytest.mark.slow
def test_a_crash_of_the_suite_is_a_fault_of_one_subject(monkeypatch):
    def crash():
        raise FlakyStrategyDefinition("Inconsistent data generation!\nIs it?")

    upset(monkeypatch, crash)
    heard = []
    results = runner.prove(chosen(*NAMES), "quick", (0,), 2, heard.append)

    found = {result.subject.name: result for result in results}
    assert found[NAMES[0]].killed
    assert found[NAMES[1]].fault.startswith("the suite crashed at contract_tests/proving/trial.py:")
    assert found[NAMES[1]].fault.endswith("FlakyStrategyDefinition: Inconsistent data generation!")
    assert len(heard) == 2
    assert f"{NAMES[1]} (not judged: {found[NAMES[1]].fault})" in "\n".join(
        kill_table.lines(results)
    )


@pytest.mark.slow
def test_a_process_that_dies_takes_no_other_result_along(monkeypatch):
    upset(monkeypatch, lambda: os._exit(1))
    results = runner.prove(chosen(*NAMES), "quick", (0,), 2, lambda _: None)

    died = "the process of the suite died: out of memory, or killed?"
    assert {result.subject.name: (result.killed, result.fault) for result in results} == {
        NAMES[0]: (True, ""),
        NAMES[1]: (False, died),
    }
    assert kill_table.shortfalls(results, {}) == [f"not judged: {NAMES[1]}, seed 0: {died}"]


@pytest.mark.slow
def test_an_interruption_ends_what_is_under_way_and_keeps_what_was_judged():
    heard = []

    def interrupting(result):
        heard.append(result)
        raise KeyboardInterrupt

    with pytest.raises(runner.Interrupted) as end:
        runner.prove(runner.catalogue("defect"), "quick", (0,), 2, interrupting)

    assert end.value.results == heard
    assert multiprocessing.active_children() == []


def test_what_an_earlier_subject_says_is_not_taken_for_the_next_ones_word():
    lines = ("one warns of http://elsewhere", "other cannot be served: a reason")
    talking = [sys.executable, "-c", f"print({lines[0]!r}); print({lines[1]!r})"]
    with (
        subprocess.Popen(talking, stdout=subprocess.PIPE, text=True) as process,
        pytest.raises(CannotRun, match="did not start: other cannot be served: a reason"),
    ):
        local_mock._ready(process, about="other ")


@pytest.mark.slow
def test_a_deployment_that_refuses_for_ever_is_judged_by_what_it_showed(monkeypatch):
    monkeypatch.setattr(trial, "TIMEOUT", 3.0)
    (result,) = runner.prove(
        chosen("too-many-without-retry-after"), "deep", (0,), 1, lambda _: None
    )

    assert result.fault == ""
    assert result.killed
    assert result.seconds < 60
