"""Whether the log of a ticket tells of somebody else."""

from collections import Counter

import pytest

from contract_tests.laws.updates.activity_log import is_of_others
from contract_tests.observations.ticket import Detail
from tests.support.histories import detailed

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
