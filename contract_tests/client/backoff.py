"""Pauses between readings of something that may settle after a while."""

from collections.abc import Callable

_FIRST = 0.05


class Backoff:
    """Waits 0.05 s, then twice as long each time, `seconds` in all."""

    def __init__(self, seconds: float) -> None:
        self.waited = 0.0
        self._left = seconds
        self._next = _FIRST

    def next(self, sleep: Callable[[float], None]) -> bool:
        """Wait once more; return False when the time is over."""
        if self._left <= 0:
            return False
        pause = min(self._next, self._left)
        sleep(pause)
        self.waited += pause
        self._left -= pause
        self._next *= 2
        return True
