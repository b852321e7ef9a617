"""The mix has its shares in every dialect, and its requests are distinct."""

from collections import Counter

import pytest

from benchmarks.contenders.dialect import Documented, JsonServer0, JsonServer1, Mockoon
from benchmarks.dataset.dataset import Dataset
from benchmarks.load.mix import SHARES, as_line, mix


@pytest.mark.parametrize("dialect", [Documented(), Mockoon(), JsonServer0(), JsonServer1()])
def test_the_mix_keeps_its_shares_in_every_dialect(dialect: Documented, tickets: Dataset) -> None:
    searches = ("filter%5Bsearch%5D=", "?search=", "&search=", "?q=", "&q=", "contains=")
    details = {dialect.detail(id).path for id in tickets.by_id}
    kinds = Counter(
        "change" if call.body else "detail" if call.path in details
        else "search" if any(f"{name}" in call.path for name in searches) else "list"
        for call in mix(tickets, dialect, 4000)
    )  # fmt: skip
    assert {kind: round(number / 40) for kind, number in kinds.items()} == pytest.approx(
        SHARES, abs=3
    )


def test_hardly_any_list_is_requested_twice(tickets: Dataset) -> None:
    paths = Counter(call.path for call in mix(tickets, Documented(), 4000))
    lists = {path: times for path, times in paths.items() if "status" in path and "?" in path}
    assert sum(lists.values()) > 1500
    assert max(lists.values()) <= 3


def test_calls_are_written_a_line_each(tickets: Dataset) -> None:
    lines = [as_line(call) for call in mix(tickets, Documented(), 2000)]
    assert {len(line.split(" ", 2)) for line in lines} == {2, 3}
    assert not any("\n" in line for line in lines)
