"""The benchmark of workers: figures that tell the server's work from everybody else's."""

import time

import pytest

from benchmarks.process import busy_seconds
from benchmarks.results import Round
from benchmarks.workers import Stretch, gain, main, table


def stretch(per_second: float, cost: float) -> Stretch:
    return Stretch(Round(per_second, cost, 80.0, 0.5, 4.0, 9.0, 0, 1000), 20.0, 0.1)


FOUND = {
    1: [stretch(1000, 500), stretch(3000, 400), stretch(2000, 450)],
    2: [stretch(3000, 600), stretch(3400, 500), stretch(3200, 550)],
}


def test_the_table_shows_medians() -> None:
    lines = table(FOUND).splitlines()
    assert lines[2] == "| 1 | 2,000 | 450 | 20 | 2,222 | 0.10 | 9.0 ms |"
    assert lines[3].startswith("| 2 | 3,200 | 550 | 20 | 1,818 ")


def test_the_gain_on_free_cores_follows_from_what_a_request_costs() -> None:
    assert gain(FOUND) == (
        "2 workers answered 1.60 times as much as 1 here, and on free cores 1.64 times; 0 failed"
    )


def test_the_time_of_all_cores_goes_on_while_one_works() -> None:
    before, end = busy_seconds(), time.process_time() + 0.3
    while time.process_time() < end:
        pass
    assert busy_seconds() - before >= 0.25


def test_one_command_measures_one_worker_and_two(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--tickets", "20", "--seconds", "1", "--rounds", "1", "--connections", "4"]
    assert main(options) == 0
    said = capsys.readouterr().out
    assert [line.split(" | ")[0] for line in said.splitlines()[2:4]] == ["| 1", "| 2"]
    assert "; 0 failed" in said
