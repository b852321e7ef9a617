"""How a finished response is sent: late, in pieces, altered, cut short, or not at all."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.api.faults.syntax import Fault

Headers = list[tuple[str, str]]
Pieces = Sequence[tuple[float, bytes]]
"""Parts of a body, each with the seconds to wait before it."""

_FLUSHING = 0.1
"""Seconds in which a server sends what it was given, before the connection ends."""

_PIECES = 20
"""Parts in which a slow body is sent."""


@dataclass(slots=True)
class Delivery:
    """`delay` in seconds before the first byte; `fault` alters the response, if there is one.

    `seconds` is how long a slow body takes.
    """

    delay: float = 0.0
    fault: Fault | None = None
    seconds: float = 0.0

    @property
    def resets(self) -> bool:
        """Whether the connection is reset, and nothing of the response is sent."""
        return self.fault is not None and self.fault.kind == "reset"

    def send(self, start: Any, status: str, headers: Headers, body: bytes) -> Iterable[bytes]:
        """Answer as WSGI does."""
        kind = self.fault.kind if self.fault else ""
        if kind == "empty":
            headers, body = _with(headers, "Content-Length", "0"), b""
        if kind == "type" and self.fault:
            headers = _with(headers, "Content-Type", self.fault.media_type)
        start(status, headers)
        if self.resets:
            return TimedBody([], pause=self.delay, reset=True)
        return TimedBody(self._pieces(kind, body), pause=self.delay)

    def _pieces(self, kind: str, body: bytes) -> Pieces:
        if kind == "truncate":
            return [(0, body[: len(body) // 2]), (_FLUSHING, b"")]
        if kind == "slow":
            size = -(-len(body) // _PIECES) or 1
            starts = range(0, len(body), size)
            return [
                (0, b""),
                *((self.seconds / len(starts), body[at : at + size]) for at in starts),
            ]
        return [(0, body)]


class TimedBody:
    """A body whose parts are waited for: by the event loop of our server, or by another's thread.

    With `reset` the connection is reset after the `pause`: iterating raises
    ConnectionResetError.
    """

    def __init__(self, pieces: Pieces, *, pause: float, reset: bool = False) -> None:
        self.pieces = pieces
        self._pause = pause
        self._reset = reset

    def __iter__(self) -> Iterator[bytes]:
        time.sleep(self._pause)
        self._check()
        for seconds, piece in self.pieces:
            time.sleep(seconds)
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await asyncio.sleep(self._pause)
        self._check()
        for seconds, piece in self.pieces:
            await asyncio.sleep(seconds)
            yield piece

    def _check(self) -> None:
        if self._reset:
            raise ConnectionResetError("the connection was reset by a fault")


def _with(headers: Headers, name: str, value: str) -> Headers:
    return [pair for pair in headers if pair[0].lower() != name.lower()] + [(name, value)]
