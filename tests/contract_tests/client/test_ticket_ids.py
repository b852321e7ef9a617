"""A deployment that names tickets by ULID only is told of, not accused, and checked on."""

from contract_tests.client.target import Target
from contract_tests.client.ticket_ids import NOTE, TRIES
from contract_tests.run.run import Run
from contract_tests.writes.undo import undo
from contract_tests.writes.undo_journal import Entry, UndoJournal
from tests.support.broken import BROKEN
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import TOKENS, contract, run, run_options, said, violations


def test_one_refusal_is_enough_to_learn_the_names_and_the_evidence_shows_them(tmp_path):
    fake = FakeDeployment(FakeOptions(ulid_paths=True))

    outcome = run(fake, run_options("quick"), tmp_path)

    assert said(outcome) == []
    assert outcome.notes == [NOTE]
    by_main = [e for e in outcome.history.exchanges if e.request.who == "main"]
    known = {f"/api/tickets/{ticket['id']}" for ticket in fake.tickets}
    refused = [e for e in by_main if e.status == 404 and e.request.target in known]
    assert len(refused) == 1
    write = next(exchange for exchange in outcome.history.writes if exchange.status == 200)
    ticket = write.document["ticket"]
    assert write.request.path == f"/api/tickets/{ticket['id']}/status"
    assert write.request.target == f"/api/tickets/{ticket['ulid']}/status"


def test_a_defect_behind_ulids_is_found_all_the_same(tmp_path):
    fake = BROKEN["messages_newest_first"](FakeOptions(ulid_paths=True))

    found = violations(run(fake, run_options("quick"), tmp_path))

    assert "detail.messages.order" in {finding.requirement for finding in found}


def test_where_integers_are_taken_no_ulid_is_sent(tmp_path):
    fake = BROKEN["closed_tickets_are_not_found"]()

    outcome = run(fake, run_options("quick"), tmp_path)

    tried = [e for e in outcome.history.exchanges if e.request.spelling]
    assert len(tried) <= TRIES
    assert not any("ULID" in note for note in outcome.notes)


def test_an_undo_of_an_interrupted_run_looks_the_names_up(tmp_path):
    fake = FakeDeployment(FakeOptions(ulid_paths=True))
    ticket = fake.tickets[50]
    journal = UndoJournal.of("fake", tmp_path)
    journal.note(Entry(ticket["id"], "status", ticket["status"], "spam"))
    before, ticket["status"] = ticket["status"], "spam"
    with Serving(fake) as url:
        target = Target(url, TOKENS)
        results = undo(Run(target, contract(), run_options()).explorer, journal)

    assert [result.outcome for result in results] == ["restored"]
    assert ticket["status"] == before
