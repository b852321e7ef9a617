"""The log of requests: a line for each, and under it what was probably not meant.

A thread writes it, so that a terminal or pipe that reads slowly delays no request.
"""

import json
import logging
import os
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event, Thread
from time import sleep
from typing import Literal

from mockserver.journal import Exchange
from mockserver.journal.hints import printable

Format = Literal["text", "json"]

MOST_WAITING = 10_000
"""Lines kept for a reader that is slow; further ones are left out."""

_PAUSE = 0.05
"""Seconds between two writes: threads that take turns more often would cost requests time."""

_PATIENCE = 1
"""Seconds for the last lines when the mock ends."""

_LONGEST = 300
"""Characters of an address in a line of text."""


_LOGGED = ("method", "path", "query", "status", "world", "source", "faults", "forced", "hints")
"""Attributes of an exchange in a line of JSON, besides its times."""


class RequestLog:
    """Writes to a file descriptor; `close` waits a moment for the last lines."""

    def __init__(self, descriptor: int, form: Format) -> None:
        self._descriptor = descriptor
        self._as_json = form == "json"
        self._waiting: deque[str] = deque()
        self._omitted = 0
        self._added, self._over = Event(), False
        self._thread = Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def add(self, exchange: Exchange) -> None:
        """Log a request that was answered."""
        self._keep(_json(exchange) if self._as_json else _text(exchange))

    def say(self, message: str) -> None:
        """Log a message of the mock itself."""
        self._keep(self._message(message))

    def _message(self, text: str) -> str:
        now = datetime.now().astimezone()
        return json.dumps({"message": text}) if self._as_json else f"{now:%H:%M:%S} {text}"

    def _keep(self, line: str) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._omitted += 1
        else:
            self._waiting.append(line)
        if not self._added.is_set():
            self._added.set()

    def close(self) -> None:
        self._over = True
        self._added.set()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        while not self._over or self._waiting:
            self._added.wait()
            self._added.clear()
            try:
                self._write_all()
            except OSError:  # nobody reads any more
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._descriptor)
            if not self._over:
                sleep(_PAUSE)

    def _write_all(self) -> None:
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        omitted, self._omitted = self._omitted, 0
        if omitted:
            lines.insert(0, self._message(f"{omitted} lines are missing: nobody read them in time"))
        data = "".join(f"{line}\n" for line in lines).encode(errors="backslashreplace")
        while data:
            data = data[os.write(self._descriptor, data) :]


class ErrorLog(logging.Handler):
    """Writes what is logged to a request log in place of standard error, until it is closed.

    Standard error may be a pipe that nobody reads, and a full pipe would stop every request.
    """

    def __init__(self, lines: RequestLog) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.say(self.format(record))

    def close(self) -> None:
        logging.getLogger().removeHandler(self)
        super().close()
        self._lines.close()


def _text(exchange: Exchange) -> str:
    time = datetime.fromtimestamp(exchange.at).astimezone()
    target = f"{exchange.path}?{exchange.query}" if exchange.query else exchange.path
    target = printable(target.replace("%5B", "[").replace("%5D", "]"))[:_LONGEST]
    marks = "".join(f" ({printable(each)})" for each in _causes(exchange))
    hints = "".join(f"\n         hint: {printable(each)}" for each in exchange.hints)
    return (
        f"{time:%H:%M:%S} {exchange.method} {target} {exchange.status or 'reset'}"
        f" {exchange.seconds * 1000:.0f} ms [{exchange.world}]{marks}{hints}"
    )


def _causes(exchange: Exchange) -> Iterator[str]:
    """Return what else than the data decided on the response."""
    yield from (f"fault: {fault}" for fault in exchange.faults)
    if exchange.forced:
        yield f"forced: {exchange.forced}"
    if exchange.source:
        yield f"from {exchange.source}"


def _json(exchange: Exchange) -> str:
    at = datetime.fromtimestamp(exchange.at, UTC).isoformat(timespec="milliseconds")
    fields = {name: getattr(exchange, name) for name in _LOGGED}
    return json.dumps({"at": at, "milliseconds": round(exchange.seconds * 1000, 3), **fields})
