"""Signals are held while a write is in flight."""

import os
import signal
import sys

import pytest

from contract_tests.client import signals
from contract_tests.client.signals import signals_held_for


@pytest.fixture
def received():
    numbers = []
    before = {n: signal.signal(n, lambda number, _: numbers.append(number)) for n in
              (signal.SIGTERM, signal.SIGHUP)}  # fmt: skip
    yield numbers
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_during_a_write_arrives_after_it(received):
    with signals_held_for("PUT"):
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        assert received == []

    assert sorted(received) == sorted([signal.SIGTERM, signal.SIGHUP])


def test_a_signal_during_a_read_arrives_at_once(received):
    with signals_held_for("GET"):
        os.kill(os.getpid(), signal.SIGTERM)
        assert received == [signal.SIGTERM]


def test_the_handlers_are_back_after_an_error(received):
    with pytest.raises(ConnectionError), signals_held_for("PUT"):
        raise ConnectionError
    os.kill(os.getpid(), signal.SIGTERM)

    assert received == [signal.SIGTERM]


class _Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGHUP)


def test_an_interrupt_that_a_finalizer_swallows_arrives_at_the_next_wait():
    ignored = []
    hook, sys.unraisablehook = sys.unraisablehook, ignored.append
    try:
        with signals.handled(), signals.deferring_signals():
            with signals.interruptible():
                _Finalized()
            with pytest.raises(KeyboardInterrupt), signals.interruptible():
                pass
            assert signals.acknowledge()
    finally:
        sys.unraisablehook = hook

    assert ignored == []
