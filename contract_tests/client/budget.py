"""How many requests and how much time a run may spend, and how fast it may send."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

READING = {"quick": 55, "standard": 160, "deep": None}
READING_ALONE = {"quick": 55, "standard": 170, "deep": None}
"""Requests of a run that does not write."""
WRITING = {"quick": 40, "standard": 100, "deep": None}


class Exhausted(Exception):
    """Nothing more may be sent: the requests or the time of the run are spent."""


@dataclass
class Budget:
    """Counts requests against limits; None means no limit; `seconds` count from the start."""

    requests: int | None = None
    seconds: float | None = None
    spent: int = 0
    started: float = field(default_factory=time.monotonic)
    closed: str = ""
    """Why nothing more may be sent, although requests or time are left."""
    kept_back: int = 0
    """Requests that only the undoing of writes and re-reading before an accusation may use."""

    @property
    def left(self) -> int | None:
        return None if self.requests is None else max(0, self.requests - self.spent)

    @property
    def seconds_left(self) -> float | None:
        if self.seconds is None:
            return None
        return max(0.0, self.seconds - (time.monotonic() - self.started))

    def allows(self, count: int = 1) -> bool:
        """True while `count` more requests may be planned."""
        if self.closed:
            return False
        return self.left is None or self.left - self.kept_back >= count

    def take(self) -> None:
        """Count one request; raises Exhausted when none is left."""
        if self.closed:
            raise Exhausted(self.closed)
        if self.left == 0:
            raise Exhausted(f"the budget of {self.requests} requests is spent")
        if self.seconds_left == 0:
            raise Exhausted(f"the time of {self.seconds:g} seconds is spent")
        self.spent += 1

    def close(self, reason: str) -> Exhausted:
        """Let nothing more be sent, and return the error that says so."""
        self.closed = reason
        return Exhausted(reason)

    def grant(self, more: int | None) -> None:
        """Allow `more` requests beyond those already spent."""
        self.requests = None if more is None else self.spent + more


@dataclass
class Pace:
    """Spaces `count` requests evenly over `window` seconds; count 0 means no limit."""

    count: int = 0
    window: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _next: float = float("-inf")

    def wait(self) -> None:
        if not self.count:
            return
        early = self._next - self.clock()
        if early > 0:
            self.sleep(early)
        self._next = self.clock() + self.window / self.count
