"""The rate limit: so many requests a window for each user, as the vendor's framework counts."""

import re
from collections import OrderedDict
from math import ceil
from threading import Lock
from time import time

from mockserver.contract.errors import ConfigError, TooManyRequests
from mockserver.store import Caller

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_USERS = 10_000
"""Windows remembered; the least recently opened goes."""


class RateLimit:
    """A fixed window that starts with a user's first request; refused requests do not extend it.

    Windows are kept in the memory of this process.
    """

    def __init__(self, limit: int, seconds: int) -> None:
        self._limit = limit
        self._seconds = seconds
        self._lock = Lock()
        self._windows: OrderedDict[tuple[int, int], tuple[float, int]] = OrderedDict()

    @classmethod
    def parse(cls, text: str) -> "RateLimit":
        """Read `60/minute`; raises ConfigError."""
        match = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour)", text)
        if match is None:
            raise ConfigError(f"{text!r} is no rate; write it as 60/minute")
        return cls(int(match[1]), _SECONDS[match[2]])

    def count(self, caller: Caller) -> dict[str, str]:
        """Count a request and return its headers; raises TooManyRequests."""
        now = time()
        start, used = self._count((caller.world.layer, caller.user), now)
        if used >= self._limit:
            raise TooManyRequests(self._refusal(start + self._seconds, now))
        return self._headers(self._limit - used - 1)

    def _count(self, key: tuple[int, int], now: float) -> tuple[float, int]:
        """Return when the window of a user began, and how many requests it had before this one."""
        with self._lock:
            start, used = self._windows.get(key, (now, 0))
            if not start <= now < start + self._seconds:  # over, or the clock was set back
                del self._windows[key]
                start, used = now, 0
            if used < self._limit:
                self._windows[key] = (start, used + 1)
            if len(self._windows) > _USERS:
                self._windows.popitem(last=False)
        return start, used

    def _headers(self, left: int) -> dict[str, str]:
        return {"X-RateLimit-Limit": str(self._limit), "X-RateLimit-Remaining": str(left)}

    def _refusal(self, end: float, now: float) -> dict[str, str]:
        times = {"Retry-After": str(ceil(end - now)), "X-RateLimit-Reset": str(ceil(end))}
        return self._headers(0) | times
