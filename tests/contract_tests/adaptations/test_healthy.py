"""A deployment that keeps the contract is never adapted to, however strange it is."""

from dataclasses import replace

import pytest

from contract_tests.adaptations import recorded
from tests.contract_tests.run.test_healthy import HEALTHY
from tests.support.fake_deployment import FakeDeployment
from tests.support.trial import contract, run, run_options


@pytest.mark.parametrize("name", HEALTHY)
def test_no_healthy_deployment_is_adapted_to(name, tmp_path):
    outcome = run(FakeDeployment(HEALTHY[name], seed=5), run_options("quick", 5), tmp_path)

    kinds = {difference.adaptation.kind for difference in outcome.differences}
    assert kinds == ({"identifier"} if HEALTHY[name].ulid_paths else set())
    assert not any(exchange.superseded for exchange in outcome.history.exchanges)
    recording = [replace(e, through=(), sent=None) for e in outcome.history.exchanges]
    _, adapter = recorded.read(recording, contract())
    assert {adaptation.kind for adaptation in adapter.active} <= {"identifier"}
