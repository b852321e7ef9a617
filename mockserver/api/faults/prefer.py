"""What one request asks the mock to answer: `Prefer: code=429`, `example=empty`, `delay=2s`.

`__code`, `__example` and `__delay` in the query do the same, for a browser. A forced response
needs no token, and nothing is read or changed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from flask import Request
from werkzeug.http import parse_dict_header

from mockserver.api.faults.delay import LONGEST, read_duration
from mockserver.contract.errors import BadQuery
from mockserver.contract.request_check.query import PREFER_PARAMETERS

NAMES = ("code", "example", "delay")


@dataclass(frozen=True, slots=True)
class Preference:
    """What one request asks for; `delay` in seconds."""

    code: int | None = None
    example: str | None = None
    delay: float = 0.0

    def __str__(self) -> str:
        delay = f"{self.delay:g}s" if self.delay else None
        asked = {"code": self.code, "example": self.example, "delay": delay}
        return ", ".join(f"{name}={value}" for name, value in asked.items() if value is not None)


def is_stated(request: Request) -> bool:
    return "HTTP_PREFER" in request.environ or b"__" in request.query_string


def take_preference(request: Request) -> Preference:
    """Return what a request asks for, and leave its query without it; raises BadQuery."""
    header = request.headers.get("Prefer", "")
    asked = {
        name.lower(): (value or "").partition(";")[0].strip(' "')
        for name, value in parse_dict_header(header).items()
    }
    found = {f"Prefer: {name}": asked[name] for name in NAMES if name in asked}
    return _read(found | _take_parameters(request))


def _take_parameters(request: Request) -> dict[str, str]:
    parts = request.query_string.decode("latin-1").split("&")
    ours = [part for part in parts if unquote_plus(part.partition("=")[0]) in PREFER_PARAMETERS]
    if not ours:
        return {}
    rest = "&".join(part for part in parts if part not in ours)
    request.query_string = rest.encode("latin-1")
    return dict(parse_qsl("&".join(ours), keep_blank_values=True))


def _read(found: Mapping[str, str]) -> Preference:
    given = {}
    for place, value in found.items():
        name = re.split(r"__|: ", place)[-1]
        given[name] = _READERS[name](place, value)
    return Preference(**given)


def _code(place: str, value: str) -> int:
    if not re.fullmatch(r"[1-5][0-9]{2}", value):
        raise BadQuery(f"{place}={value[:40]} is not a status; write it as {place}=429.")
    return int(value)


def _example(place: str, value: str) -> str:
    if not value:
        raise BadQuery(f"{place} names no example; write it as {place}=documented.")
    return value


def _delay(place: str, value: str) -> float:
    seconds = read_duration(value)
    if seconds is None or seconds > LONGEST:
        raise BadQuery(
            f"{place}={value[:40]} is not a delay; write it with its unit, {LONGEST:.0f}s at most, "
            f"as {place}=2s or {place}=200ms."
        )
    return seconds


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "code": _code,
    "example": _example,
    "delay": _delay,
}
