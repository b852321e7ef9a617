"""How many requests and how much time a run may spend, and how fast it may send."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from contract_tests.observations.exchange import Request

READING = {"quick": 55, "standard": 156, "deep": None}
"""Requests for reading in a run that writes; quick writes between them."""
READING_ALONE = {"quick": 55, "standard": 170, "deep": None}
"""Requests of a run that does not write."""
WRITING = {"quick": 0, "standard": 104, "deep": None}
"""Requests for writes after the reading, and for undoing them and reading again."""
EXTENSION = {"quick": 22, "standard": 68, "deep": None}
"""Requests for reading the extension, after those for the page."""
EXTENSION_WRITING = 60
"""Requests for writing to one ticket with the operations of the extension."""


def limit_of(profile: str, *, writes: bool) -> int | None:
    """Return how many requests a profile sends at most; None without a limit."""
    reading, writing = READING[profile], WRITING[profile]
    if not writes:
        return READING_ALONE[profile]
    return None if reading is None or writing is None else reading + writing


Limits = Literal["plan", "run", "none"]


@dataclass
class RequestContext:
    """The phase of the next requests, and the limits that count them.

    `plan` counts against the plan and the run, `run` against the run alone, and `none` against
    nothing: the undo of writes must not fail because a limit is reached.
    """

    phase: str = "reading"
    request: Request | None = None
    limits: Limits = "plan"


class Exhausted(Exception):
    """Nothing more may be sent: the requests or the time of the run are spent."""


@dataclass
class Budget:
    """Counts requests against limits; None means no limit; `seconds` count from the start.

    `requests` is the limit of the plan so far, `maximum` that of the whole run. The undoing of
    writes counts against neither.
    """

    requests: int | None = None
    seconds: float | None = None
    maximum: int | None = None
    spent: int = 0
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)
    closed: str = ""
    """Why nothing more may be sent, although requests or time are left."""
    cut_off: bool = False
    """Whether the deployment ended the run."""
    kept_back: int = 0
    """Requests reserved for undoing writes and for confirming violations."""

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def ended(self) -> str:
        """Why the run may send nothing more; empty if it may."""
        if self.closed:
            return self.closed
        if self.maximum is not None and self.spent >= self.maximum:
            requests = "1 request" if self.maximum == 1 else f"{self.maximum} requests"
            return f"the limit of {requests} is reached"
        return f"the time of {self.seconds:g} seconds is spent" if self.seconds_left == 0 else ""

    @property
    def left(self) -> int | None:
        return None if self.requests is None else max(0, self.requests - self.spent)

    @property
    def seconds_left(self) -> float | None:
        if self.seconds is None:
            return None
        return max(0.0, self.seconds - (self.clock() - self.started))

    def allows(self, count: int = 1) -> bool:
        """True while `count` more requests may be planned."""
        if self.ended:
            return False
        return self.left is None or self.left - self.kept_back >= count

    def take(self, *, planned: bool = True) -> None:
        """Count one request; raises Exhausted when none is left.

        What is not planned counts against the limits of the run alone.
        """
        if self.ended:
            raise Exhausted(self.ended)
        if planned and self.left == 0:
            raise Exhausted(f"the budget of {self.requests} requests is spent")
        self.spent += 1

    def close(self, reason: str, *, by_deployment: bool = True) -> Exhausted:
        """Let nothing more be sent, and return the error that says so."""
        self.closed, self.cut_off = reason, by_deployment
        return Exhausted(reason)

    def grant(self, more: int | None) -> None:
        """Allow `more` requests beyond those already spent."""
        self.requests = None if more is None else self.spent + more


@dataclass
class Pace:
    """Spaces `count` requests evenly over `window` seconds; count 0 means no limit."""

    count: int = 0
    window: float = 60.0
    _next: float = float("-inf")

    def pause(self, now: float) -> float:
        """Reserve the next time to send a request, and return the seconds until then."""
        if not self.count:
            return 0.0
        due = max(now, self._next)
        self._next = due + self.window / self.count
        return due - now
