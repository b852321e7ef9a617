"""Lists that follow writes after a while accuse no deployment; lists that never follow do."""

import pytest

from contract_tests.client.budget import Budget, Pace
from contract_tests.client.target import ClientOptions, Target
from contract_tests.probes.generated.generate import generate
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.lagging import PastTickets
from tests.support.trial import TOKENS, contract, run_options, said, unreadable


class Lagging(PastTickets):
    """Lists show the tickets as they were `lag` seconds ago; details show them as they are."""

    def selected(self, filters):
        tickets = self.past_tickets()
        return [t for t in tickets if all(self.matches(t, k, v) for k, v in filters.items())]


class FilterLagging(Lagging):
    """Which tickets a filter finds follows the writes later; rows show tickets as they are."""

    def selected(self, filters):
        found = {ticket["id"] for ticket in super().selected(filters)}
        return [ticket for ticket in self.tickets if ticket["id"] in found]


class Replica(Lagging):
    """Details show the tickets as they were `lag` seconds ago, too."""

    lag = 0.2

    def detail(self, name):
        past = next((t for t in self.past_tickets() if str(t["id"]) == name), None)
        return super().detail(name) if past is None else self.shown(past)

    def shown(self, ticket):
        thread = {name: ticket[name] for name in ("messages", "activities")}
        return {"ticket": {**self.item(ticket), **thread}}


class NeverFollowing(Lagging):
    lag = 3600.0


def run(fake, profile, folder, settle=5.0, **more):
    """Run against a fake deployment, and also return whether each ticket was left as it was."""
    before = [(t["id"], t["status"], t["assignee"]) for t in fake.tickets]
    with Serving(fake) as url:
        target = Target(url, TOKENS, ClientOptions(Budget(), Pace(), settle=settle))
        session = WriteSession(UndoJournal.of("fake", folder))
        act = generate if profile == "deep" else None
        outcome = Run(target, contract(), run_options(profile, **more), session).carry_out(act)
    assert before == [(t["id"], t["status"], t["assignee"]) for t in fake.tickets]
    return outcome


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Lagging, FilterLagging, Replica])
@pytest.mark.parametrize("profile", ["quick", "standard"])
def test_reads_that_lag_are_an_observation(kind, profile, tmp_path):
    outcome = run(kind(FakeOptions(tickets=130)), profile, tmp_path)

    assert said(outcome) == []
    assert unreadable(outcome) == []
    lags = [note for note in outcome.notes if note.startswith("reads lag ")]
    assert len(lags) == 1
    assert kind.lag - 0.1 <= float(lags[0].split()[2]) <= 3


@pytest.mark.slow
def test_lists_that_never_follow_are_violated(tmp_path):
    outcome = run(NeverFollowing(FakeOptions(tickets=40)), "standard", tmp_path, settle=0.3)

    assert "status.listed" in {requirement for requirement, _ in said(outcome)}
    assert "reads did not show a write within 0.3 s (--settle)" in outcome.notes


def test_quick_requests_one_list_again_beyond_its_requests(tmp_path):
    outcome = run(NeverFollowing(FakeOptions(tickets=40)), "quick", tmp_path, settle=5.0)

    assert "status.listed" in {requirement for requirement, _ in said(outcome)}
    assert len(outcome.history.exchanges) <= 56


@pytest.mark.slow
def test_a_list_that_is_behind_when_the_requests_are_spent_accuses_nobody(tmp_path):
    outcome = run(Lagging(FakeOptions(tickets=40)), "standard", tmp_path, max_requests=60)

    assert said(outcome) == []
    assert outcome.history.exchanges[-1].number <= 60 + 8  # and what undoes the writes


def test_lists_that_do_not_lag_are_requested_once(tmp_path):
    outcome = run(FakeDeployment(FakeOptions(tickets=40)), "standard", tmp_path)

    assert not any(exchange.stale for exchange in outcome.history.exchanges)
    assert not any("lag" in note for note in outcome.notes)
