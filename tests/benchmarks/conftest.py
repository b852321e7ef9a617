import os
from dataclasses import replace
from shutil import which

import pytest

from benchmarks.dataset.dataset import Dataset
from benchmarks.dataset.export import export
from benchmarks.load.results import Entry, Outcome, Results, Round

NEEDS_WRK = pytest.mark.skipif(
    which("wrk") is None and os.environ.get("CI") != "true", reason="wrk is not installed"
)
ROUND = Round(1000, 200, 90, 0.5, 3, 9, 0, 2000)


@pytest.fixture(scope="session")
def tickets() -> Dataset:
    return export(60)


@pytest.fixture
def results() -> Results:
    fast = Entry("fast", "Fast <mock>", "1.0", "documented", "as it comes")
    fast.sizes[50] = Outcome({}, 16, [ROUND, replace(ROUND, processor_us=300), ROUND])
    fast.sizes[10_000] = Outcome({"total": "49 instead of 50"}, 16, [replace(ROUND, failed=7)])
    small = Entry("small", "Small", "2.0", "own", "by hand")
    small.sizes[50] = Outcome({}, 16, [ROUND])
    small.skipped[10_000] = "keeps no data"
    absent = Entry("absent", "Absent", "3.0", "own", "by hand")
    absent.skipped = {50: "needs java", 10_000: "needs java"}
    entries = [fast, small, absent]
    return Results("2026-05-01", 2, 16, 2, 3, {"python": "3.11"}, [50, 10_000], entries)
