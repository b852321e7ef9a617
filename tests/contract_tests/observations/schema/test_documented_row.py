"""Tickets are compared by their documented parts, whatever the spelling of their times."""

import pytest

from contract_tests.observations.schema.documented_row import DocumentedRow
from tests.support.trial import contract

FIRST = "0001-01-01T00:00:00+14:00"
CONTACT = {"id": 9, "name": "John", "email": "john@example.com"}
TAG = {"id": 3, "name": "urgent"}
ROW = {"id": 1, "contact": CONTACT, "assignee": None, "tags": [TAG]}


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"contact": {**CONTACT, "notes": None}}, {"contact": CONTACT}),
        ({"assignee": {"id": 5, "role": "admin"}}, {"assignee": {"id": 5}}),
        ({"tags": [{**TAG, "tickets": 12}, 7]}, {"tags": [TAG, 7]}),
        ({"contact": "John"}, {"contact": "John"}),
        ({"updated_at": "2026-05-01T11:00:00+02:00"}, {"updated_at": "2026-05-01T09:00:00+00:00"}),
        ({"created_at": "2026-05-01T09:00:00.000Z"}, {"created_at": "2026-05-01T09:00:00+00:00"}),
        ({"created_at": "yesterday"}, {"created_at": "yesterday"}),
        ({"created_at": FIRST}, {"created_at": FIRST}),
    ],
    ids=[
        "object",
        "or null",
        "in a list",
        "no object",
        "another zone",
        "Z",
        "no time",
        "before the year 1",
    ],
)
def test_a_row_is_cut_down_to_what_is_documented(fields, read):
    assert DocumentedRow(contract()).of({**ROW, **fields}) == {**ROW, **read}
