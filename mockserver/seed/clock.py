"""Time that can stand still."""

from datetime import UTC, datetime
from time import time

from mockserver.contract.errors import ConfigError


class Clock:
    """The time a mock lives in: running, or frozen at one moment; whole seconds since 1970."""

    def __init__(self, frozen: datetime | None = None) -> None:
        self._frozen = None if frozen is None else int(frozen.timestamp())

    @property
    def running(self) -> bool:
        return self._frozen is None

    def now(self, own: int | None = None, since: int | None = None) -> int:
        """Return the time; that of a world whose own time was `own` at the real time `since`.

        Without `own` a world follows this clock; without `since` its own time stands still.
        """
        if own is not None:
            return own if since is None else own + int(time()) - since
        return int(time()) if self._frozen is None else self._frozen

    def anchor(self) -> datetime:
        """Return the moment at which made-up history ends.

        Of a running clock, the start of the hour: servers started within one hour
        then hold the same tickets.
        """
        now = self.now()
        return moment(now if self._frozen is not None else now - now % 3600)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def iso(seconds: int) -> str:
    """Write a time as the vendor does: `2025-06-01T10:30:00+00:00`."""
    return moment(seconds).isoformat()


_FIRST_YEAR, _LAST_YEAR = 2000, 9000
"""Generated history goes back some years, and simulated time goes on from the clock."""


def parse(text: str) -> datetime:
    """Read an ISO 8601 time; without an offset it is UTC. Raises ConfigError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"{text!r} is not an ISO 8601 time, such as 2026-05-01T09:00:00Z"
        ) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ConfigError(f"{text!r} is not a time between {_FIRST_YEAR} and {_LAST_YEAR}")
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC).replace(microsecond=0)
