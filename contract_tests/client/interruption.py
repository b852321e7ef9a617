"""Signals are held while a write is in flight, so that its outcome is known when it is undone."""

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

NAMES: tuple[int, ...] = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The signals that end a run."""
_SAFE = ("GET", "HEAD", "OPTIONS")


def held(method: str) -> AbstractContextManager[None]:
    """Return a context that holds signals back for a method that may change something."""
    in_main = threading.current_thread() is threading.main_thread()
    return nullcontext() if method in _SAFE or not in_main else _held()


@contextmanager
def _held() -> Iterator[None]:
    """Hold signals until the block ends, and then call the handlers that they have."""
    received: list[tuple[int, FrameType | None]] = []
    known = {number: signal.getsignal(number) for number in NAMES}
    handlers = {number: handler for number, handler in known.items() if callable(handler)}
    for number in handlers:
        signal.signal(number, lambda *arguments: received.append(arguments))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number, frame in received:
            handlers[number](number, frame)
