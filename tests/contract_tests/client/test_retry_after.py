"""Retry-After in each form that RFC 9110 allows, and in forms that it does not."""

from datetime import UTC, datetime

import pytest

from contract_tests.client.http.retry_after import seconds_to_wait

NOW = datetime(2026, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 300 ", 300),
        ("Fri, 06 Nov 2026 08:54:37 GMT", 300),
        ("Friday, 06-Nov-26 08:54:37 GMT", 300),
        ("Fri Nov  6 08:54:37 2026", 300),
        ("Fri, 06 Nov 2026 08:00:00 GMT", 0),
        ("1" + "0" * 26, 1e26),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Fri, 99 Nov 2026 08:54:37 GMT", None),
    ],
)
def test_the_wait_is_read_in_seconds_and_as_a_date(value, seconds):
    assert seconds_to_wait(value, NOW) == seconds
