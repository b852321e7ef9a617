"""A signal in any phase of a run leaves every ticket as it was, and accuses nobody."""

import pytest

from tests.contract_tests.writes.interruptions import (
    PHASES,
    SIGNALS,
    interrupt,
    requests_by_phase,
)


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    return requests_by_phase(tmp_path_factory.mktemp("whole"))


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", SIGNALS)
def test_an_interrupted_run_leaves_tickets_as_they_were(name, phase, numbers):
    place = SIGNALS.index(name) / len(SIGNALS)
    at = numbers[phase][int(place * len(numbers[phase]))]

    result = interrupt(name, at, delay=0.01 * SIGNALS.index(name))

    assert not result.wrong, result.output
