"""Other users at work while the suite writes: none of their changes is called a violation."""

import pytest

from contract_tests.client import local_mock
from contract_tests.client.budget import Budget, Pace
from contract_tests.client.target import ClientOptions, Target
from contract_tests.run.options import RunOptions
from contract_tests.run.run import Run
from contract_tests.writes.ticket_writer import WriteSession
from contract_tests.writes.undo_journal import UndoJournal
from tests.support.trial import contract, violations


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("actions", ["1", "20"])
def test_simulated_activity_is_no_violation(actions, seed, tmp_path):
    arguments = ("serve", "--port", "0", "--activity", actions)
    with local_mock.served("mockserver", *arguments) as url:
        target = Target(url, local_mock.TOKENS, ClientOptions(Budget(), Pace()))
        journal = UndoJournal.of(url, tmp_path)
        outcome = Run(
            target, contract(), RunOptions("quick", seed), WriteSession(journal)
        ).carry_out()

    assert [(finding.requirement, finding.message) for finding in violations(outcome)] == []
