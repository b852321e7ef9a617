"""Progress of a long seeding, on one line of standard error."""

import sys
from collections import deque
from time import monotonic
from typing import TextIO

_DELAY = 1.0
"""Seconds before progress is shown."""

_ON_SCREEN, _IN_A_LOG = 0.2, 10.0
"""Seconds between two updates, on a terminal and otherwise."""

_REMEMBERED = 50


class ProgressLine:
    """Called with the number of tickets seeded so far, and ended with `close`."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = total
        self._stream = stream or sys.stderr
        self._every = _ON_SCREEN if self._stream.isatty() else _IN_A_LOG
        self._past: deque[tuple[float, int]] = deque([(monotonic(), 0)], maxlen=_REMEMBERED)
        self._next = monotonic() + _DELAY
        self._said = False

    def __call__(self, done: int) -> None:
        now = monotonic()
        self._past.append((now, done))
        if now >= self._next:
            self._next = now + self._every
            self.say(f"seeding: {done:,} of {self._total:,} tickets, {self._left(now, done)}")

    def close(self) -> None:
        if self._said and self._stream.isatty():
            print(file=self._stream)

    def _left(self, now: float, done: int) -> str:
        """Return the estimated time left."""
        since, before = self._past[0]
        if done >= self._total or done <= before:
            return "finishing"
        left = int((now - since) * (self._total - done) / (done - before)) + 1
        return f"{left // 60}:{left % 60:02} left"

    def say(self, text: str) -> None:
        """Replace the line on a terminal, otherwise print a new one."""
        start, end = ("\r", "\x1b[K") if self._stream.isatty() else ("", "\n")
        print(f"{start}{text}", end=end, file=self._stream, flush=True)
        self._said = True
