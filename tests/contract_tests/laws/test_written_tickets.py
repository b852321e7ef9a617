"""What the log, the answer and the people of a written ticket must be."""

import pytest

from contract_tests.laws.updates.assigned_people import same_person
from contract_tests.laws.updates.missing_tickets import NO_TICKET, writes_to_none
from contract_tests.laws.updates.update import updates
from contract_tests.observations.exchange import get, put
from tests.support.write_histories import (
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
OURS = entry(2, US, NOW)
ANNA = {"id": 5, "name": "Anna", "email": "anna@example.com"}


def closed(*log, at=NOW, **fields):
    return ticket(7, log, at, status="closed", **fields)


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ([OLD, OURS], set()),
        ([OLD, OURS, entry(3, US, NOW)], {"status.activity"}),
        ([OLD, {**OURS, "type": "assignee_changed"}], {"status.activity"}),
        ([entry(1, US, OLD["created_at"]), OURS], {"update.alone"}),
    ],
    ids=["once", "twice", "as another change", "with the older entry rewritten"],
)
def test_a_change_is_logged_once_by_its_type_and_the_rest_of_the_log_stays(log, expected):
    mine = {"data": [ticket(8, assignee={"id": US})]}
    seen = history(
        (get("/api/tickets", {"filter[assigned_to_me]": "true"}), 200, mine),
        detail(ticket(7, [OLD])),
        closing(closed(*log)),
        detail(closed(*log)),
    )

    found = violated(updates(seen))
    assert expected <= found
    assert bool(expected) == bool(found)


def test_an_answer_with_the_time_of_before_the_change_is_a_violation():
    before = ticket(7, [OLD])
    answer = closed(OLD, OURS, at=before["updated_at"])
    seen = history(detail(before), closing(answer), detail(closed(OLD, OURS)))

    assert "update.answer" in violated(updates(seen))


def test_a_message_that_a_change_rewrites_is_a_violation():
    before = ticket(7, [OLD], messages=[{"id": 5, "body_html": "<p>A & B</p>"}])
    after = closed(OLD, OURS, messages=[{"id": 5, "body_html": "<p>A &amp;amp; B</p>"}])

    assert violated(updates(after_a_change(before, after))) == {"update.alone"}


@pytest.mark.parametrize(("shown", "expected"), [
    (ANNA, set()),
    ({**ANNA, "email": "ben@example.com"}, {"assignee.stored"}),
])  # fmt: skip
def test_an_assigned_person_is_the_same_as_on_other_tickets(shown, expected):
    assigned = ticket(7, [OLD, OURS], NOW, assignee=shown)
    seen = history(
        detail(ticket(8, assignee=ANNA)),
        detail(ticket(7, [OLD])),
        (put("/api/tickets/7/assignee", {"user_id": 5}), 200, {"ticket": assigned}),
        detail(assigned),
    )

    assert violated(same_person(seen)) == expected


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("4294967303", 404, set()),
        ("4294967303", 200, {"detail.missing"}),
        ("4294967303", 422, {"detail.missing"}),
        ("7abc", 422, set()),
        ("7abc", 200, {"detail.missing"}),
    ],
)
def test_a_write_to_an_id_that_no_ticket_has_is_not_found(name, status, expected):
    request = put(f"/api/tickets/{name}/status", {"status": "closed"}, NO_TICKET)
    seen = history(detail(ticket(7)), (request, status, {"message": "No."}))

    assert violated(writes_to_none(seen)) == expected
