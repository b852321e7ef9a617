"""The log of requests: a line for each, and under it what was probably not meant.

A thread writes it, so that a terminal or pipe that reads slowly delays no request.
"""

import json
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from threading import Event, Thread
from time import sleep
from typing import Literal, NamedTuple

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


class _Line(NamedTuple):
    at: float
    method: str
    path: str
    query: str
    status: int
    seconds: float
    world: str
    source: str
    faults: Sequence[str]
    forced: str
    hints: Sequence[str]


_logged_fields = attrgetter(*_Line._fields)


class RequestLog:
    """Writes to a file descriptor; `close` waits a moment for the last lines."""

    def __init__(self, descriptor: int, form: Format) -> None:
        self._descriptor = descriptor
        self._form: Callable[[_Line | str], str] = _text if form == "text" else _json
        self._waiting: deque[_Line | str] = deque()
        self._omitted = 0
        self._added, self._over = Event(), False
        self._thread = Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def add(self, exchange: Exchange) -> None:
        """Log a request that was answered."""
        self.say(_Line(*_logged_fields(exchange)))

    def say(self, line: "_Line | str") -> None:
        """Log a message of the mock itself."""
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
            lines.insert(0, f"{omitted} lines are missing: nobody read them in time")
        data = "".join(map(self._form, lines)).encode(errors="backslashreplace")
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


def _text(line: _Line | str) -> str:
    if isinstance(line, str):
        return f"{datetime.now().astimezone():%H:%M:%S} {line}\n"
    time = datetime.fromtimestamp(line.at).astimezone()
    target = f"{line.path}?{line.query}" if line.query else line.path
    target = printable(target.replace("%5B", "[").replace("%5D", "]"))[:_LONGEST]
    marks = "".join(f" ({printable(each)})" for each in _causes(line))
    hints = "".join(f"         hint: {printable(each)}\n" for each in line.hints)
    return (
        f"{time:%H:%M:%S} {line.method} {target} {line.status or 'reset'}"
        f" {line.seconds * 1000:.0f} ms [{line.world}]{marks}\n{hints}"
    )


def _causes(line: _Line) -> Iterator[str]:
    """Return what else than the data decided on the response."""
    yield from (f"fault: {fault}" for fault in line.faults)
    if line.forced:
        yield f"forced: {line.forced}"
    if line.source:
        yield f"from {line.source}"


def _json(line: _Line | str) -> str:
    if isinstance(line, str):
        return json.dumps({"message": line}) + "\n"
    at = datetime.fromtimestamp(line.at, UTC).isoformat(timespec="milliseconds")
    fields = line._asdict() | {"at": at, "milliseconds": round(line.seconds * 1000, 3)}
    del fields["seconds"]
    return json.dumps(fields) + "\n"
