"""When customers write: in office hours mostly, and more of them lately."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate
from random import Random

HOUR = 3600
# Every so many tickets two arrive in the same second, so that ties have to be broken.
_TWIN_EVERY = 24


def arrivals(random: Random, count: int, *, now: datetime, days: int) -> Iterator[int]:
    """Yield the Unix seconds of so many arrivals, ascending, the last ones shortly before now."""
    end = int(now.timestamp())
    sums = list(accumulate(_weights(end, days * 24), initial=0.0))
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


def _weights(end: int, hours: int) -> Iterator[float]:
    """Yield how much arrives in each hour, the oldest first."""
    for age in range(hours, 0, -1):
        days = age / 24
        lately = 12 / (1 + days * days / 100) + 120 / ((1 + days) * (1 + days) * (1 + days))
        yield (1 + lately) * _habit(end - age * HOUR)


def _habit(second: int) -> float:
    """Return how busy an hour is by the hour of the day and the day of the week, in UTC."""
    day, hour = divmod(second // HOUR, 24)
    busy = 1.0 if 8 <= hour < 18 else 0.35 if 6 <= hour < 22 else 0.08
    weekend = (day + 3) % 7 >= 5  # 1 January 1970 was a Thursday
    return busy * 0.3 if weekend else busy
