"""What the log of a ticket tells of our changes, and of somebody else."""

from collections import Counter

import pytest

from contract_tests.laws.updates.activity_log import is_of_others, judge_additions
from contract_tests.observations.exchange import Exchange, put
from contract_tests.observations.expected_state import State
from contract_tests.observations.ticket import Detail
from tests.support.histories import detailed, violations

ME, OTHER = 5, 9


def entry(kind, user, second=0):
    actor = None if user is None else {"id": user}
    return {"type": kind, "user": actor, "created_at": f"2026-05-01T09:00:{second:02}+00:00"}


@pytest.mark.parametrize(
    ("entries", "writes", "others"),
    [
        ([entry("status_changed", ME)], ["status"], False),
        ([entry("status_changed", OTHER)], ["status"], False),
        ([entry("status_changed", ME), entry("assigned", OTHER)], ["status"], True),
        ([entry("assigned", ME), entry("assigned", OTHER)], ["assignee", "assignee"], True),
        ([entry("tag_added", OTHER)], ["status"], True),
        ([entry("tag_added", None)], ["status"], False),
        ([entry("status_changed", ME), entry("status_changed", ME, 1)], ["status"], False),
    ],
    ids=[
        *("ours", "ours in another name", "one more", "ours beside another", "of another kind"),
        *("by nobody", "twice"),
    ],
)
def test_others_are_known_by_entries_that_no_write_of_ours_explains(entries, writes, others):
    old = [entry("status_changed", OTHER, 59)]
    before = Detail(detailed({"id": 1, "activities": old}))
    after = Detail(detailed({"id": 1, "activities": [*old, *entries]}))

    assert is_of_others(before, after, ME, Counter(writes)) == others
    assert not is_of_others(before, after, None, Counter(writes))


STATUS, PERSON = {"status": "closed"}, {"user_id": None}


def _write(number, body):
    field = "status" if body is STATUS else "assignee"
    return Exchange(number, put(f"/api/tickets/1/{field}", body), 200)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["status_changed", "assignee_changed", "status_changed"], set()),
        (["assignee_changed"], {("status.activity", 'status "closed" left no activity')}),
        (
            ["status_changed", "status_changed"],
            {("assignee.activity", "assignee null left no activity")},
        ),
        (
            ["assignee_changed", "status_changed", "tag_added"],
            {
                (
                    "status.activity",
                    'only 1 of 2 changes (status "closed", status "closed") are in the log',
                )
            },
        ),
    ],
    ids=["all", "no status", "no assignee", "one status missing"],
)
def test_changes_are_counted_against_the_entries_of_their_own_kind(kinds, expected):
    changed = tuple(_write(number, body) for number, body in enumerate([STATUS, PERSON, STATUS], 2))
    before = Detail(detailed({"id": 1, "activities": [entry("status_changed", ME, 59)]}))
    log = [*before.activities, *(entry(kind, ME, second) for second, kind in enumerate(kinds))]
    after = Detail(detailed({"id": 1, "activities": log}))

    assert violations(judge_additions(State({}, changed=changed), before, after)) == expected
