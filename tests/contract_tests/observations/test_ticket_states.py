"""What a ticket was at an exchange, by the sightings and the answers to writes around it."""

import pytest

from contract_tests.observations.exchange import put
from tests.support.write_histories import detail, history, ticket

LATER = "2026-01-01T11:00:00+00:00"
OPEN = ticket(7)
CLOSED = ticket(7, at=LATER, status="closed")
MINE = ticket(7, at=LATER, status="closed", assignee={"id": 1})


def wrote(field, value, status, answer):
    body = {"status": value} if field == "status" else {"user_id": value}
    return put(f"/api/tickets/7/{field}", body), status, answer


CLOSING = wrote("status", "closed", 200, {"ticket": CLOSED})
ASSIGNING = wrote("assignee", 1, 200, {"ticket": MINE})
BACK = wrote("assignee", 1, 200, {"ticket": {**MINE, "status": "open"}})
NOTHING = detail(ticket(8))
"""An exchange between two others, at which the ticket was in a state that is asked for."""


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([detail(OPEN), NOTHING, detail(OPEN)], "open"),
        ([detail(OPEN), NOTHING, detail(CLOSED)], None),
        ([CLOSING, NOTHING, detail(CLOSED)], "closed"),
        ([CLOSING, NOTHING, detail(OPEN)], None),
        ([CLOSING, NOTHING, ASSIGNING], "closed"),
        ([CLOSING, NOTHING, BACK], None),
        ([wrote("status", "closed", 200, {}), NOTHING, detail(CLOSED)], None),
        ([wrote("status", "closed", 500, {}), NOTHING, detail(OPEN)], None),
        ([wrote("status", "none", 422, {}), NOTHING, detail(OPEN)], "open"),
        ([CLOSING, NOTHING], None),
    ],
    ids=[
        "seen alike", "seen otherwise", "written, seen so", "written, seen otherwise",
        "written, then another field", "written, then another field, and the first is back",
        "an answer without the ticket", "a write that failed", "a write that was refused",
        "nothing afterwards",
    ],
)  # fmt: skip
def test_a_state_is_certain_when_what_comes_before_and_after_agree(steps, status):
    seen = history(detail(OPEN), *steps)

    row = seen.unchanged_around(7, 3)

    assert (row["status"] if row else None) == status


def test_a_write_keeps_the_texts_of_a_ticket():
    whole = {**OPEN, "messages": [{"id": 1, "body_html": "<p>Where is it?</p>"}]}
    seen = history(detail(whole), CLOSING)
    row = seen.changes[7][-1].row

    assert seen.thread(7, row) is None
    assert seen.texts(7, row).texts == ["Where is it?"]


def test_the_answer_to_a_write_is_what_is_known_of_a_ticket():
    assert [row["status"] for row in history(detail(OPEN), CLOSING).rows()] == ["closed"]
    assert [row["status"] for row in history(CLOSING, detail(OPEN)).rows()] == ["open"]
