"""Which statement a list with several filters breaks."""

import pytest

from contract_tests.laws.lists.filters import members
from tests.support.histories import answered, history_of, listed, violations


def _ticket(number, status, channel):
    times = dict.fromkeys(("created_at", "updated_at"), f"2026-01-0{number}T10:00:00+00:00")
    own = {"id": number, "status": status, "channel": {"id": channel}}
    return {**own, **times, "tags": [], "assignee": None}


OPEN, SPAM, CLOSED = _ticket(1, "open", 4), _ticket(2, "spam", 4), _ticket(3, "closed", 5)
EVERYTHING = listed(OPEN, SPAM, CLOSED, query={"sort": "created_at"})


@pytest.mark.parametrize(
    ("statuses", "rows", "expected"),
    [
        ("open,closed", [OPEN], "list.filter.status.values"),
        ("open,spam,closed", [OPEN, SPAM], "list.filter.status.values"),
        ("open,closed", [], "list.filter.combined"),
        ("open,spam,closed", [SPAM, CLOSED], "list.filter.status.values"),
    ],
    ids=["the second is lost", "the third is lost", "all are lost", "the first is lost"],
)
def test_a_value_of_which_a_page_has_no_row_is_named_before_the_combination(
    statuses, rows, expected
):
    query = {"filter[status]": statuses, "filter[channel_ids]": "4,5", "sort": "created_at"}

    found = violations(members(history_of(EVERYTHING, listed(*rows, query=query), EVERYTHING)))

    assert {requirement for requirement, _ in found} == {expected}


@pytest.mark.parametrize(
    ("query", "total", "expected"),
    [
        ({"filter[status]": "open,spam,closed", "filter[channel_ids]": "4,5"}, 2, "status.values"),
        ({"filter[status]": "open,spam,closed", "filter[channel_ids]": "4,5"}, 4, "combined"),
        ({"filter[status]": "closed", "filter[unassigned]": "false"}, 1, "unassigned.false"),
        ({"filter[status]": "closed", "filter[channel_ids]": "4,5"}, 0, "combined"),
    ],
    ids=["the third item", "one item of either", "a switch taken for on", "nothing explains it"],
)
def test_the_filter_that_explains_a_total_is_named(query, total, expected):
    """The page asked for is beyond the last, so that it has no rows to tell."""
    query = {**query, "sort": "created_at", "per_page": 10, "page": 2}
    meta = {"current_page": 2, "last_page": 1, "per_page": 10, "total": total}
    page = answered("/api/tickets", {"data": [], "links": {}, "meta": meta}, query)
    taken = [{**_ticket(number, "closed", 4), "assignee": {"id": 5}} for number in (4, 5)]
    everything = listed(OPEN, SPAM, CLOSED, *taken, query={"sort": "created_at"})

    found = violations(members(history_of(everything, page, everything)))

    assert {requirement for requirement, _ in found} == {f"list.filter.{expected}"}


def test_both_lists_of_values_may_explain_a_missing_ticket():
    """The page has rows of its status and of its channel: only the combination is wrong."""
    other = _ticket(4, "closed", 4)
    everything = listed(OPEN, SPAM, CLOSED, other, query={"sort": "created_at"})
    query = {"filter[status]": "open,closed", "filter[channel_ids]": "4,5", "sort": "created_at"}
    page = listed(OPEN, CLOSED, query=query)

    found = violations(members(history_of(everything, page, everything)))

    assert {requirement for requirement, _ in found} == {"list.filter.combined"}


def _tagged(number, *tags):
    return {**_ticket(number, "open", 4), "tags": [{"id": tag} for tag in tags]}


TAGGED = [_tagged(1, 6), _tagged(2, 2, 4), _tagged(3, 1, 6)]
ALL_TAGGED = listed(*TAGGED, query={"sort": "created_at"})


def _of_tags(*rows):
    return listed(*rows, query={"filter[tag_ids]": "6,1", "sort": "created_at"})


def test_a_page_with_a_ticket_twice_does_not_tell_how_several_tags_are_read():
    joined = _of_tags(TAGGED[2], TAGGED[2])

    [(requirement, message)] = violations(members(history_of(ALL_TAGGED, joined, ALL_TAGGED)))

    assert requirement == "list.filter.tag_ids.values"
    assert message.startswith("ticket 1 belongs on ")


def test_a_reading_that_is_not_the_usual_one_is_named_with_all_values():
    every = _of_tags(TAGGED[2])
    odd = _of_tags(TAGGED[2], TAGGED[1])

    seen = history_of(ALL_TAGGED, every, every, odd, ALL_TAGGED)
    [(requirement, message)] = violations(members(seen))

    assert requirement == "list.filter.tag_ids.values"
    assert message.endswith("filter[tag_ids]=6,1 (read as: all of them; it has 2, 4)")
