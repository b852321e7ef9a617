"""The clock, running or frozen, and ISO 8601 times."""

from datetime import UTC, datetime
from time import time

from mockserver.contract.errors import ConfigError


class Clock:
    """The server's clock, running or frozen; times are whole seconds since 1970."""

    def __init__(self, frozen: datetime | None = None) -> None:
        self._frozen = None if frozen is None else int(frozen.timestamp())

    @property
    def running(self) -> bool:
        return self._frozen is None

    def now(self, own: int | None = None, since: int | None = None) -> int:
        """Return the current time of a world.

        `own` is the time its own clock was set to, None for this clock; `since` is the real time
        at which it was set, None if it is frozen.
        """
        if own is not None:
            return own if since is None else own + int(time()) - since
        return int(time()) if self._frozen is None else self._frozen

    def anchor(self) -> datetime:
        """Return the end of the generated history.

        For a running clock it is the start of the hour, so that servers started within one
        hour have the same tickets.
        """
        now = self.now()
        return moment(now if self._frozen is not None else now - now % 3600)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def format_time(seconds: int) -> str:
    """Return a time in the vendor's format, `2025-06-01T10:30:00+00:00`."""
    return moment(seconds).isoformat()


_FIRST_YEAR, _LAST_YEAR = 2000, 9000
"""Generated history begins some years before the clock, and simulated time follows it."""


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time; without an offset it is UTC. Raises ConfigError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"{text!r} is not a valid ISO 8601 time, for example 2026-05-01T09:00:00Z"
        ) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ConfigError(f"{text!r} is not a time between {_FIRST_YEAR} and {_LAST_YEAR}")
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC).replace(microsecond=0)
