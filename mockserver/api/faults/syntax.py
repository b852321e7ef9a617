"""Syntax of faults, for example `error=3%:500,503 operation=listTickets`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from mockserver.api.faults.delay import Delay
from mockserver.api.rate_limit import RateLimit
from mockserver.contract.errors import ConfigError, suggestion
from mockserver.store import NAME

GRAMMAR = """\
KIND[=[SHARE%:]DETAIL] [operation=ID] [path=PATH] [world=NAME] [times=N] [retry-after=N] [seed=N]
  latency=uniform:50-200ms   delay; also 300ms, 2s, lognormal:120ms/0.5 (median/sigma)
  error=3%:500,503           respond with one of these statuses and the framework's body
  sequence=503,ok,500        respond with these statuses in turn, ok: as usual; then as usual
  rate=10/minute             respond with 429 above this rate
  reset=1%                   reset the connection in place of the response
  truncate=1%                close the connection in the middle of the body
  slow=5%:2s                 send the body in parts over this time
  empty=1%                   send an empty body
  type=1%:text/html          send another Content-Type
Without SHARE the fault affects every request.
  operation=listTickets      only requests of this operation
  path=/api/tickets/42       only requests with this path; * stands for any characters
  world=pr-123               only requests of this world
  times=1                    only so many requests of a world, counted again after its reset
  retry-after=2              seconds in the Retry-After header of error and sequence
  seed=7                     another random choice of the requests that SHARE selects"""

BREAKING = ("reset", "truncate", "slow", "empty", "type")
"""Kinds that damage a finished response."""

_STATUS = re.compile(r"[45][0-9]{2}")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?[a-z]+=[A-Za-z0-9-]+)?")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%(?::(.*))?")
_LONGEST_TEXT = 500
_OK = "ok"
"""In a sequence: a request that is answered as usual."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault; `share` of requests is 0 to 1; `operation`, `path` and `world` None mean every one.

    `times` limits the requests of a world that are affected, None does not. `retry_after` is in
    seconds. In the `statuses` of a sequence, 0 stands for a request that is answered as usual.
    """

    kind: str
    text: str
    share: float
    operation: str | None = None
    path: str | None = None
    world: str | None = None
    times: int | None = None
    retry_after: int | None = None
    seed: int = 1
    delay: Delay | None = None
    statuses: tuple[int, ...] = ()
    rate: str = ""
    media_type: str = ""

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Parse a fault in the syntax of GRAMMAR; raises ConfigError."""
        if len(text) > _LONGEST_TEXT:
            raise ConfigError(f"a fault has at most {_LONGEST_TEXT} characters")
        first, *rest = text.split() or [""]
        kind, _, value = first.partition("=")
        if kind not in _DETAILS:
            raise ConfigError(f"unknown fault {kind!r}; {suggestion(kind, _DETAILS)}")
        share, detail = _share(first, value)
        details = _DETAILS[kind](detail)
        scope = _scope(rest)
        _check_scope(kind, share, scope)
        return cls(kind, " ".join(text.split()), share, **{**details, **scope})

    def concerns(self, operation: str, path: str) -> bool:
        """Return whether the fault is for requests of this operation with this path."""
        if self.operation not in (None, operation):
            return False
        return self.path is None or fnmatchcase(path.rstrip("/"), self.path)


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
    return {"delay": Delay.parse(detail or "1s")}


def _error(detail: str) -> dict[str, Any]:
    statuses = (detail or "500").split(",")
    for status in statuses:
        if not _STATUS.fullmatch(status):
            raise ConfigError(f"error: {status!r} is not a status from 400 to 599")
    return {"statuses": tuple(map(int, statuses))}


def _sequence(detail: str) -> dict[str, Any]:
    steps = detail.split(",")
    for step in steps:
        if step != _OK and not _STATUS.fullmatch(step):
            raise ConfigError(
                f"sequence: {step!r} is neither ok nor a status from 400 to 599; "
                "write sequence=503,ok,500"
            )
    statuses = tuple(0 if step == _OK else int(step) for step in steps)
    return {"statuses": statuses, "times": len(statuses)}


def _rate(detail: str) -> dict[str, Any]:
    RateLimit.parse(detail)
    return {"rate": detail}


def _type(detail: str) -> dict[str, Any]:
    media_type = detail or "text/html"
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise ConfigError(f"type: {media_type!r} is not a media type, such as text/html")
    return {"media_type": media_type}


def _bare(detail: str) -> dict[str, Any]:
    if detail:
        raise ConfigError(f"{detail!r} means nothing here; only a share such as 1% may follow")
    return {}


_DETAILS: dict[str, Callable[[str], dict[str, Any]]] = {
    "latency": _latency,
    "error": _error,
    "sequence": _sequence,
    "rate": _rate,
    "reset": _bare,
    "truncate": _bare,
    "slow": _slow,
    "empty": _bare,
    "type": _type,
}


_POSITIVE = re.compile(r"[1-9][0-9]{0,5}")


def _scope(words: list[str]) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in _SCOPE:
            raise ConfigError(f"{word!r}: {suggestion(name, _SCOPE)}")
        scope[name.replace("-", "_")] = _SCOPE[name](value)
    return scope


def _path(value: str) -> str:
    if not value.startswith("/"):
        raise ConfigError(f"path: {value!r} does not begin with /; write path=/api/tickets/42")
    return value.rstrip("/")


def _world(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ConfigError(f"{value!r} is not a name of a world, such as pr-123")
    return value


def _times(value: str) -> int:
    if not _POSITIVE.fullmatch(value):
        raise ConfigError(f"times: {value!r} is not a number from 1; write times=1")
    return int(value)


def _retry_after(value: str) -> int:
    seconds = value.removesuffix("s")
    if not re.fullmatch(r"[0-9]{1,6}", seconds):
        raise ConfigError(f"retry-after: {value!r} is not a number of seconds; write retry-after=2")
    return int(seconds)


def _seed(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", value):
        raise ConfigError(f"seed: {value!r} is not a number from 0")
    return int(value)


_SCOPE: dict[str, Callable[[str], Any]] = {
    "operation": str,
    "path": _path,
    "world": _world,
    "times": _times,
    "retry-after": _retry_after,
    "seed": _seed,
}


def _check_scope(kind: str, share: float, scope: Mapping[str, Any]) -> None:
    """Refuse what means nothing for a kind of fault."""
    if kind == "sequence" and (share < 1 or "times" in scope):
        raise ConfigError("a sequence has its own length; leave out the share and times")
    if "retry_after" in scope and kind not in ("error", "sequence"):
        raise ConfigError("retry-after belongs to error and sequence")
    if "times" in scope and kind == "rate":
        raise ConfigError("a rate has its own number of requests; leave out times")
