"""A run keeps to its rate, its time and its requests; the clock is a simulated one."""

from dataclasses import dataclass, field

import pytest

from contract_tests.client.budget import Budget, Pace
from contract_tests.client.safety import TicketScope
from contract_tests.client.target import ClientOptions, Target
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Refusal, Serving
from tests.support.trial import TOKENS, contract, run, run_options, said


@dataclass
class Clock:
    """Stands still but for what is slept, and for `response_time` seconds at each response."""

    response_time: float = 0.3
    now: float = 1000.0
    sent: list[float] = field(default_factory=list)

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def heard(self, _exchange):
        self.sent.append(self.now)
        self.now += self.response_time


def limited(fake, folder=None, pace=None, clock=None, profile="standard", **limits):
    """Run with limits; return the outcome, the target and the clock."""
    clock = clock or Clock()
    budget = Budget(clock=clock.time, **limits)
    wanted = run_options(profile, max_requests=limits.get("maximum"))
    with Serving(fake) as url:
        options = ClientOptions(budget, pace or Pace(), sleep=clock.sleep, settle=1)
        target = Target(url, TOKENS, options)
        target.transport.listeners.append(clock.heard)
        writes = folder and WriteSession(UndoJournal.of("fake", folder))
        outcome = Run(target, contract(), wanted, writes).carry_out()
    return outcome, target, clock


@pytest.mark.parametrize("response_time", [0.05, 0.3, 2.5])
def test_no_two_requests_are_nearer_than_the_rate_allows(response_time, tmp_path):
    clock = Clock(response_time)
    limited(FakeDeployment(FakeOptions(tickets=8)), tmp_path, Pace(60, 60.0), clock, "quick")

    gaps = [after - before for before, after in zip(clock.sent, clock.sent[1:], strict=False)]
    assert len(gaps) > 30
    assert min(gaps) >= 0.999


@pytest.mark.parametrize("pace", [Pace(), Pace(60, 60.0), Pace(2, 60.0)])
def test_nothing_but_the_undo_is_sent_after_the_time(pace, tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=8))
    outcome, target, clock = limited(fake, tmp_path, pace, seconds=8, profile="quick")

    late = [e for e, at in zip(target.journal, clock.sent, strict=True) if at > 1008]
    assert {exchange.phase for exchange in late} <= {"undo"}
    assert "8 seconds" in outcome.stopped


@pytest.mark.parametrize("maximum", [1, 5, 20, 47, 90, 171])
@pytest.mark.parametrize("profile", ["quick", "standard"])
def test_no_more_requests_are_sent_than_allowed(maximum, profile, tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=30))
    outcome, target, _ = limited(fake, tmp_path, maximum=maximum, profile=profile)

    sent = [exchange for exchange in target.journal if exchange.phase != "undo"]
    assert len(sent) <= maximum
    assert said(outcome) == []
    assert {restored.outcome for restored in outcome.restored} <= {"restored"}


@pytest.mark.parametrize("maximum", [2, 3, 8, 13])
@pytest.mark.parametrize("profile", ["quick", "standard", "deep"])
@pytest.mark.parametrize("skipped", [frozenset(), frozenset(range(1, 20))])
def test_few_requests_are_enough_for_a_verdict(maximum, profile, skipped):
    wanted = run_options(profile, max_requests=maximum, scope=TicketScope(skipped))
    outcome = run(FakeDeployment(FakeOptions(tickets=30)), wanted)

    observed = {f.requirement for f in outcome.findings if f.outcome == "holds"}
    assert {"access.accepted", "list.answer", "detail.answer"} <= observed
    assert len(outcome.exchanges) <= maximum


class Expiring(FakeDeployment):
    """Accepts the main token a number of times."""

    accepts = 20

    def authenticate(self):
        if self.token() == "jane":
            self.accepts -= 1
            if self.accepts < 0:
                raise Refusal(401, {"message": "Unauthenticated."})
        super().authenticate()


@pytest.mark.parametrize("accepts", [1, 20, 90])
def test_a_token_that_is_refused_is_used_once_more_and_accuses_nobody(accepts):
    fake = Expiring(FakeOptions(tickets=30))
    fake.accepts = accepts
    outcome, target, _ = limited(fake)

    refused = [e for e in target.journal if e.request.who == "main" and e.status == 401]
    assert len(refused) == 2
    assert outcome.stopped == "the token is not accepted any more (401)"
    assert outcome.cut_off
    assert said(outcome) == []


class DetailsRefused(FakeDeployment):
    """Refuses the token for the details of tickets alone."""

    def detail(self, ticket):
        raise Refusal(401, {"message": "Unauthenticated."})


def test_an_operation_that_refuses_the_token_is_a_violation_and_does_not_end_the_run():
    outcome, target, _ = limited(DetailsRefused(FakeOptions(tickets=30)))

    checks = [e for e in target.journal if e.request.purpose.startswith("whether the token")]
    assert 1 <= len(checks) <= 4
    assert outcome.stopped == ""
    assert "access.accepted" in {requirement for requirement, _ in said(outcome)}


def reasons(outcome):
    """Return why a statement on writes was not observed, nothing if it was."""
    found = [finding for finding in outcome.findings if finding.requirement == "status.stored"]
    if any(finding.outcome != "not observed" for finding in found):
        return set()
    return {finding.message for finding in found}


def test_why_nothing_was_written_is_said(tmp_path):
    fake, none = FakeDeployment(FakeOptions(tickets=8)), FakeDeployment(FakeOptions(tickets=0))

    assert reasons(limited(fake)[0]) == {"nothing was written (--write-tickets)"}
    assert reasons(limited(fake, tmp_path, maximum=2)[0]) == {
        "nothing was written: the limit of 2 requests left no room for the rest"
    }
    assert reasons(limited(none, tmp_path)[0]) == {
        "nothing was written: no ticket that may be written could be read"
    }
    assert reasons(limited(fake, tmp_path, profile="quick")[0]) == set()
