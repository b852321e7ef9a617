from datetime import UTC, datetime, timedelta

import pytest

from mockserver.seed.world_file.times import read_moment

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
BORN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-06-01T10:30:00+00:00", datetime(2025, 6, 1, 10, 30, tzinfo=UTC)),
        ("2025-06-01T10:30:00Z", datetime(2025, 6, 1, 10, 30, tzinfo=UTC)),
        ("2025-06-01T10:30:00.999+02:00", datetime(2025, 6, 1, 8, 30, tzinfo=UTC)),
        ("-3d", NOW - timedelta(days=3)),
        ("-1d12h30m5s", NOW - timedelta(days=1, hours=12, minutes=30, seconds=5)),
        ("+90m", BORN + timedelta(minutes=90)),
        ("-0s", NOW),
    ],
)
def test_times_are_read_as_utc_in_whole_seconds(text: str, expected: datetime) -> None:
    moment = read_moment(text, now=NOW, created_at=BORN)

    assert moment == expected
    assert (moment.tzinfo, moment.microsecond) == (UTC, 0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("yesterday", "is not a valid time; write"),
        ("-", "is not a valid time; write"),
        ("-3", "is not a valid time; write"),
        ("2025-13-01T00:00:00Z", "is not a valid time; write"),
        ("2025-06-01T10:30:00", "has no offset; end it with Z"),
        ("-9999999d", "is out of range"),
        ("+99999999999999d", "is out of range"),
        ("0001-01-01T00:00:00+14:00", "is out of range"),
    ],
)
def test_what_is_no_time_is_refused_with_a_remedy(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_moment(text, now=NOW, created_at=BORN)


def test_a_time_after_creation_needs_a_creation() -> None:
    with pytest.raises(ValueError, match="is relative to a ticket"):
        read_moment("+2h", now=NOW)
