"""Validators and caches: what an answer says of copies of it."""

import pytest

from contract_tests.laws.access import kept_by_nobody_else
from contract_tests.laws.updates.validators import (
    dates_of_updates,
    entity_tags,
    modification_dates,
)
from tests.support.histories import answered, history_of, violations

THEN, NOW = "2026-01-01T10:00:00+00:00", "2026-01-01T11:00:00+00:00"
OPEN = {"id": 7, "status": "open", "assignee": None, "updated_at": THEN}
CLOSED = {**OPEN, "status": "closed", "updated_at": NOW}
MOVED = {**OPEN, "updated_at": "2026-01-01T10:00:01+00:00"}
DATE = "Thu, 01 Jan 2026 10:00:00 GMT"
LATER = "Thu, 01 Jan 2026 11:00:00 GMT"


def one(ticket, who="main", **headers):
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return answered("/api/tickets/7", {"ticket": ticket}, who=who, headers=named)


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        (one(OPEN, ETag='"1"'), one(CLOSED, ETag='"1"'), True),
        (one(OPEN, ETag='W/"1"'), one(CLOSED, ETag='"1"'), True),
        (one(OPEN, ETag='"1"'), one(CLOSED, ETag='"2"'), False),
        (one(OPEN, ETag='"1"'), one({**OPEN, "subject": "signed anew"}, ETag='"1"'), False),
        (one(OPEN, "other", ETag='"1"'), one(CLOSED, ETag='"1"'), False),
        (one(OPEN), one(CLOSED), False),
    ],
    ids=["same", "same, weak", "another", "same state", "another caller", "none"],
)
def test_one_tag_stands_for_one_state(first, second, wrong):
    assert bool(violations(entity_tags(history_of(first, second)))) == wrong


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        (one(OPEN, Last_Modified=DATE), one(CLOSED, Last_Modified=DATE), True),
        (one(OPEN, Last_Modified=DATE), one(CLOSED, Last_Modified=LATER), False),
        (one(OPEN, Last_Modified=DATE), one(MOVED, Last_Modified=DATE), False),
        (one(OPEN, Last_Modified=DATE, ETag='"1"'), one(CLOSED, Last_Modified=DATE, ETag='"2"'),
         False),
        (one(OPEN, Last_Modified="never"), one(CLOSED, Last_Modified="never"), False),
    ],
    ids=["same", "another", "within its second", "told apart by tags", "no date"],
)  # fmt: skip
def test_one_date_stands_for_one_state(first, second, wrong):
    assert bool(violations(modification_dates(history_of(first, second)))) == wrong


@pytest.mark.parametrize(
    ("ticket", "date", "wrong"),
    [
        (CLOSED, DATE, True),
        (CLOSED, LATER, False),
        (OPEN, LATER, False),
        (MOVED, DATE, False),
        (CLOSED, "never", False),
        ({**CLOSED, "updated_at": None}, DATE, False),
    ],
    ids=["older", "its own", "younger", "within its second", "no date", "no time"],
)
def test_no_date_is_older_than_the_update(ticket, date, wrong):
    assert bool(violations(dates_of_updates(history_of(one(ticket, Last_Modified=date))))) == wrong


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("public, max-age=60", True),
        ("public", True),
        ("max-age=60, s-maxage=30", True),
        ("no-cache, private", False),
        ("public, max-age=0, must-revalidate", False),
        ("public, no-store", False),
        ("max-age=60", False),
    ],
)
def test_shared_caches_may_not_keep_what_a_token_opens(value, wrong):
    seen = history_of(one(OPEN, Cache_Control=value))

    assert bool(violations(kept_by_nobody_else(seen))) == wrong
    assert not violations(kept_by_nobody_else(history_of(one(OPEN, "none", Cache_Control=value))))
