"""Why statements were not observed: the reasons that a report gives."""

import pytest

from contract_tests.laws.access import read_only_token, workspaces
from contract_tests.laws.tickets.detail import missing_tickets
from contract_tests.laws.updates.unobserved_writes import reasons
from contract_tests.laws.updates.update import updates
from contract_tests.observations.exchange import put
from tests.support.histories import answered, history_of, listed
from tests.support.write_histories import closing, detail, history, ticket

MISSING = {"message": "Not found."}


def told(*findings):
    return {f.requirement: f.message for each in findings for f in each}


def test_a_token_that_wrote_nothing_says_why():
    reading = history_of(listed({"id": 1}), others=("other", "readonly"))
    reading.why_not_written = "nothing was written (--write-tickets)"
    writing = history(closing(ticket(7)))
    writing.others = frozenset({"other", "readonly"})

    expected = {
        "access.workspace_write": "no write was tried with --other-token within this budget",
        "access.forbidden": "no write was tried with --readonly-token within this budget",
    }
    assert told(workspaces(writing), read_only_token(writing)) == expected
    assert set(told(workspaces(reading), read_only_token(reading)).values()) == {
        "nothing was written (--write-tickets)"
    }


@pytest.mark.parametrize(
    ("steps", "stored", "assigned"),
    [
        (
            [detail(ticket(7)), (put("/api/tickets/7/status", {"status": "spam"}), 403, MISSING)],
            "each valid write of the status was refused",
            "no assignee was written",
        ),
        (
            [detail(ticket(7)), (put("/api/tickets/7/status", {"status": "x"}), 422, MISSING)],
            "no valid write of the status was sent",
            "no assignee was written",
        ),
        (
            [closing(ticket(7, status="closed")), detail(ticket(7, status="closed"))],
            "no ticket was read before a write of the status",
            "no assignee was written",
        ),
    ],
    ids=["refused", "invalid", "never read"],
)
def test_writes_that_tell_nothing_say_why(steps, stored, assigned):
    seen = history(*steps)

    found = told(reasons(seen))
    assert (found["status.stored"], found["assignee.stored"]) == (stored, assigned)
    assert "status.stored" not in told(updates(seen))


@pytest.mark.parametrize(
    ("name", "status", "outcome"),
    [("9", 404, "holds"), ("1", 404, "not observed"), ("x", 404, "not observed")],
    ids=["an id of no ticket", "a listed ticket", "no id"],
)
def test_a_404_of_an_id_confirms_whoever_asked(name, status, outcome):
    seen = history_of(listed({"id": 1}), answered(f"/api/tickets/{name}", MISSING, status=status))

    assert {finding.outcome for finding in missing_tickets(seen)} == {outcome}
