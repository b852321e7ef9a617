"""What generated tests were measured not to see on a tickets API, quick finds on the real mock."""

import pytest

from contract_tests.client import local_mock
from contract_tests.client.budget import Budget, Pace
from contract_tests.client.target import ClientOptions, Target
from contract_tests.observations.schema.drift import additions
from contract_tests.run.options import RunOptions
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from tests.support.trial import contract, violations

BLIND_SPOTS = {
    "filter-status-ignored": "list.filter.status",
    "sort-ignored": "list.sort.created_at",
    "page-ignored": "list.meta.current_page",
    "per-page-ignored": "list.per_page",
    "status-not-stored": "status.listed",
}
"""A planted defect, and the statement that it breaks; paging ignored is two of them."""


@pytest.fixture(scope="module")
def quick():
    """Run quick, writes included, against a mock with a defect, or a healthy variant."""
    server = local_mock.DefectServer("mockserver.defects")

    def run(name, folder):
        url = server.serve(name)
        target = Target(url, local_mock.TOKENS, ClientOptions(Budget(), Pace()))
        wanted = RunOptions("quick", others=frozenset({"other", "readonly"}))
        return Run(
            target, contract(), wanted, WriteSession(UndoJournal.of(url, folder))
        ).carry_out()

    yield run
    server.close()


@pytest.mark.parametrize("defect", BLIND_SPOTS)
def test_quick_finds_the_defect_and_names_its_statement(defect, quick, tmp_path):
    outcome = quick(defect, tmp_path)

    assert BLIND_SPOTS[defect] in {finding.requirement for finding in violations(outcome)}
    assert len([e for e in outcome.history.exchanges if e.phase != "undo"]) <= 55


@pytest.mark.slow
def test_quick_tells_of_undocumented_fields_and_accuses_nobody_of_them(quick, tmp_path):
    outcome = quick("extra-fields", tmp_path)

    found = {(addition.where, addition.name) for addition in additions(outcome.history)}
    assert {("Ticket", "custom_fields"), ("Contact", "team")} <= found
    assert violations(outcome) == []
