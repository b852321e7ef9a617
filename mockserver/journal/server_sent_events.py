"""The journal as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

import orjson

from mockserver.journal.journal import Journal
from mockserver.journal.serializer import summary

READERS = 64
"""Maximum number of open streams; a further one sends what exists and ends."""

_BEAT = 5.0
"""Seconds between comments; sending one detects a disconnected client."""

_PAUSE = 0.1
"""Minimum seconds between two batches of events."""

_RETRY = b"retry: 1000\n\n"
_NOTHING_NEW = b": nothing new\n\n"

_readers = BoundedSemaphore(READERS)


class EventStream:
    """An event for each exchange after a number, of one world or of all.

    The mock's own server iterates asynchronously, so that an open stream needs no thread. With
    another WSGI server a stream sends what exists and ends; its reader connects again.
    """

    def __init__(self, journal: Journal, world: str | None, after: int) -> None:
        self._journal = journal
        self._world = world
        self._after = after

    def __iter__(self) -> Iterator[bytes]:
        yield _RETRY
        yield from self._new_events()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        added, loop = asyncio.Event(), asyncio.get_running_loop()
        listener = lambda _: loop.call_soon_threadsafe(added.set)  # noqa: E731 - one line says it
        with _reserved_stream() as reserved, self._journal.listening(listener):
            yield _RETRY + b"".join(self._new_events())
            while reserved:
                try:
                    await asyncio.wait_for(added.wait(), _BEAT)
                except TimeoutError:
                    yield _NOTHING_NEW
                await asyncio.sleep(_PAUSE)
                added.clear()
                yield b"".join(self._new_events())

    def _new_events(self) -> Iterator[bytes]:
        newest = self._journal.newest
        asked = {"world": self._world, "after": self._after, "last": newest}
        self._after = newest
        for exchange in self._journal.find(asked):
            data = orjson.dumps(summary(exchange, self._journal.validator))
            yield b"id: %d\ndata: %s\n\n" % (exchange.number, data)


@contextmanager
def _reserved_stream() -> Iterator[bool]:
    """Reserve a stream; yields False if the maximum is reached."""
    reserved = _readers.acquire(blocking=False)
    try:
        yield reserved
    finally:
        if reserved:
            _readers.release()
