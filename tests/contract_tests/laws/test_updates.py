"""Laws of updates and access as pure functions: who we are, times, authors, and what is lost."""

import pytest

from contract_tests.client.target import Tokens
from contract_tests.laws.access import accepted, token_required
from contract_tests.laws.updates.untouched_tickets import other_tickets, our_users
from contract_tests.laws.updates.update import updates
from contract_tests.observations.exchange import get, put
from contract_tests.observations.write import read_write
from tests.support.write_histories import (
    COLLEAGUE,
    FORMER,
    US,
    after_a_change,
    closing,
    detail,
    entry,
    history,
    ticket,
    violated,
)

OLD = entry(1, FORMER, "2025-01-01T10:00:00+00:00")
NOW = "2026-01-01T11:00:00+00:00"


def test_we_are_the_user_of_our_new_log_entry_and_not_of_the_oldest():
    after = ticket(7, [OLD, entry(2, US, NOW)], NOW, status="closed")

    assert our_users(after_a_change(ticket(7, [OLD]), after)) == {US}


def test_we_are_nobody_known_where_a_colleague_was_at_the_ticket_too():
    log = [OLD, entry(2, US, NOW), entry(3, COLLEAGUE, NOW)]
    after = ticket(7, log, NOW, status="closed")

    assert our_users(after_a_change(ticket(7, [OLD]), after)) == set()


@pytest.mark.parametrize(("actor", "expected"), [(COLLEAGUE, set()), (US, {"update.alone"})])
def test_a_change_of_another_ticket_is_a_violation_only_when_its_log_names_us(actor, expected):
    oldest = entry(1, COLLEAGUE, "2025-01-01T10:00:00+00:00")
    mine = ticket(7, [oldest, entry(2, US, NOW)], NOW, status="closed")
    changed = ticket(8, [entry(3, actor, NOW)], NOW, status="spam")
    seen = history(
        detail(ticket(8)), detail(ticket(7, [oldest])), closing(mine), detail(mine), detail(changed)
    )

    assert violated(other_tickets(seen)) == expected


def test_a_log_entry_an_hour_later_than_updated_at_is_a_violation():
    late = entry(2, US, "2026-01-01T12:00:00+00:00")
    after = ticket(7, [OLD, late], NOW, status="closed")

    assert "update.updated_at" in violated(updates(after_a_change(ticket(7, [OLD]), after)))


@pytest.mark.parametrize(
    ("logged", "expected"),
    [(NOW, set()), ("2026-01-01T11:01:00+00:00", {"update.updated_at"})],
    ids=["within a second of the last change", "a minute after it"],
)
def test_a_change_leaves_updated_at_only_within_the_second_of_the_last(logged, expected):
    same = entry(1, US, NOW)  # a frozen clock dates each change alike
    before = ticket(7, [same], NOW)
    after = ticket(7, [same, entry(1, US, logged)], NOW, status="closed")

    found = violated(updates(after_a_change(before, after)))
    assert found & {"update.updated_at"} == expected


@pytest.mark.parametrize(
    ("lists", "expected"),
    [(0, set()), (2, {"update.updated_at"})],
    ids=["at once", "two seconds later"],
)
def test_a_second_change_moves_updated_at_unless_it_comes_in_the_second_of_the_first(
    lists, expected
):
    first = ticket(7, [entry(1, US, NOW)], NOW, status="closed")
    later = entry(1, US, "2026-01-01T11:00:03+00:00")
    reopened = ticket(7, [*first["activities"], later], NOW)
    opening = put("/api/tickets/7/status", {"status": "open"}), 200, {"ticket": reopened}
    steps = [detail(ticket(7)), closing(first), detail(first)]
    between = [(get("/api/tickets"), 200, {"data": []})] * lists

    found = violated(updates(history(*steps, *between, opening, detail(reopened))))
    assert found & {"update.updated_at"} == expected


def test_an_assignee_that_was_not_changed_is_not_blamed_on_the_change_of_status_after_it():
    assigned = {"assignee": {"id": COLLEAGUE}}
    before = ticket(7, [OLD], **assigned)
    after = ticket(7, [OLD, entry(2, US, NOW)], NOW, status="closed", **assigned)
    unassigning = put("/api/tickets/7/assignee", {"user_id": None})
    seen = history(
        detail(before), (unassigning, 200, {"ticket": before}), closing(after), detail(after)
    )

    found = violated(updates(seen))
    assert "assignee.stored" in found
    assert "update.alone" not in found


