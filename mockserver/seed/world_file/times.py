"""Times in a world file: ISO 8601, or relative to the clock or to the ticket."""

import re
from datetime import UTC, datetime, timedelta

_RELATIVE = re.compile(r"([+-])(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_REMEDY = (
    "write 2026-01-31T09:30:00+00:00, or -3d, -2h or -1d12h30m before the clock,"
    " or +2h after the ticket's creation"
)


def read_moment(text: str, *, now: datetime, created_at: datetime | None = None) -> datetime:
    """Return the time in UTC and whole seconds; `-3d` counts back from now, `+2h` from creation.

    Raises ValueError with a remedy when the text is not a time.
    """
    relative = _RELATIVE.fullmatch(text)
    try:
        return _absolute(text) if relative is None else _counted(relative, now, created_at)
    except OverflowError:
        raise ValueError(f"{text!r} is out of range; {_REMEDY}") from None


def _absolute(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a valid time; {_REMEDY}") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; end it with Z or +00:00")
    return whole(moment)


def _counted(relative: re.Match[str], now: datetime, created_at: datetime | None) -> datetime:
    sign, *parts = relative.groups(default="0")
    days, hours, minutes, seconds = map(int, parts)
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if sign == "-":
        return whole(now - span)
    if created_at is None:
        raise ValueError(
            f"{relative[0]!r} is relative to a ticket, and there is none here; {_REMEDY}"
        )
    return whole(created_at + span)


def whole(moment: datetime) -> datetime:
    """Return the moment in UTC without its fraction of a second."""
    return moment.astimezone(UTC).replace(microsecond=0)
