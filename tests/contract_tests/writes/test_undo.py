"""Writes are undone: at the end, on Ctrl-C, and after a crash by the next run."""

import os
import signal
import subprocess
import sys
import time

import pytest
from flask import abort

from contract_tests.client.errors import CannotRun
from contract_tests.writes.undo_journal import Entry, UndoJournal
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import run, run_options


class Pausing(FakeDeployment):
    """Answers the first change, and keeps later requests waiting until told to go on.

    What a killed process still waits for is not carried out: it would come at any time.
    """

    held = killed = False

    def hinder(self):
        deadline, waited = time.monotonic() + 60, bool(self.held)
        while self.held and time.monotonic() < deadline:
            time.sleep(0.01)
        if waited and self.killed:
            abort(503)

    def store(self, ticket, what, value, user=0):
        before = state(self)
        super().store(ticket, what, value, user)
        if state(self) != before:
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
        fake.killed = True
    fake.held = None
    return process.communicate()[0]


@pytest.mark.slow
def test_a_run_leaves_every_ticket_as_it_was(tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=40))
    before = state(fake)

    run(fake, run_options("standard"), tmp_path)

    assert state(fake) == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_tickets_that_were_read_last_and_are_as_before_need_no_undo(tmp_path):
    outcome = run(FakeDeployment(FakeOptions(tickets=20)), run_options("quick"), tmp_path)

    assert [e.request.method for e in outcome.exchanges if e.phase == "undo"] == []
    assert {r.outcome for r in outcome.restored} == {"restored"}


@pytest.mark.slow
def test_a_killed_run_is_undone_by_the_next(start):
    fake = Pausing(FakeOptions(tickets=10))
    before = state(fake)
    with Serving(fake) as url:
        interrupt(fake, start(url, "--write-tickets", "3"), signal.SIGKILL)
        changed = state(fake)
        said = start(url, "--write-tickets", "3").communicate()[0]

    assert changed != before
    assert "Undid what an earlier run left on tickets 3" in said
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
def test_a_fresh_machine_undoes_with_the_undo_file(start, tmp_path):
    fake, undo_file = Pausing(FakeOptions(tickets=10)), str(tmp_path / "undo.jsonl")
    before = state(fake)
    with Serving(fake) as url:
        first = start(url, "--write-tickets", "3", "--undo-file", undo_file)
        interrupt(fake, first, signal.SIGKILL)
        changed = state(fake)
        said = start(url, "--undo", "--undo-file", undo_file).communicate()[0]

    assert changed != before
    assert "Undid what an earlier run left on tickets 3" in said
    assert state(fake) == before
    assert not (tmp_path / "state" / "contract-tests" / "undo.jsonl").exists()


@pytest.mark.slow
def test_a_run_with_another_token_says_what_is_left_to_undo(start):
    fake = Pausing(FakeOptions(tickets=10))
    fake.tokens["other-token"] = 5
    with Serving(fake) as url:
        interrupt(fake, start(url, "--write-tickets", "3"), signal.SIGKILL)
        said = start(url, "--token", "other-token").communicate()[0]

    assert "An earlier run with another token left writes: " in said


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

    outcome = run(fake, run_options("quick", only=("list.data",)), tmp_path)

    outcomes = {(r.ticket, r.field): r.outcome for r in outcome.restored}
    assert outcomes[ticket["id"], "status"] == "left alone"
    assert ticket["status"] == "spam"


def test_a_journal_is_whole_whenever_the_run_ends(tmp_path):
    journal = UndoJournal.of("http://nowhere", tmp_path)
    for ticket in (7, 8):
        journal.note(Entry(ticket, "assignee", None, 5))
        assert UndoJournal.of("http://nowhere", tmp_path).entries == journal.entries
    journal.keep({(8, "assignee")})
    assert UndoJournal.of("http://nowhere", tmp_path).entries == [Entry(8, "assignee", None, 5)]
    assert [path.name for path in tmp_path.iterdir()] == [journal.path.name]


def test_a_journal_belongs_to_a_deployment_and_a_token(tmp_path):
    journal = UndoJournal.at(tmp_path / "undo", "http://nowhere", "1|secret")
    journal.note(Entry(7, "assignee", None, 5))

    assert UndoJournal.at(journal.path, "http://nowhere", "1|secret").entries == journal.entries
    for deployment, token in (("http://elsewhere", "1|secret"), ("http://nowhere", "2|secret")):
        with pytest.raises(CannotRun, match="is of http://nowhere, or of another token"):
            UndoJournal.at(journal.path, deployment, token)
    assert "secret" not in journal.path.read_text()


@pytest.mark.parametrize("text", ["hello\n", "[1]\n[2]\n", '{"a": 1}\n', "\xff"])
def test_another_file_is_no_undo_file(text, tmp_path):
    path = tmp_path / "undo"
    path.write_bytes(text.encode("latin-1"))

    with pytest.raises(CannotRun, match="the undo file"):
        UndoJournal.at(path, "http://nowhere", "1|secret")
    assert path.read_bytes() == text.encode("latin-1")


def test_an_empty_file_is_an_empty_journal(tmp_path):
    (tmp_path / "undo").touch()
    assert UndoJournal.at(tmp_path / "undo", "http://nowhere", "").entries == []


def test_the_first_value_counts_as_the_original(tmp_path):
    journal = UndoJournal(tmp_path / "undo.jsonl")
    journal.note(Entry(7, "status", "open", "closed"))
    journal.note(Entry(7, "status", "closed", "spam"))

    assert journal.originals() == {(7, "status"): "open"}
