"""Under each adaptation an interrupted run puts every ticket back, at once or with --undo."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.support.drift import DRIFTS, NEIGHBORS, drifting

WRITING = {
    name: drift for name, drift in {**DRIFTS, **NEIGHBORS}.items() if name in ("all", "patch")
}


def start(url, drift, folder, *options):
    command = [sys.executable, "-m", "contract_tests", "--base-url", url, "--profile", "quick"]
    command += ["--header", f"{drift.header}: acme-7"] if drift.header else []
    environment = {**os.environ, "XDG_STATE_HOME": str(folder), "CONTRACT_TOKEN": "jane"}
    return subprocess.Popen(
        [*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip


def wait_until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_the_tickets_as_they_were(name, number, tmp_path):
    drift = WRITING[name]
    with drifting(drift) as served:
        before = served.tickets()
        process = start(served.url, drift, tmp_path, "--write-tickets", "any")
        wait_until(lambda: served.tickets() != before)
        process.send_signal(number)
        said = process.communicate(timeout=60)[0]
        changed = served.tickets()
        if number == signal.SIGKILL:
            said += start(served.url, drift, tmp_path, "--undo", "--only", "list.data").communicate(
                timeout=60
            )[0]
        after = served.tickets()

    assert (changed != before) == (number == signal.SIGKILL)
    assert after == before, said
    assert not list(tmp_path.rglob("undo-*"))
    assert "Traceback" not in said
