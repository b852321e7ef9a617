"""Arrival times of tickets: mostly in office hours, and more frequent towards the end."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from random import Random

HOUR = 3600
# One in 24 tickets arrives in the same second as the one before, so that sorts have ties.
_TWIN_EVERY = 24


def arrivals(random: Random, count: int, *, now: datetime, days: int) -> Iterator[int]:
    """Yield `count` ascending arrival times in Unix seconds, ending shortly before now."""
    end = int(now.timestamp())
    sums = _sums_of_weights(end, days * 24)
    start, total = end - (len(sums) - 1) * HOUR, sums[-1]
    second = start
    for index in range(count):
        # One draw from each of `count` equal shares: ascending without sorting.
        share = total * (index + random.random()) / count
        hour = bisect_right(sums, share) - 1
        into = (share - sums[hour]) / (sums[hour + 1] - sums[hour])
        if index % _TWIN_EVERY != _TWIN_EVERY // 2:
            second = start + hour * HOUR + int(into * HOUR)
        yield second


@lru_cache(maxsize=4)
def _sums_of_weights(end: int, hours: int) -> tuple[float, ...]:
    """Return the weight of all hours before each; workspaces of one world share them."""
    return tuple(accumulate(_weights(end, hours), initial=0.0))


def _weights(end: int, hours: int) -> Iterator[float]:
    """Yield the weight of each hour, the oldest first."""
    for age in range(hours, 0, -1):
        days = age / 24
        lately = 12 / (1 + days * days / 100) + 120 / ((1 + days) * (1 + days) * (1 + days))
        yield (1 + lately) * _habit(end - age * HOUR)


def _habit(second: int) -> float:
    """Return the weight of an hour by the hour of the day and the day of the week, in UTC."""
    day, hour = divmod(second // HOUR, 24)
    busy = 1.0 if 8 <= hour < 18 else 0.35 if 6 <= hour < 22 else 0.08
    weekend = (day + 3) % 7 >= 5  # 1 January 1970 was a Thursday
    return busy * 0.3 if weekend else busy
