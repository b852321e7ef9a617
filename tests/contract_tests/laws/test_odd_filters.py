"""What a list may hold when a value of a filter is not documented."""

import pytest

from contract_tests.laws.lists.odd_filters import beside_odd_items, beside_odd_values, other_false
from tests.support.histories import history_of, listed, violations

OPEN = {"id": 1, "status": "open", "channel": {"id": 4}, "tags": [], "assignee": None}
CLOSED = {"id": 2, "status": "closed", "channel": {"id": 5}, "tags": [], "assignee": {"id": 9}}
EVERYTHING = listed(OPEN, CLOSED, query={"sort": "created_at"})


@pytest.mark.parametrize("value", ["closed,pending", "closed,", ",closed", "closed,,closed",
                                   "pending, closed"])  # fmt: skip
def test_an_item_that_means_nothing_lets_nothing_in(value):
    query = {"filter[status]": value}

    assert violations(beside_odd_items(history_of(listed(CLOSED, query=query)))) == set()
    assert violations(beside_odd_items(history_of(listed(query=query)))) == set()
    assert violations(beside_odd_items(history_of(listed(CLOSED, OPEN, query=query)))) == {(
        "list.filter.status.values",
        f"ticket 1 is listed for filter[status]={value}, but meets no item of it",
    )}  # fmt: skip


@pytest.mark.parametrize("value", ["pending", "", "OPEN"])
def test_a_list_without_a_documented_item_may_hold_anything(value):
    page = listed(OPEN, CLOSED, query={"filter[status]": value})

    assert violations(beside_odd_items(history_of(page))) == set()


def test_ids_are_judged_like_statuses():
    page = listed(OPEN, query={"filter[channel_ids]": "5,abc"})

    [(requirement, _)] = violations(beside_odd_items(history_of(page)))
    assert requirement == "list.filter.channel_ids.values"


@pytest.mark.parametrize("value", ["0", "no", "False"])
def test_a_switch_set_to_0_may_be_off_or_ignored_but_not_on(value):
    query = {"filter[unassigned]": value}

    def judged(*tickets):
        page = listed(*tickets, query=query)
        return violations(other_false(history_of(EVERYTHING, page, EVERYTHING)))

    assert judged(OPEN, CLOSED) == set()
    assert judged(CLOSED) == set()
    assert judged(OPEN) == {
        ("list.filter.unassigned.false", f"filter[unassigned]={value} is taken for true")
    }


def test_a_documented_filter_is_kept_beside_an_odd_one():
    page = listed(OPEN, query={"filter[status]": "closed", "filter[tag_ids]": "abc"})

    [(requirement, _)] = violations(beside_odd_values(history_of(page)))
    assert requirement == "list.filter.status"
