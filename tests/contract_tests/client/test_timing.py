"""What a run's time was spent on: every moment counts once."""

import pytest

from contract_tests.client.timing import Timer
from contract_tests.report.formats import terminal
from tests.support.fake_deployment import FakeDeployment, FakeOptions
from tests.support.trial import order, run


class Clock:
    """Time passes when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


def test_what_is_named_within_is_taken_off_what_is_around_it():
    clock = Clock()
    watch = Timer(clock)
    clock.now = 1.0
    with watch.on("generating"):
        clock.now = 3.0
        with watch.on("http"):
            clock.now = 7.0
        clock.now = 8.0
    clock.now = 8.5

    assert watch.read() == {"rest": 1.5, "generating": 3.0, "http": 4.0}


def test_what_ends_in_an_error_is_counted_too():
    clock = Clock()
    watch = Timer(clock)

    def cut():
        clock.now = 2.0
        raise ValueError("cut")

    with pytest.raises(ValueError, match="cut"), watch.on("http"):
        cut()
    clock.now = 3.0

    assert watch.read() == {"http": 2.0, "rest": 1.0}


def test_a_run_tells_where_its_time_went(tmp_path):
    def generate(explorer, seed=0, *, writing=False):
        explorer.list_tickets("generated")

    outcome = run(
        FakeDeployment(FakeOptions(tickets=8, latency=0.01)), order("quick"), tmp_path, generate
    )

    assert outcome.times.keys() == {"http", "waiting", "judging", "generating", "rest"}
    assert outcome.times["http"] >= 0.01 * len(outcome.history.exchanges)
    assert sum(outcome.times.values()) == pytest.approx(outcome.seconds, rel=0.5)


def test_the_terminal_says_it_in_a_line():
    times = {"rest": 0.25, "http": 1.0, "waiting": 0.0, "judging": 2.0}

    assert list(terminal._times({"times": times})) == [
        "Time: HTTP 1.0 s, waiting 0.0 s, judging 2.0 s, the rest 0.2 s"
    ]
    assert list(terminal._times({})) == []
