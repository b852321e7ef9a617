"""How long something takes: fixed, uniform or lognormal, written with its unit."""

import math
import re
from dataclasses import dataclass
from random import Random

from mockserver.contract.errors import ConfigError

LONGEST = 60.0
"""Seconds; no delay is longer, whatever a distribution draws."""

_UNITS = {"ms": 0.001, "s": 1.0}
_NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,3})?)"
_DURATION = re.compile(rf"{_NUMBER}(ms|s)")
_UNIFORM = re.compile(rf"uniform:{_NUMBER}(ms|s)?-{_NUMBER}(ms|s)")
_LOGNORMAL = re.compile(rf"lognormal:{_NUMBER}(ms|s)/{_NUMBER}")


@dataclass(frozen=True, slots=True)
class Delay:
    """`fixed`: `first`; `uniform`: `first` to `second`; `lognormal`: median, sigma. In seconds."""

    form: str
    first: float
    second: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "Delay":
        """Read `300ms`, `uniform:50-200ms` or `lognormal:120ms/0.5`; raises ConfigError."""
        if (seconds := read_duration(text)) is not None:
            return _limited(text, cls("fixed", seconds))
        if match := _UNIFORM.fullmatch(text):
            low, low_unit, high, unit = match.groups()
            ends = _seconds(low, low_unit or unit), _seconds(high, unit)
            return _limited(text, cls("uniform", *ends))
        if match := _LOGNORMAL.fullmatch(text):
            median, unit, sigma = match.groups()
            return _limited(text, cls("lognormal", _seconds(median, unit), float(sigma)))
        raise ConfigError(
            f"{text!r} is not a delay with a unit; write 300ms, 2s, uniform:50-200ms or, "
            "by median and sigma, lognormal:120ms/0.5"
        )

    def draw(self, random: Random) -> float:
        """Return seconds."""
        seconds = self.first
        if self.form == "uniform":
            seconds = random.uniform(self.first, self.second)
        elif self.form == "lognormal":
            seconds = random.lognormvariate(math.log(self.first), self.second)
        return min(seconds, LONGEST)


def read_duration(text: str) -> float | None:
    """Return the seconds of `2s` or `200ms`; None for any other text."""
    match = _DURATION.fullmatch(text)
    return _seconds(*match.groups()) if match else None


def _seconds(number: str, unit: str) -> float:
    return float(number) * _UNITS[unit]


def _limited(text: str, delay: Delay) -> Delay:
    if delay.first > LONGEST or (delay.form == "uniform" and delay.second > LONGEST):
        raise ConfigError(f"{text!r}: a delay is at most {LONGEST:.0f}s")
    if delay.form == "uniform" and delay.first > delay.second:
        raise ConfigError(f"{text!r}: the smaller number comes first")
    if delay.form == "lognormal" and not (delay.first and delay.second <= 10):
        raise ConfigError(f"{text!r}: the median is above 0, sigma at most 10")
    return delay
