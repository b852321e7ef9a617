"""A slice of the fuzzer; the whole is `python -m tests.fuzz`."""

import pytest

from tests.fuzz.requests import RequestGenerator
from tests.fuzz.run import fuzz


@pytest.mark.slow
def test_odd_requests_are_answered_without_a_server_error_a_hang_or_a_traceback() -> None:
    result = fuzz(seed=1, number=600)
    assert (result.server_errors, result.hangs, result.tracebacks) == ([], [], 0), result.log
    assert {"200", "400", "401", "404", "405", "422"} <= set(result.statuses)
    before, after = result.memory
    assert after < before + 60


def test_the_same_seed_makes_the_same_requests() -> None:
    first, again, other = (list(RequestGenerator(seed).requests(50)) for seed in (1, 1, 2))
    assert first == again != other
