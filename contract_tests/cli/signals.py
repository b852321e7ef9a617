"""SIGINT, SIGTERM and SIGHUP end a run alike: sending stops, and writes are undone."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from contract_tests.client.interruption import NAMES, interrupt


class Signals:
    """The first signal interrupts the run; later ones cannot stop the undoing of writes."""

    received: int | None = None

    def __call__(self, number: int, _: FrameType | None) -> None:
        if self.received is not None:
            click.echo("contract-tests: stopping; writes are undone first", err=True)
            return
        self.received = number
        interrupt()

    @property
    def exit_status(self) -> int | None:
        """The status of a run that a signal ended; None if there was none."""
        return None if self.received is None else 128 + self.received


@contextmanager
def handled() -> Iterator[Signals]:
    """Handle signals within this block, which is in the main thread."""
    signals = Signals()
    before = {number: signal.signal(number, signals) for number in NAMES}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
