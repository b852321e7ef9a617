"""The rate limit: so many requests a window for each user, as the vendor's framework counts."""

import re
from collections import OrderedDict
from math import ceil
from threading import Lock
from time import monotonic
from typing import NamedTuple

from mockserver.contract.errors import ConfigError, TooManyRequests
from mockserver.store import Caller

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_USERS = 10_000
"""Windows remembered; the least recently opened one is forgotten."""


class _Window(NamedTuple):
    """When a window began, really and by the clock of the world, and how many requests it had.

    The system clock may be put back while a window lasts; the monotonic one may not.
    """

    start: float
    world_start: int
    used: int

    def age(self, now: float, world_time: int) -> float:
        return max(now - self.start, world_time - self.world_start)


class RateLimit:
    """A fixed window that starts with a user's first request; refused requests do not extend it.

    A window is over when its time has passed, really or by the clock of the world: a test advances
    that clock instead of waiting. Windows are kept in the memory of this process.
    """

    def __init__(self, limit: int, seconds: int) -> None:
        self._limit = limit
        self._seconds = seconds
        self._lock = Lock()
        self._windows: OrderedDict[tuple[int, int], _Window] = OrderedDict()

    @classmethod
    def parse(cls, text: str) -> "RateLimit":
        """Read `60/minute`; raises ConfigError."""
        match = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour)", text)
        if match is None:
            raise ConfigError(f"{text!r} is not a rate; write it as 60/minute")
        return cls(int(match[1]), _SECONDS[match[2]])

    def count(self, caller: Caller, world_time: int) -> dict[str, str]:
        """Count a request and return its headers; raises TooManyRequests.

        `world_time` is the time of the caller's world, in seconds since 1970.
        """
        age, used = self._count((caller.world.layer, caller.user), monotonic(), world_time)
        if used >= self._limit:
            raise TooManyRequests(self._refusal(ceil(self._seconds - age), world_time))
        return self._headers(self._limit - used - 1)

    def _count(self, key: tuple[int, int], now: float, world_time: int) -> tuple[float, int]:
        """Return the age of a user's window in seconds, and its requests before this one."""
        with self._lock:
            window = self._windows.get(key)
            if window is None or window.age(now, world_time) >= self._seconds:
                self._windows.pop(key, None)
                window = _Window(now, world_time, 0)
            if window.used < self._limit:
                self._windows[key] = window._replace(used=window.used + 1)
            if len(self._windows) > _USERS:
                self._windows.popitem(last=False)
        return window.age(now, world_time), window.used

    def _headers(self, left: int) -> dict[str, str]:
        return {"X-RateLimit-Limit": str(self._limit), "X-RateLimit-Remaining": str(left)}

    def _refusal(self, wait: int, world_time: int) -> dict[str, str]:
        times = {"Retry-After": str(wait), "X-RateLimit-Reset": str(world_time + wait)}
        return self._headers(0) | times
