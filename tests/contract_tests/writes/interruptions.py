"""Signals in each phase of a run that writes; `python -m tests.contract_tests.writes.interruptions`
sends 30 of each in each phase and prints the figures.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
PHASES = ("reading", "write in flight", "between writes", "undoing")
_LATENCY = 0.03
_PATIENCE = 30
_MOST = "30"
"""Requests of a run: its last writes, which put the tickets back, are then left to the undo."""


class Interrupting(FakeDeployment):
    """Sends a signal to the run a moment after a certain request came in."""

    at = 0
    delay = 0.0
    process: subprocess.Popen | None = None
    number = 0
    sent: threading.Timer | None = None
    arrived = 0

    def hinder(self):
        with self.lock:
            self.arrived += 1
            if self.arrived == self.at:
                self.sent = threading.Timer(self.delay, self.interrupt)
                self.sent.start()
        time.sleep(_LATENCY / 2)

    def interrupt(self):
        if self.process.poll() is None:
            self.process.send_signal(self.number)

    def update(self, name, what):
        found = super().update(name, what)
        time.sleep(_LATENCY / 2)
        return found


@dataclass(frozen=True)
class Result:
    """What came of one interruption; `wrong` says what should not be so."""

    status: int
    wrong: tuple[str, ...]
    output: str


def requests_by_phase(folder: Path) -> dict[str, list[int]]:
    """Return the numbers of the requests in each phase of a run that is not interrupted."""
    with Serving(_fake()) as url:
        record = folder / "record.json"
        _start(url, folder, "--write-tickets", "3,5", "--json", str(record)).communicate()
    found: dict[str, list[int]] = {phase: [] for phase in PHASES}
    for number, exchange in enumerate(json.loads(record.read_text())["exchanges"], 1):
        phase = exchange["phase"]
        if phase == "undo":
            found["undoing"].append(number)
        elif phase in ("reading", "closing"):
            found["reading"].append(number)
        elif exchange["method"] == "PUT":
            found["write in flight"].append(number)
        else:
            found["between writes"].append(number)
    return found


def interrupt(name: str, at: int, delay: float) -> Result:
    """Send a signal once a request came in, and see what it leaves behind."""
    fake = _fake()
    fake.at, fake.delay = at, delay
    fake.number = signal.Signals[name]
    before = _state(fake)
    with tempfile.TemporaryDirectory() as made, Serving(fake) as url:
        folder = Path(made)
        report = folder / "record.json"
        fake.process = _start(url, folder, "--write-tickets", "3,5", "--json", str(report))
        output = _outcome(fake.process)
        status = fake.process.returncode
        wrong = [] if name == "SIGKILL" else list(_faults(status, fake.number, output, report))
        if name == "SIGKILL":
            time.sleep(_LATENCY * 2)  # until a write in flight is carried out
            output += _start(url, folder, "--undo", "--only", "list.data").communicate()[0]
        journals = list((folder / "state").rglob("undo-*"))
    if _state(fake) != before:
        wrong.append("tickets changed")
    if journals:
        wrong.append("the undo journal has entries left")
    return Result(status, tuple(wrong), output)


def _outcome(process: subprocess.Popen) -> str:
    """Return what a run printed; one that does not end is made to show where it is."""
    try:
        return process.communicate(timeout=_PATIENCE)[0]
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        return process.communicate()[0]


def _faults(status, number, output, report):
    if status not in (0, 128 + number):
        yield f"exit status {status}"
    if "VIOLATED" in output:
        yield "accused"
    if "Traceback" in output:
        yield "traceback"
    if status and "CONFORMING" in output:
        yield "conforming although interrupted"
    answered = "before any answer was judged" not in output
    if status and answered and (not report.exists() or "interrupted" not in output):
        yield "no report that says interrupted"


def _fake() -> Interrupting:
    return Interrupting(FakeOptions(tickets=20))


def _state(fake):
    return {t["id"]: (t["status"], (t["assignee"] or {}).get("id")) for t in fake.tickets}


def _start(url: str, folder: Path, *arguments: str) -> subprocess.Popen:
    home = str(folder / "state")
    return subprocess.Popen(
        [sys.executable, "-m", "contract_tests", "--base-url", url, "--profile", "quick",
         "--max-requests", _MOST, "--settle", "1", *arguments],
        env={**os.environ, "CONTRACT_TOKEN": "jane", "XDG_STATE_HOME": home,
             "PYTHONFAULTHANDLER": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=_hear_interrupts,  # noqa: PLW1509 - it only sets signals to their defaults
    )  # fmt: skip


def _hear_interrupts() -> None:
    """Undo what a shell does to its background jobs, this process perhaps among them."""
    for name in ("SIGINT", "SIGHUP"):
        signal.signal(signal.Signals[name], signal.SIG_DFL)


def main(times: int) -> int:
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        numbers = requests_by_phase(Path(folder))
    failed = 0
    print(f"{'phase':16} {'signal':8} {'sent':>4} {'as before':>9}  exit statuses")
    for phase in PHASES:
        for name in SIGNALS:
            results = [
                interrupt(name, rng.choice(numbers[phase]), rng.uniform(0, _LATENCY * 1.5))
                for _ in range(times)
            ]
            good = sum(not result.wrong for result in results)
            failed += times - good
            statuses = dict(Counter(result.status for result in results))
            print(f"{phase:16} {name:8} {times:4} {good:9}  {statuses}", flush=True)
            for result in results:
                if result.wrong:
                    print(f"  {', '.join(result.wrong)}: {result.output[-300:]!r}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
