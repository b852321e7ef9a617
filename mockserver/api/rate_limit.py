"""The rate limit: so many requests a window for each user, as the vendor's framework counts."""

import re
from collections import OrderedDict
from math import ceil
from threading import Lock
from time import time
from typing import Protocol

from mockserver.contract.errors import ConfigError, TooManyRequests
from mockserver.store import Caller

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_USERS = 10_000
"""Windows remembered; the least recently opened goes."""


Key = tuple[str, int, int]
"""Which limit, and a world's layer and the user in it that it is counted for."""


class Counter(Protocol):
    """Where windows are kept."""

    def count(self, key: Key, limit: int, seconds: int, now: float) -> tuple[float, int]:
        """Count a request, unless its window is full.

        Return when the window ends, and how many it has let pass before.
        """


class Windows:
    """The windows of one process, in its memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: OrderedDict[Key, tuple[float, int]] = OrderedDict()

    def count(self, key: Key, limit: int, seconds: int, now: float) -> tuple[float, int]:
        with self._lock:
            end, used = self._windows.get(key, (0.0, 0))
            if now >= end:
                end, used = now + seconds, 0
                self._windows.pop(key, None)
            if used < limit:
                self._windows[key] = (end, used + 1)
            if len(self._windows) > _USERS:
                self._windows.popitem(last=False)
        return end, used


class RateLimit:
    """A fixed window that starts with a user's first request; refused requests do not extend it.

    `scope` tells limits apart that share one counter.
    """

    def __init__(
        self, limit: int, seconds: int, counter: Counter | None = None, scope: str = ""
    ) -> None:
        self._limit = limit
        self._seconds = seconds
        self._counter = counter or Windows()
        self._scope = scope

    @classmethod
    def parse(cls, text: str, counter: Counter | None = None, scope: str = "") -> "RateLimit":
        """Read `60/minute`; raises ConfigError."""
        match = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour)", text)
        if match is None:
            raise ConfigError(f"{text!r} is no rate; write it as 60/minute")
        return cls(int(match[1]), _SECONDS[match[2]], counter, scope)

    def share(self, counter: Counter) -> None:
        """Count in a place that other processes count in as well."""
        self._counter = counter

    def count(self, caller: Caller) -> dict[str, str]:
        """Count a request and return its headers; raises TooManyRequests."""
        key, now = (self._scope, caller.world.layer, caller.user), time()
        end, used = self._counter.count(key, self._limit, self._seconds, now)
        if used >= self._limit:
            raise TooManyRequests(self._refusal(end, now))
        return self._headers(self._limit - used - 1)

    def _headers(self, left: int) -> dict[str, str]:
        return {"X-RateLimit-Limit": str(self._limit), "X-RateLimit-Remaining": str(left)}

    def _refusal(self, end: float, now: float) -> dict[str, str]:
        times = {"Retry-After": str(ceil(end - now)), "X-RateLimit-Reset": str(ceil(end))}
        return self._headers(0) | times
