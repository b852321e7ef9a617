"""A large world is seeded in a process of its own, which nobody notices."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from tests.support.harness import CLOCK

SEEDING = """
import os, resource, sys
from mockserver import __main__ as cli
from mockserver.store import load as founding
from mockserver.contract.errors import StoreUnavailable

class Line(founding.ProgressLine):
    def __call__(self, done):
        if done > 300:
            {event}

founding._LARGE = 300
founding.ProgressLine = Line
found = founding.found

def told(store, *rest):
    result = found(store, *rest)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    print(f"seeded apart: {{children > 0}}, {{store.seed()}}", flush=True)
    return result

import mockserver.app
mockserver.app.found = told
cli.main(["serve", "--port", "0", "--tickets", "400", "--clock", sys.argv[1]])
"""


def start(event: str) -> "subprocess.Popen[str]":
    """Serve four hundred tickets, where three hundred are many."""
    command = [sys.executable, "-c", SEEDING.format(event=event), CLOCK]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def test_what_was_seeded_apart_is_served() -> None:
    process = start("pass")
    assert process.stdout is not None
    assert process.stdout.readline() == "seeded apart: True, world demo, seed 1, 400 tickets\n"
    assert "http://127.0.0.1:" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("raise StoreUnavailable('the disk is full')", "the disk is full"),
        ("os.kill(os.getpid(), 9)", "the process that seeds was killed"),
    ],
)
def test_a_seeding_apart_that_fails_says_why(event: str, said: str) -> None:
    process = start(event)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.count("\n")) == (2, 1), errors
    assert said in errors


@pytest.mark.parametrize("interrupted", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_seeding_apart_ends_with_the_mock(tmp_path: Path, interrupted: signal.Signals) -> None:
    mark = tmp_path / "pid"
    event = f"open({str(mark)!r}, 'w').write(str(os.getpid())); __import__('time').sleep(60)"
    process = start(event)
    while not (mark.exists() and mark.read_text()):
        assert process.poll() is None, process.communicate()
        sleep(0.02)
    process.send_signal(interrupted)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in errors
    for _ in range(500):
        try:
            os.kill(int(mark.read_text()), 0)
        except ProcessLookupError:
            return
        sleep(0.02)
    pytest.fail("it seeds on")
