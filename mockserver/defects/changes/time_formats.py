"""Times in the formats of other serializers."""

from datetime import datetime, timedelta
from typing import Any


def epoch(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp())


def without_offset(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M:%S}"


def without_time(time: str) -> str:
    return time[:10]


def day_first(time: str) -> str:
    return f"{datetime.fromisoformat(time):%d/%m/%Y %H:%M}"


def in_words(time: str) -> str:
    return f"{datetime.fromisoformat(time):%d %B}, {datetime.fromisoformat(time).hour} o'clock"


def php_object(time: str) -> dict[str, Any]:
    return {"date": f"{without_offset(time)}.000000", "timezone_type": 3, "timezone": "UTC"}


def later(time: str, seconds: int) -> str:
    return (datetime.fromisoformat(time) + timedelta(seconds=seconds)).isoformat()
