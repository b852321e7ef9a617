"""Progress while a run sends: requests spent, of how many, and about how long it will take."""

import sys
import time

from contract_tests.client.budget import Budget
from contract_tests.observations.exchange import Exchange


class Progress:
    """Rewrites one line of a terminal; silent when standard error is none."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._stream = sys.stderr
        self._shown = self._stream.isatty()
        self._begun = time.monotonic()

    def __call__(self, exchange: Exchange) -> None:
        if self._shown:
            self._stream.write(f"\r\x1b[K{exchange.phase}: {self._words(exchange.number)}")
            self._stream.flush()

    def close(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _words(self, sent: int) -> str:
        left = self._budget.left
        if left is None:
            return f"{sent} requests"
        each = (time.monotonic() - self._begun) / sent
        return f"{sent} requests, {left} left, {each * left:.0f} s at most"
