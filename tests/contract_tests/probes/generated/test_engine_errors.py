"""A deployment that answers the same requests now so, now so: said in a line, never a crash."""

import pytest
from hypothesis import configuration
from hypothesis.errors import FlakyReplay, FlakyStrategyDefinition, StopTest

from contract_tests.probes.generated import read_cases
from contract_tests.probes.generated.engine_errors import DIFFERENT
from contract_tests.probes.generated.generate import generate
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Refusal
from tests.support.trial import run, run_options, said, violations


class Forgetful(FakeDeployment):
    """Answers every third change of a ticket as if it had been made."""

    writes = 0

    def store(self, ticket, what, value, user=0):
        self.writes += 1
        if self.writes % 3:
            super().store(ticket, what, value, user)


class Moody(FakeDeployment):
    """Fails every fortieth time it is asked for anything."""

    asked = 0

    def respond(self, act):
        def sometimes():
            self.asked += 1
            if self.asked % 40 == 0:
                raise Refusal(500, {"message": "Server Error"})
            return act()

        return super().respond(sometimes)


class Login(FakeDeployment):
    """Sends whoever has no token to a page to log in."""

    def authenticate(self):
        if self.token() not in self.tokens:
            raise Refusal(302, {}, {"Location": "/login"})


class Leaving(FakeDeployment):
    """Breaks every connection after 200 requests."""

    def breaks(self):
        self.heard += 1
        return self.heard > 200


def deep(kind, folder=None, seed=0, generated=generate, requests=None):
    options = run_options("deep", seed, max_requests=requests)
    return run(kind(FakeOptions(tickets=8)), options, folder, generated)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_changes_by_lot_that_are_lost_now_and_then_end_in_a_verdict(seed, tmp_path):
    outcome = deep(Forgetful, tmp_path, seed, generated=None)

    found = {finding.requirement for finding in violations(outcome)}
    assert found & {"status.stored", "assignee.stored", "update.answer"}
    assert any("is not as it was written" in note for note in outcome.notes)


@pytest.mark.slow
def test_generated_requests_that_follow_from_unsteady_answers_say_so():
    outcome = deep(Moody)

    assert "answer.no_server_error" in {finding.requirement for finding in violations(outcome)}
    assert outcome.notes == [DIFFERENT]


@pytest.mark.slow
@pytest.mark.parametrize("error", [FlakyReplay, FlakyStrategyDefinition, StopTest])
def test_what_hypothesis_gives_up_on_leaves_what_was_seen(error, monkeypatch):
    def gives_up(schema):
        raise error("reason", ()) if error is FlakyReplay else error("reason")

    monkeypatch.setattr(read_cases, "from_schema", gives_up)
    outcome = deep(Moody)

    assert violations(outcome)
    assert outcome.notes == [DIFFERENT]


@pytest.mark.slow
def test_a_deployment_that_is_gone_is_named_as_the_reason():
    outcome = deep(Leaving)

    assert outcome.stopped.startswith("the deployment does not answer any more: ")
    assert said(outcome) == []


@pytest.mark.slow
def test_redirects_end_in_a_verdict(tmp_path):
    outcome = deep(Login, tmp_path, requests=900)

    redirected = [e for e in outcome.history.exchanges if e.status == 302]
    assert {e.request.method for e in redirected if e.phase == "generated"} == {"GET", "PUT"}
    assert "access.unauthenticated" in {finding.requirement for finding in violations(outcome)}
    assert outcome.restored


@pytest.mark.slow
def test_nothing_is_noted_of_a_steady_deployment_nor_left_in_the_folder(tmp_path, monkeypatch):
    folder = tmp_path / "hypothesis"
    monkeypatch.setattr(configuration, "__hypothesis_home_directory", folder)
    outcome = deep(FakeDeployment, tmp_path, requests=500)

    assert said(outcome) == []
    assert outcome.notes == []
    assert configuration.storage_directory().path == folder
    assert not folder.exists()
