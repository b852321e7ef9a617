"""What the log, the answer and the people of a written ticket must be."""

import pytest

from contract_tests.laws.updates.assigned_people import same_person
from contract_tests.laws.updates.missing_tickets import NO_TICKET, writes_to_none
from contract_tests.laws.updates.update import updates
from contract_tests.observations.exchange import get, put
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
OURS = entry(2, US, NOW)
ANNA = {"id": 5, "name": "Anna", "email": "anna@example.com"}


def closed(*log, at=NOW, **fields):
    return ticket(7, log, at, status="closed", **fields)


def _with_a_ticket_of_ours(*steps):
    mine = {"data": [ticket(8, assignee={"id": US})]}
    return history((get("/api/tickets", {"filter[assigned_to_me]": "true"}), 200, mine), *steps)


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
    seen = _with_a_ticket_of_ours(
        detail(ticket(7, [OLD])), closing(closed(*log)), detail(closed(*log))
    )

    found = violated(updates(seen))
    assert expected <= found
    assert bool(expected) == bool(found)


def test_an_answer_with_the_time_of_before_the_change_is_a_violation():
    before = ticket(7, [OLD])
    answer = closed(OLD, OURS, at=before["updated_at"])
    seen = history(detail(before), closing(answer), detail(closed(OLD, OURS)))

    assert "update.answer" in violated(updates(seen))


def test_an_answer_shows_the_preview_that_the_ticket_keeps():
    before = ticket(7, [OLD], latest_message_preview="Thanks!")
    answer = closed(OLD, OURS, latest_message_preview="Good morning")
    after = closed(OLD, OURS, latest_message_preview="Thanks!")

    assert violated(updates(history(detail(before), closing(answer), detail(after)))) == {
        "update.answer"
    }


@pytest.mark.parametrize(("at", "expected"), [(OLD["created_at"], {"update.same"}), (NOW, set())])
def test_a_write_that_changes_nothing_is_logged_only_with_a_new_date(at, expected):
    before = ticket(7, [OLD], OLD["created_at"], status="closed")
    after = closed(OLD, OURS, at=at)

    seen = _with_a_ticket_of_ours(detail(before), closing(after), detail(after))
    assert violated(updates(seen)) == expected


def test_a_refused_body_without_a_user_excuses_no_entry_of_the_log():
    nothing = put("/api/tickets/7/assignee", {})
    bogus = put("/api/tickets/7/status", {"status": "bogus"})
    steps = [(request, 422, {"message": "No."}) for request in (nothing, bogus)]

    seen = _with_a_ticket_of_ours(detail(ticket(7, [OLD])), *steps, detail(ticket(7, [OLD, OURS])))
    assert violated(updates(seen)) == {"status.refused"}


@pytest.mark.parametrize(("status", "expected"), [(422, {"status.listed"}), (200, set())])
def test_a_list_without_the_ticket_is_proven_wrong_across_a_refused_write(status, expected):
    after = closed(OLD, OURS)
    later = put("/api/tickets/7/status", {"status": "bogus" if status == 422 else "closed"})
    meta = {"current_page": 1, "last_page": 1, "per_page": 100, "total": 0}
    listing = get("/api/tickets", {"filter[status]": "closed", "per_page": "100"})
    seen = history(
        detail(ticket(7, [OLD])),
        closing(after),
        (listing, 200, {"data": [], "links": {}, "meta": meta}),
        (later, status, {"ticket": after} if status == 200 else {"message": "No."}),
        detail(after),
    )

    assert violated(updates(seen)) == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("spam", {"access.workspace_write"}), ("closed", set())]
)
def test_a_value_that_only_a_refused_write_asked_for_is_its_effect(status, expected):
    before = ticket(7, [OLD], OLD["created_at"])
    after = ticket(7, [OLD, entry(2, COLLEAGUE, NOW)], NOW, status=status)
    seen = history(
        detail(before),
        (put("/api/tickets/7/status", {"status": "open"}), 200, {"ticket": before}),
        (put("/api/tickets/7/status", {"status": "spam"}, who="other"), 404, {"message": "No."}),
        detail(after),
    )

    assert violated(updates(seen)) == expected


def test_what_a_list_shows_as_a_change_of_others_a_later_log_shows_as_ours():
    ours = closed(OLD, OURS)
    undone = ticket(7, [OLD, OURS], "2026-01-01T11:00:05+00:00")
    row = {name: undone[name] for name in ("id", "status", "assignee", "updated_at")}
    spam = {**undone, "status": "spam", "activities": [OLD, OURS, entry(3, US, NOW)]}
    back = {
        **undone,
        "updated_at": "2026-01-01T11:00:09+00:00",
        "activities": [OLD, OURS, *(entry(n, US, NOW) for n in (3, 4, 5))],
    }
    seen = _with_a_ticket_of_ours(
        detail(ticket(7, [OLD])),
        closing(ours),
        (get("/api/tickets"), 200, {"data": [row]}),
        (put("/api/tickets/7/status", {"status": "spam"}), 200, {"ticket": spam}),
        detail(back),
    )

    assert "status.stored" in violated(updates(seen))


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