@pytest.mark.parametrize(
    ("answered", "expected"), [("open", "status.stored"), ("closed", "status.listed")]
)
def test_a_list_without_the_change_is_blamed_only_if_the_answer_showed_it(answered, expected):
    before = ticket(7, [OLD])
    answer = ticket(7, [OLD], NOW, status=answered)
    seen = history(detail(before), closing(answer), (get("/api/tickets"), 200, {"data": [before]}))

    assert violated(updates(seen)) & {"status.stored", "status.listed"} == {expected}


def test_a_field_of_another_type_is_no_effect_of_a_write():
    before = ticket(7, [OLD], channel={"id": 1}, assignee={"id": US})
    after = {**before, "channel": "Support", "assignee": [{"id": US}]}
    refused = put("/api/tickets/7/status", {"status": "lost"})
    seen = history(detail(before), (refused, 422, {"message": "No."}), detail(after))

    assert violated(updates(seen)) == set()


def test_an_answer_with_a_later_updated_at_than_the_ticket_has_is_a_violation():
    answer = ticket(7, [OLD], "2026-01-01T11:00:01+00:00", status="closed")
    after = ticket(7, [OLD, entry(2, US, NOW)], NOW, status="closed")
    seen = history(detail(ticket(7, [OLD])), closing(answer), detail(after))

    assert "update.answer" in violated(updates(seen))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"summary": "A summary"}, {"summary": None}),
        (
            {"messages": [{"id": 5, "attachments": [{"id": 9}]}]},
            {"messages": [{"id": 5, "attachments": []}]},
        ),
    ],
)
def test_what_a_change_loses_of_its_ticket_is_a_violation(before, after):
    changed = ticket(7, [OLD, entry(2, US, NOW)], NOW, status="closed", **after)

    found = violated(updates(after_a_change(ticket(7, [OLD], **before), changed)))

    assert found == {"update.alone"}


def test_a_change_that_loses_nothing_breaks_nothing():
    changed = ticket(7, [OLD, entry(2, US, NOW)], NOW, status="closed")

    assert violated(updates(after_a_change(ticket(7, [OLD]), changed))) == set()


@pytest.mark.parametrize(
    ("status", "expected"), [(404, {"status.refused"}), (400, set()), (422, set())]
)
def test_a_status_that_is_none_is_not_refused_as_a_missing_ticket(status, expected):
    request = put("/api/tickets/7/status", {"status": "archived"})
    seen = history(detail(ticket(7)), (request, status, {"message": "No such status"}))

    assert violated(updates(seen)) == expected


@pytest.mark.parametrize(("value", "free"), [(True, True), (False, False), ("5", True)])
def test_false_is_no_user_in_any_spelling(value, free):
    write = read_write(put("/api/tickets/7/assignee", {"user_id": value}))

    assert write.free is free
    assert write.valid is free


@pytest.mark.parametrize(
    "body",
    [{"meta": {"total": 0}}, {"ticket": {"id": 7, "subject": "Refund"}}, {"data": [{"id": 7}]}],
)
def test_a_refusal_that_shows_something_of_the_tickets_is_a_violation(body):
    seen = history((get("/api/tickets", who="cut"), 401, {"message": "Unauthenticated.", **body}))

    assert violated(token_required(seen)) == {"access.required"}


def test_a_refusal_with_its_message_alone_is_none():
    seen = history((get("/api/tickets", who="empty"), 401, {"message": "Unauthenticated."}))

    assert violated(token_required(seen)) == set()


def test_a_token_that_may_only_read_must_read():
    seen = history((get("/api/tickets", who="readonly"), 401, {"message": "Unauthenticated."}))

    assert violated(accepted(seen)) == {"access.accepted"}


def test_tokens_that_are_nearly_ours_differ_from_ours():
    tokens = Tokens("abC")
    headers = {who: tokens.header(who) for who in ("near", "cut", "empty")}

    assert headers == {
        "near": "Bearer ABc",
        "cut": "Bearer ab",
        "empty": "Bearer",
    }
