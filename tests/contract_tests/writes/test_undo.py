"""Writes are undone: at the end, on Ctrl-C, and after a crash by the next run."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from contract_tests.writes.undo import Entry, UndoJournal
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import order, run


class Pausing(FakeDeployment):
    """Answers the first write, and keeps later requests waiting until told to go on."""

    held = False

    def hinder(self):
        deadline = time.monotonic() + 60
        while self.held and time.monotonic() < deadline:
            time.sleep(0.01)

    def store(self, ticket, what, value, user=0):
        super().store(ticket, what, value, user)
        self.held = None if self.held is None else True


def state(fake):
    return {t["id"]: (t["status"], (t["assignee"] or {}).get("id")) for t in fake.tickets}


@pytest.fixture
def start(tmp_path):
    def begin(url, *arguments):
        environment = {
            **os.environ, "CONTRACT_TOKEN": "jane", "XDG_STATE_HOME": str(tmp_path / "state"),
        }  # fmt: skip
        command = [sys.executable, "-m", "contract_tests", "--base-url", url, "--profile", "quick"]
        return subprocess.Popen(
            [*command, *arguments],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL,
            preexec_fn=hear_interrupts,  # noqa: PLW1509 - it only sets one signal to its default
        )  # fmt: skip

    return begin


def hear_interrupts():
    """Undo what a shell does to its background jobs, this test run perhaps among them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupt(fake, process, number):
    """Send a signal once the first write is stored, then let the requests go on."""
    deadline = time.monotonic() + 120
    while not fake.held and time.monotonic() < deadline:
        time.sleep(0.01)
    assert fake.held, process.communicate()[0]
    process.send_signal(number)
    if number == signal.SIGKILL:
        process.wait()
    fake.held = None
    return process.communicate()[0]


@pytest.mark.slow
def test_a_run_leaves_every_ticket_as_it_was(tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=40))
    before = state(fake)

    run(fake, order("standard"), tmp_path)

    assert state(fake) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_killed_run_is_undone_by_the_next(start):
    fake = Pausing(FakeOptions(tickets=10))
    before = state(fake)
    with Serving(fake) as url:
        interrupt(fake, start(url, "--write-tickets", "3"), signal.SIGKILL)
        changed = state(fake)
        said = start(url, "--write-tickets", "3").communicate()[0]

    assert changed != before
    assert "Undid what an interrupted run left on tickets 3" in said
    assert state(fake) == before


@pytest.mark.slow
def test_a_reading_run_tells_of_the_undo_and_leaves_it(start):
    fake = Pausing(FakeOptions(tickets=10))
    with Serving(fake) as url:
        interrupt(fake, start(url, "--write-tickets", "3"), signal.SIGKILL)
        changed = state(fake)
        said = start(url).communicate()[0]
        after_reading = state(fake)
        start(url, "--undo").communicate()

    assert "--undo puts them back" in said
    assert after_reading == changed
    assert state(fake) != changed


@pytest.mark.slow
def test_ctrl_c_undoes_and_reports(start):
    fake = Pausing(FakeOptions(tickets=10))
    before = state(fake)
    with Serving(fake) as url:
        said = interrupt(fake, start(url, "--write-tickets", "3"), signal.SIGINT)

    assert "Ended early: interrupted" in said
    assert "confirmed" in said
    assert state(fake) == before


def test_what_somebody_changed_since_is_left_alone(tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=10))
    journal = UndoJournal.of("fake", tmp_path)
    ticket = fake.tickets[2]
    journal.note(Entry(ticket["id"], "status", "open", "closed"))
    ticket["status"] = "spam"

    outcome = run(fake, order("quick", only=("list.data",)), tmp_path)

    outcomes = {(r.ticket, r.field): r.outcome for r in outcome.restored}
    assert outcomes[ticket["id"], "status"] == "left alone"
    assert ticket["status"] == "spam"


def test_the_journal_survives_a_line_cut_off_by_a_crash(tmp_path):
    journal = UndoJournal(tmp_path / "undo.jsonl")
    journal.note(Entry(7, "assignee", None, 5))
    with journal.path.open("a") as file:
        file.write(json.dumps({"ticket": 7})[:5])

    again = UndoJournal.of("http://nowhere", tmp_path)
    assert again.entries == []
    journal.path.rename(again.path)
    assert UndoJournal.of("http://nowhere", tmp_path).entries == [Entry(7, "assignee", None, 5)]


def test_the_first_value_counts_as_the_original(tmp_path):
    journal = UndoJournal(tmp_path / "undo.jsonl")
    journal.note(Entry(7, "status", "open", "closed"))
    journal.note(Entry(7, "status", "closed", "spam"))

    assert journal.originals() == {(7, "status"): "open"}
