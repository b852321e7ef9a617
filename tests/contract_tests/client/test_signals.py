"""Signals end a run at its next wait, and never while a write is in flight."""

import os
import signal
import sys

import pytest

from contract_tests.client import signals


def test_a_signal_during_a_write_arrives_at_the_next_wait():
    with signals.handled() as received, signals.deferring_signals():
        with signals.interruptible("PUT"):
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGHUP)
        with pytest.raises(KeyboardInterrupt), signals.interruptible("PUT"):
            pass
        assert signals.acknowledge()

    assert received.exit_status == 128 + signal.SIGTERM


def test_a_signal_during_a_read_arrives_at_once():
    with signals.handled(), signals.deferring_signals():
        with pytest.raises(KeyboardInterrupt), signals.interruptible("GET"):
            os.kill(os.getpid(), signal.SIGTERM)
        assert signals.acknowledge()


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
