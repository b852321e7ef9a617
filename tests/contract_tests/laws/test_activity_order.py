"""Lists sorted by the last activity tell of threads that were not read."""

from contract_tests.laws.tickets.activity_order import (
    contradicting,
    discordant_with,
    longest_active,
)
from tests.support.histories import detailed, history_of, listed


def day(number):
    return f"2026-03-{number:02}T10:00:00+00:00"


def row(number, born, updated):
    return {"id": number, "created_at": day(born), "updated_at": day(updated)}


EARLY, LONG, LATE = row(1, 1, 2), row(2, 3, 20), row(3, 9, 12)
NEWEST = row(4, 25, 26)


def by_activity(*rows, sort="last_activity_at"):
    return listed(*rows, query={"sort": sort})


def test_a_ticket_behind_one_that_came_later_was_active_for_longer_than_that():
    seen = history_of(by_activity(EARLY, LATE, LONG, NEWEST))

    assert longest_active(seen) == [2]
    assert longest_active(
        history_of(by_activity(NEWEST, LONG, LATE, EARLY, sort="-last_activity_at"))
    ) == [2]


def test_lists_in_the_order_of_creation_tell_of_no_thread():
    assert longest_active(history_of(by_activity(EARLY, LONG, LATE, NEWEST))) == []
    assert longest_active(history_of(listed(EARLY, LATE, LONG, query={"sort": "created_at"}))) == []


def test_tickets_on_the_wrong_side_of_a_known_thread_are_named_the_furthest_first():
    message = {"id": 1, "created_at": day(19)}
    in_order_of_creation = by_activity(EARLY, LONG, LATE, row(5, 10, 11), NEWEST)

    assert contradicting(history_of(in_order_of_creation, detailed(LONG, message))) == [5, 3]
    before = by_activity(NEWEST, LONG)
    assert contradicting(history_of(before, detailed(LONG, message))) == [4]
    assert contradicting(history_of(in_order_of_creation)) == []


def test_the_update_that_stands_most_against_a_known_ticket_is_named():
    seen = history_of(by_activity(LONG, EARLY, LATE))

    assert discordant_with(seen, {2}) == [1]
    assert discordant_with(seen, {3}) == [2]
