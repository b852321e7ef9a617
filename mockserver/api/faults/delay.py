"""How long something takes: fixed, uniform or lognormal, in milliseconds."""

import math
import re
from dataclasses import dataclass
from random import Random

from mockserver.contract.errors import ConfigError

LONGEST = 60_000
"""Milliseconds; no delay is longer, whatever a distribution draws."""

_NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,3})?)"
_FORMS = {
    "fixed": re.compile(rf"(?:fixed:)?{_NUMBER}"),
    "uniform": re.compile(rf"uniform:{_NUMBER}-{_NUMBER}"),
    "lognormal": re.compile(rf"lognormal:{_NUMBER}/{_NUMBER}"),
}


@dataclass(frozen=True, slots=True)
class Delay:
    """`fixed`: at `first`; `uniform`: `first` to `second`; `lognormal`: median and sigma."""

    form: str
    first: float
    second: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "Delay":
        """Read `fixed:300`, `uniform:50-200` or `lognormal:120/0.5`; raises ConfigError."""
        for form, pattern in _FORMS.items():
            if match := pattern.fullmatch(text):
                return _limited(text, cls(form, *map(float, match.groups())))
        raise ConfigError(
            f"{text!r} is no delay; write milliseconds as fixed:300, uniform:50-200 or, "
            "by median and sigma, lognormal:120/0.5"
        )

    def draw(self, random: Random) -> float:
        """Return seconds."""
        milliseconds = self.first
        if self.form == "uniform":
            milliseconds = random.uniform(self.first, self.second)
        elif self.form == "lognormal":
            milliseconds = random.lognormvariate(math.log(self.first), self.second)
        return min(milliseconds, LONGEST) / 1000


def _limited(text: str, delay: Delay) -> Delay:
    if max(delay.first, delay.second) > LONGEST:
        raise ConfigError(f"{text!r}: a delay is at most {LONGEST} milliseconds")
    if delay.form == "uniform" and delay.first > delay.second:
        raise ConfigError(f"{text!r}: the smaller number comes first")
    if delay.form == "lognormal" and not (delay.first and delay.second <= 10):
        raise ConfigError(f"{text!r}: the median is above 0, sigma at most 10")
    return delay
