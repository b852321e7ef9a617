"""How long a deployment asks to wait before the next request."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def seconds_to_wait(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for; None if it is absent or invalid.

    Seconds and all three forms of an HTTP date are read (RFC 9110, 10.2.3 and 5.6.7).
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # the form of asctime names none, and means UTC
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
