"""Signals that end a run: at once while it waits, otherwise before the next request.

An exception at any other moment could be lost, in a finalizer for example, or leave a lock held.
The response to a write is awaited, so that its outcome is known when it is undone.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import click

SIGNALS: tuple[int, ...] = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The signals that end a run."""
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass
class _State:
    """`pending`: a signal came that the run has not acknowledged."""

    pending: bool = False
    deferring_signals: bool = False
    interruptible: bool = False


_STATE = _State()  # of the process, as signals are


class Signals:
    """The first signal interrupts the run; later ones cannot stop the undoing of writes."""

    received: int | None = None

    def __call__(self, number: int, _: FrameType | None) -> None:
        if self.received is not None:
            click.echo("contract-tests: stopping; writes are undone first", err=True)
            return
        self.received = number
        _interrupt()

    @property
    def exit_status(self) -> int | None:
        """The status of a run that a signal ended; None if there was none."""
        return None if self.received is None else 128 + self.received


@contextmanager
def handled() -> Iterator[Signals]:
    """Handle signals within this block, which is in the main thread."""
    signals, hook = Signals(), sys.unraisablehook
    before = {number: signal.signal(number, signals) for number in SIGNALS}
    sys.unraisablehook = lambda lost: None if _is_pending(lost) else hook(lost)
    try:
        yield signals
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_pending(lost: "sys.UnraisableHookArgs") -> bool:
    """True for an interrupt that a finalizer swallowed: the next `interruptible` raises it."""
    return _STATE.pending and lost.exc_type is KeyboardInterrupt


def _interrupt() -> None:
    """Raise KeyboardInterrupt now, or let the next `interruptible` raise it."""
    _STATE.pending = True
    if _STATE.interruptible or not _STATE.deferring_signals:
        raise KeyboardInterrupt


def acknowledge() -> bool:
    """Return whether a signal came since the last call."""
    pending, _STATE.pending = _STATE.pending, False
    return pending


@contextmanager
def deferring_signals() -> Iterator[None]:
    """Let signals interrupt only what waits within this block."""
    _STATE.deferring_signals = True
    try:
        yield
    finally:
        _STATE.deferring_signals = False


@contextmanager
def interruptible(method: str = "GET") -> Iterator[None]:
    """Mark a block that a signal may interrupt, unless it sends what may change something.

    Raises KeyboardInterrupt if a signal came before.
    """
    _STATE.interruptible = method in _SAFE
    try:
        if _STATE.pending:
            raise KeyboardInterrupt
        yield
    finally:
        _STATE.interruptible = False
