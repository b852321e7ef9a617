"""The journal as server-sent events, for a few readers and a short while each."""

import time
from collections.abc import Iterator
from threading import BoundedSemaphore

import orjson

from mockserver.journal.journal import Journal
from mockserver.journal.serializer import summary

LONGEST = 20.0
"""Seconds; then the browser comes back by itself, and the thread is free meanwhile."""

READERS = 8
"""Streams open at once; each of them holds one of the server's threads."""

_BEAT = 1.0
"""Seconds between signs of life, and at most until the place of a reader who left is free."""

_PAUSE = 0.1
"""Seconds between two looks, so that a busy journal does not keep a reader busy."""

_readers = BoundedSemaphore(READERS)


def events(
    journal: Journal, world: str | None, after: int, seconds: float = LONGEST
) -> Iterator[bytes]:
    """Yield an event for each exchange after a number; a reader too many gets what there is."""
    free = _readers.acquire(blocking=False)
    try:
        yield b"retry: 1000\n\n"
        end = time.monotonic() + (seconds if free else 0)
        while True:
            newest = journal.newest
            for exchange in journal.find({"world": world, "after": after, "last": newest}):
                data = orjson.dumps(summary(exchange, journal.judge))
                yield b"id: %d\ndata: %s\n\n" % (exchange.number, data)
            after = newest
            left = end - time.monotonic()
            if left <= 0:
                return
            if not journal.wait(after, min(left, _BEAT)):
                yield b": nothing new\n\n"
            time.sleep(min(_PAUSE, max(left, 0)))
    finally:
        if free:
            _readers.release()
