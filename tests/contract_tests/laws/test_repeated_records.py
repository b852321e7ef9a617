"""One answer shows a channel, a person and a tag alike wherever it shows them."""

import pytest

from contract_tests.laws.tickets.repeated_records import alike_in_one_answer
from tests.support.histories import history_of, listed, violations

CHANNEL = {"id": 1, "name": "Support", "type": "email", "color": "#fff"}
USER = {"id": 5, "name": "Jane", "email": "jane@example.com", "timezone": "UTC"}
CONTACT = {"id": 9, "name": "John", "email": "john@example.com", "avatar_url": None}
TAG = {"id": 3, "name": "urgent", "color": "red"}
ROW = {"id": 1, "channel": CHANNEL, "assignee": USER, "contact": CONTACT, "tags": [TAG]}
PICTURE = "https://example.com/a.png?signature="


def judged(**fields):
    """Judge a list of two tickets, the second of which has these fields."""
    found = violations(alike_in_one_answer(history_of(listed(ROW, {**ROW, "id": 2, **fields}))))
    return {requirement for requirement, _ in found}


@pytest.mark.parametrize(
    ("fields", "statement"),
    [
        ({"channel": {**CHANNEL, "type": "widget"}}, "ticket.channel"),
        ({"assignee": {**USER, "timezone": "Europe/Paris"}}, "ticket.assignee"),
        ({"contact": {**CONTACT, "avatar_url": PICTURE}}, "ticket.contact"),
        ({"tags": [{**TAG, "name": "urg..."}]}, "ticket.tags"),
        ({"tags": [{**TAG, "id": 4}, {**TAG, "color": "blue"}]}, "ticket.tags"),
    ],
)
def test_a_record_with_two_faces_in_one_list_is_a_violation(fields, statement):
    assert judged(**fields) == {statement}


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": {**CHANNEL, "id": 2, "name": "Sales"}},
        {"assignee": None, "contact": None, "tags": None},
        {"contact": {**CONTACT, "note": "not documented"}},
    ],
    ids=["another record", "none", "an undocumented field"],
)
def test_other_records_and_other_fields_may_differ(fields):
    assert judged(**fields) == set()


def test_a_picture_may_be_signed_anew_and_a_person_renamed_between_two_lists():
    contacts = [{**CONTACT, "avatar_url": f"{PICTURE}{n}"} for n in (1, 2)]
    signed = [{**ROW, "contact": contact} for contact in contacts]
    renamed = {**ROW, "assignee": {**USER, "name": "Jane Smith"}}

    seen = history_of(listed(*signed), listed(ROW), listed(renamed))
    assert violations(alike_in_one_answer(seen)) == set()
