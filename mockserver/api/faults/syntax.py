"""Syntax of faults, for example `error=3%:500,503 operation=listTickets`."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from mockserver.api.faults.delay import Delay
from mockserver.api.rate_limit import RateLimit
from mockserver.contract.errors import ConfigError

GRAMMAR = """\
KIND[=[SHARE%:]DETAIL] [operation=ID] [world=NAME] [seed=NUMBER]
  latency=uniform:50-200   delay in ms; also fixed:300, lognormal:120/0.5 (median/sigma)
  error=3%:500,503         respond with one of these statuses and the framework's body
  rate=10/minute           respond with 429 above this rate
  reset=1%                 reset the connection before the response
  truncate=1%              close the connection in the middle of the body
  slow=5%:fixed:2000       send the body in parts over this time in ms
  empty=1%                 send an empty body
  type=1%:text/html        send another Content-Type
Without SHARE the fault affects every request."""

BREAKING = ("reset", "truncate", "slow", "empty", "type")
"""Kinds that damage a finished response."""

_STATUS = re.compile(r"[45][0-9]{2}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?[a-z]+=[A-Za-z0-9-]+)?")
_WORLD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%(?::(.*))?")
_LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault; `share` of requests is 0 to 1; `operation` and `world` None mean every one."""

    kind: str
    text: str
    share: float
    operation: str | None = None
    world: str | None = None
    seed: int = 1
    delay: Delay | None = None
    statuses: tuple[int, ...] = ()
    rate: str = ""
    media_type: str = ""

    @classmethod
    def parse(cls, text: str, operations: Collection[str]) -> "Fault":
        """Parse a fault in the syntax of GRAMMAR; raises ConfigError."""
        if len(text) > _LONGEST_TEXT:
            raise ConfigError(f"a fault has at most {_LONGEST_TEXT} characters")
        first, *rest = text.split() or [""]
        kind, _, value = first.partition("=")
        if kind not in _DETAILS:
            raise ConfigError(f"unknown fault {kind!r}; {nearest(kind, _DETAILS)}")
        share, detail = _share(first, value)
        details = _DETAILS[kind](detail)
        return cls(kind, " ".join(text.split()), share, **details, **_scope(rest, operations))


def nearest(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"


def _share(text: str, value: str) -> tuple[float, str]:
    if "%" not in value:
        return 1.0, value
    match = _SHARE.fullmatch(value)
    if match is None or float(match[1]) > 100:
        raise ConfigError(f"{text!r}: write a share as 3% or 0.5%, and what follows after a colon")
    return float(match[1]) / 100, match[2] or ""


def _latency(detail: str) -> dict[str, Any]:
    return {"delay": Delay.parse(detail)}


def _slow(detail: str) -> dict[str, Any]:
    return {"delay": Delay.parse(detail or "fixed:1000")}


def _error(detail: str) -> dict[str, Any]:
    statuses = (detail or "500").split(",")
    for status in statuses:
        if not _STATUS.fullmatch(status):
            raise ConfigError(f"error: {status!r} is no status from 400 to 599")
    return {"statuses": tuple(map(int, statuses))}


def _rate(detail: str) -> dict[str, Any]:
    RateLimit.parse(detail)
    return {"rate": detail}


def _type(detail: str) -> dict[str, Any]:
    media_type = detail or "text/html"
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ConfigError(f"type: {media_type!r} is no media type, such as text/html")
    return {"media_type": media_type}


def _bare(detail: str) -> dict[str, Any]:
    if detail:
        raise ConfigError(f"{detail!r} means nothing here; only a share such as 1% may follow")
    return {}


_DETAILS: dict[str, Callable[[str], dict[str, Any]]] = {
    "latency": _latency,
    "error": _error,
    "rate": _rate,
    "reset": _bare,
    "truncate": _bare,
    "slow": _slow,
    "empty": _bare,
    "type": _type,
}


def _scope(words: list[str], operations: Collection[str]) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in ("operation", "world", "seed"):
            raise ConfigError(f"{word!r}: {nearest(name, ('operation', 'world', 'seed'))}")
        scope[name] = value
    if scope.get("operation", "") not in ("", *operations) or scope.get("operation") == "":
        wrong = scope["operation"]
        raise ConfigError(f"no operation {wrong!r}; {nearest(wrong, operations)}")
    if not _WORLD.fullmatch(scope.get("world", "shared")):
        raise ConfigError(f"{scope['world']!r} is no name of a world, such as pr-123")
    if not re.fullmatch(r"[0-9]{1,15}", scope.get("seed", "1")):
        raise ConfigError(f"seed: {scope['seed']!r} is no number from 0")
    return scope | ({"seed": int(scope["seed"])} if "seed" in scope else {})
