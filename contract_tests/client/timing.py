"""Measures what a run spends its time on; each moment counts for the innermost activity."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Doing = Literal["http", "waiting", "judging", "generating", "rest"]


class Timer:
    """Counts seconds since it was created; unnamed activities count as the rest."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._since = clock()
        self._doing: Doing = "rest"
        self._spent: dict[Doing, float] = defaultdict(float)

    @contextmanager
    def on(self, doing: Doing) -> Iterator[None]:
        """Count for `doing` what passes within, but for what is named further within."""
        before = self._turn_to(doing)
        try:
            yield
        finally:
            self._turn_to(before)

    def read(self) -> dict[Doing, float]:
        """Return the seconds so far; together they are all that has passed."""
        self._turn_to(self._doing)
        return dict(self._spent)

    def _turn_to(self, doing: Doing) -> Doing:
        before, now = self._doing, self._clock()
        self._spent[before] += now - self._since
        self._doing, self._since = doing, now
        return before
