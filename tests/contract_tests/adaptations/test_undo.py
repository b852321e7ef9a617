"""Under each adaptation an interrupted run puts every ticket back, at once or with --undo."""

import os
import signal
import subprocess
import sys
from threading import Event

import pytest

from mockserver.app import create_app
from mockserver.config import Config
from tests.support.drift import DRIFTS, NEIGHBORS, drifting

WRITING = {"all": DRIFTS["all"], "patch": NEIGHBORS["patch"]}


def start(url, drift, folder, *options):
    command = [sys.executable, "-m", "contract_tests", "--base-url", url, "--profile", "quick"]
    command += ["--header", f"{drift.header}: acme-7"] if drift.header else []
    environment = {**os.environ, "XDG_STATE_HOME": str(folder), "CONTRACT_TOKEN": "jane"}
    return subprocess.Popen(
        [*command, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip


class Pausing:
    """Keeps writes waiting once a ticket is changed, until told to go on.

    What a killed process still waits for is not carried out: it would come at any time.
    """

    def __init__(self, app):
        self.app, self.killed = app, False
        self.held, self.released = Event(), Event()

    def is_changed(self):
        return False

    def __call__(self, environ, start_response):
        is_write = environ["REQUEST_METHOD"] == "PUT"
        if is_write and not self.released.is_set() and self.is_changed():
            self.held.set()
            self.released.wait(60)
            if self.killed:
                start_response("503 Service Unavailable", [])
                return []
        return self.app(environ, start_response)

    def interrupt(self, process, number):
        """Send a signal once a write is held, then let it go on."""
        assert self.held.wait(120), process.poll()
        process.send_signal(number)
        if number == signal.SIGKILL:
            process.wait()
            self.killed = True
        self.released.set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "number"),
    [("all", signal.SIGINT), ("all", signal.SIGKILL), ("patch", signal.SIGKILL)],
)
def test_an_interrupted_run_leaves_the_tickets_as_they_were(name, number, tmp_path):
    drift = WRITING[name]
    app = create_app(Config(choices=drift.choices))
    app.wsgi_app = pausing = Pausing(app.wsgi_app)
    with drifting(drift, app) as served:
        before = served.tickets()
        pausing.is_changed = lambda: served.tickets() != before
        process = start(served.url, drift, tmp_path, "--write-tickets", "any")
        pausing.interrupt(process, number)
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
