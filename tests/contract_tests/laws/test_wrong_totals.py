"""What follows from a page whose total is wrong: nothing of its size, and nothing of its end."""

import pytest

from contract_tests.laws.lists.filters import members
from contract_tests.laws.lists.pagination import counted, sizes
from contract_tests.laws.lists.search import found_and_no_other
from tests.support.histories import answered, history_of, listed, violations


def _ticket(number):
    times = dict.fromkeys(("created_at", "updated_at"), f"2026-01-0{number}T10:00:00+00:00")
    own = {"id": number, "status": "open", "channel": {"id": 4}}
    return {**own, **times, "tags": [], "assignee": None}


OPEN = [_ticket(number) for number in (1, 2, 3)]
EVERYTHING = listed(*OPEN, query={"sort": "created_at"})


def _page(rows, size, total, **query):
    query = {"filter[status]": "open", "sort": "created_at", "per_page": size, **query}
    meta = {"current_page": 1, "last_page": 1, "per_page": size, "total": total}
    return answered("/api/tickets", {"data": rows, "links": {}, "meta": meta}, query)


def _faults(page, *laws):
    seen = history_of(EVERYTHING, page, EVERYTHING)
    return set().union(*(violations(law(seen)) for law in laws))


@pytest.mark.parametrize(
    ("rows", "size", "total", "expected"),
    [
        (OPEN[:2], 2, 2, {"list.meta.total"}),
        (OPEN[:2], 3, 2, {"list.filter.status"}),
        (OPEN, 3, 1, {"list.meta.total"}),
        (OPEN[:1], 2, 3, {"list.per_page"}),
    ],
    ids=["a full page", "a page with room", "more rows than counted", "a short page"],
)
def test_a_wrong_total_is_not_blamed_on_the_page(rows, size, total, expected):
    found = _faults(_page(rows, size, total), members, sizes)

    assert {requirement for requirement, _ in found} == expected


def test_a_negative_total_is_blamed_on_the_total_alone():
    page = _page([], 10, -1, **{"filter[search]": "100%"})

    found = _faults(page, counted, sizes, members, found_and_no_other)

    assert found == {("list.meta.total", "total is -1")}
