"""Undo trusts no stale read: what was written is written back, and seen before it is forgotten."""

import os
import subprocess
import sys
import time

import pytest

from contract_tests.client.budget import Budget, Pace
from contract_tests.client.session import Session
from contract_tests.client.target import ClientOptions, Target
from contract_tests.observations.history import History
from contract_tests.writes.ticket_writer import TicketWriter, WriteSession
from contract_tests.writes.undo import ticket_of, undo
from contract_tests.writes.undo_journal import UndoJournal
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Refusal, Serving
from tests.support.lagging import PastTickets
from tests.support.trial import TOKENS, contract


class LaggingDetails(PastTickets):
    """Details show a ticket as it was `lag` seconds ago."""

    lag = 0.4

    def detail(self, name):
        current, self.tickets = self.tickets, self.past_tickets()
        try:
            return super().detail(name)
        finally:
            self.tickets = current


class NoWayBack(FakeDeployment):
    """Takes a status away from `open` and never back."""

    def store(self, ticket, what, value, user=0):
        if what == "status" and value == "open":
            raise Refusal(422, {"message": "Closed for good.", "errors": {"status": ["No."]}})
        super().store(ticket, what, value, user)


def write_and_undo(fake, folder, *, settle, before_undo=lambda: None):
    """Close the first open ticket and undo that; return ticket, results and journal."""
    ticket = next(t for t in fake.tickets if t["status"] == "open")
    journal = UndoJournal.of("fake", folder)
    with Serving(fake) as url:
        target = Target(url, TOKENS, ClientOptions(Budget(), Pace(), settle=settle))
        session = Session(target, History(contract()), "standard")
        target.transport.guard.tickets = frozenset({ticket["id"]})
        row = ticket_of(session.detail(ticket["id"]))
        writer = TicketWriter(session, WriteSession(journal), ticket["id"], row)
        writer.write("status", "closed")
        before_undo()
        results = undo(session, journal)
    return ticket, results, journal


def test_a_stale_read_that_shows_the_original_does_not_end_the_undo(tmp_path):
    ticket, results, journal = write_and_undo(
        LaggingDetails(FakeOptions(tickets=5)), tmp_path, settle=5
    )

    assert ticket["status"] == "open"
    assert [result.outcome for result in results] == ["restored"]
    assert not journal.path.exists()


def test_reads_that_are_fresh_are_not_waited_for(tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=5))
    begun = time.monotonic()

    ticket, results, _ = write_and_undo(fake, tmp_path, settle=60)

    assert ticket["status"] == "open"
    assert [result.outcome for result in results] == ["restored"]
    assert time.monotonic() - begun < 20


def test_what_cannot_be_restored_stays_in_the_journal_with_its_original(tmp_path):
    ticket, results, journal = write_and_undo(
        NoWayBack(FakeOptions(tickets=5)), tmp_path, settle=0.2
    )

    assert [(r.ticket, r.field, r.outcome, r.original) for r in results] == [
        (ticket["id"], "status", "failed", "open")
    ]
    assert [entry.before for entry in UndoJournal.of("fake", tmp_path).entries] == ["open"]
    assert journal.path.exists()


def test_a_ticket_that_vanished_is_named(tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=5))

    def vanish():
        fake.tickets = [t for t in fake.tickets if t["status"] != "closed"]

    ticket, results, _ = write_and_undo(fake, tmp_path, settle=0.2, before_undo=vanish)

    assert [(r.ticket, r.outcome) for r in results] == [(ticket["id"], "failed")]


@pytest.mark.parametrize("arguments", [[], ["--strict"]])
def test_an_undo_that_failed_ends_with_2_and_names_the_original(arguments, tmp_path):
    fake = NoWayBack(FakeOptions(tickets=5))
    ticket = next(t for t in fake.tickets if t["status"] == "open")
    with Serving(fake) as url:
        done = subprocess.run(
            [sys.executable, "-m", "contract_tests", "--base-url", url, "--profile", "quick",
             "--write-tickets", str(ticket["id"]), "--settle", "0.2", *arguments],
            env={**os.environ, "CONTRACT_TOKEN": "jane", "XDG_STATE_HOME": str(tmp_path)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"exit status 2: ticket {ticket['id']}: its status could not be restored to open; "
        "do it by hand"
    )
