"""Waits between requests: for the pace, and as long as a deployment asks, within --max-time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import requests

from contract_tests.client.budget import Budget, Pace, RequestContext
from contract_tests.client.signals import interruptible

LONGEST_WAIT = 900.0
"""Seconds that a run without --max-time waits when a deployment asks it to."""
_FIRST = 0.05


@dataclass(eq=False)
class Waits:
    """Sleeps where a signal may interrupt it; `sleep` takes seconds."""

    budget: Budget
    pace: Pace
    context: RequestContext
    sleep: Callable[[float], None] = time.sleep

    @property
    def seconds_left(self) -> float | None:
        """The seconds until the end of the run; None without a limit."""
        return None if self.context.limits == "none" else self.budget.seconds_left

    def rest(self, seconds: float) -> None:
        """Wait; raises Exhausted if the run ends earlier."""
        left = self.seconds_left
        if left is not None and seconds >= left:
            limit = f"the {self.budget.seconds:g} seconds that the run may take"
            words = f"the next request would be sent after {limit}"
            raise self.budget.close(words, by_deployment=False)
        with interruptible():
            self.sleep(seconds)

    def for_pace(self) -> None:
        """Wait until the next request may be sent; raises Exhausted."""
        pause = self.pace.pause(self.budget.clock())
        if pause:
            self.rest(pause)

    def for_limit(self, response: requests.Response) -> None:
        """Wait for the reset of the rate limit when a response says that it is exhausted.

        No standard defines these headers, so a very long wait is ignored.
        """
        reset = response.headers.get("X-RateLimit-Reset", "")
        exhausted = response.headers.get("X-RateLimit-Remaining") == "0"
        if not exhausted or not (reset.isascii() and reset.isdigit()):
            return
        seconds = float(reset) - time.time()
        if seconds < LONGEST_WAIT and response.status_code != 429 and self.context.limits != "none":
            self.asked(seconds)

    def asked(self, seconds: float, because: str = "") -> None:
        """Wait as long as the deployment asks; closes the budget when that is too long."""
        left = self.seconds_left
        if seconds >= (LONGEST_WAIT if left is None else left):
            asks = f"asks to wait {_in_seconds(seconds)}, longer than this run may take"
            raise self.budget.close(f"the deployment {because or asks}", by_deployment=False)
        self.rest(max(0.0, seconds))


class Backoff:
    """Waits 0.05 s, then twice as long each time, `seconds` in all."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._next = _FIRST

    @property
    def over(self) -> bool:
        return self._left <= 0

    def to_the_end(self, sleep: Callable[[float], None]) -> None:
        """Wait all the time that is left."""
        self._next = self._left
        self.next(sleep)

    def next(self, sleep: Callable[[float], None]) -> bool:
        """Wait once more; return False when the time is over."""
        if self.over:
            return False
        pause = min(self._next, self._left)
        sleep(pause)
        self._left -= pause
        self._next *= 2
        return True


def _in_seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 1e6 else "more than 1,000,000 s"
