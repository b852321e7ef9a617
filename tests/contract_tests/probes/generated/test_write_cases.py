"""Generated writes stay with the tickets allowed, are undone, and are judged."""

import pytest
from flask import request

from contract_tests.client.budget import Budget, Pace
from contract_tests.client.target import ClientOptions, Target
from contract_tests.probes.generated.generate import generate
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import TOKENS, contract, paths_of_no_ticket, run_options, said

ALLOWED = 4


class Noticing(FakeDeployment):
    """Notes for each write that arrives whether the undo journal on disk knew of it."""

    def __init__(self, folder, **more):
        super().__init__(FakeOptions(tickets=8), **more)
        self.folder = folder
        self.foreseen = []

    def update(self, name, what):
        if name == str(ALLOWED):
            known = "".join(path.read_text() for path in self.folder.glob("undo-*"))
            self.foreseen.append(f'"ticket": {name}, "field": "{what}"' in known)
        return super().update(name, what)


class Trusting(FakeDeployment):
    """Takes false for a field that was not sent, and answers as if it had carried it out."""

    def update(self, name, what):
        body = request.get_json(silent=True, force=True)
        if isinstance(body, dict) and body.get("status", ...) is False:
            return self.answer(self.find(name))
        return super().update(name, what)


class Careless(FakeDeployment):
    """Refuses a status that is false, and closes the ticket all the same."""

    def invalid(self, name, message):
        body = request.get_json(silent=True, force=True)
        if isinstance(body, dict) and body.get("status", ...) is False:
            self.store(self.find(request.path.split("/")[3]), "status", "spam")
        super().invalid(name, message)


def only_writes(explorer, seed=0, *, writing=False):
    if writing:
        generate(explorer, seed, writing=True)


@pytest.fixture
def carry_out(tmp_path):
    def run(fake, *tickets):
        with Serving(fake) as url:
            target = Target(url, TOKENS, ClientOptions(Budget(), Pace()))
            write_session = WriteSession(UndoJournal.of(url, tmp_path), tickets)
            wanted = run_options("deep", only=("status", "assignee", "update"))
            return Run(target, contract(), wanted, write_session).carry_out(only_writes)

    return run


def generated(outcome):
    return [
        e for e in outcome.history.exchanges if e.phase == "generated" and e.request.method == "PUT"
    ]


def state(fake):
    return {t["id"]: (t["status"], (t["assignee"] or {}).get("id")) for t in fake.tickets}


@pytest.mark.slow
def test_no_generated_write_leaves_for_another_ticket_or_unnoted_and_all_are_undone(
    carry_out, tmp_path
):
    fake = Noticing(tmp_path)
    before = state(fake)

    outcome = carry_out(fake, ALLOWED)

    written = {path for method, path in fake.heard_methods if method not in ("GET", "HEAD")}
    own = {f"/api/tickets/{ALLOWED}/status", f"/api/tickets/{ALLOWED}/assignee"}
    assert written - paths_of_no_ticket(ALLOWED) == own
    assert {200, 422} <= {exchange.status for exchange in generated(outcome)}
    assert len({exchange.request.body for exchange in generated(outcome)}) > 30
    assert len(fake.foreseen) > 60
    assert all(fake.foreseen)
    assert state(fake) == before
    assert list(tmp_path.iterdir()) == []
    assert said(outcome) == []


@pytest.mark.slow
@pytest.mark.parametrize("broken", [Trusting, Careless])
def test_an_invalid_body_that_has_an_effect_or_is_accepted_is_found(broken, carry_out):
    outcome = carry_out(broken(FakeOptions(tickets=20)), ALLOWED)

    assert "status.refused" in {requirement for requirement, _ in said(outcome)}


@pytest.mark.slow
def test_generated_writes_go_by_the_name_that_the_deployment_takes(carry_out):
    fake = FakeDeployment(FakeOptions(tickets=8, ulid_paths=True))
    before = state(fake)

    outcome = carry_out(fake, ALLOWED)

    assert said(outcome) == []
    assert {200, 422} <= {exchange.status for exchange in generated(outcome)}
    ulid = next(ticket["ulid"] for ticket in fake.tickets if ticket["id"] == ALLOWED)
    assert {exchange.request.target.split("/")[3] for exchange in generated(outcome)} == {ulid}
    assert state(fake) == before


def test_a_token_that_may_not_write_generates_no_writes(carry_out):
    outcome = carry_out(FakeDeployment(FakeOptions(tickets=8, readonly=True)), ALLOWED)

    assert generated(outcome) == []
