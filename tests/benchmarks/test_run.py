"""A run measures every contender that starts, and names the others with a reason."""

import sys

import pytest

from benchmarks.contenders import Contender, Site
from benchmarks.contenders.ours import Ours
from benchmarks.load.run import Plan, run
from tests.benchmarks.conftest import NEEDS_WRK

_TICKETS = 60


class _Broken(Ours):
    key = "broken"
    title = "Broken"

    def command(self, site: Site) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('error: out of memory')"]


@NEEDS_WRK
@pytest.mark.slow
def test_a_contender_that_does_not_start_is_skipped() -> None:
    contenders: list[Contender] = [Ours(), _Broken()]
    said: list[str] = []
    results = run(Plan([_TICKETS], 1, 2, 2, contenders), said.append)
    ours, broken = results.entries
    assert [each.requests > 0 for each in ours.sizes[_TICKETS].rounds] == [True, True]
    assert [each.failed for each in ours.sizes[_TICKETS].rounds] == [0, 0]
    assert all(each.processor_us > 0 for each in ours.sizes[_TICKETS].rounds)
    assert broken.skipped == {_TICKETS: "does not start: no answer; error: out of memory"}
    assert broken.sizes == {}
    assert "There There mock: 16 of 16 answers right" in said
