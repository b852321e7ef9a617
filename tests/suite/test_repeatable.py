"""Same seed, same target: the same requests in the same order."""

import pytest

from contract_tests.generated import generate
from suite.standin import Serving, Standin, Strange
from suite.trial import order, run_at


def sent(outcome):
    return [
        (e.request.method, e.request.target, e.request.who, e.request.body)
        for e in outcome.seen.exchanges
    ]


@pytest.mark.parametrize("profile", ["quick", "standard"])
def test_a_seed_repeats_its_requests(profile, tmp_path):
    with Serving(Standin(Strange(tickets=60))) as url:
        first = run_at(url, order(profile, 5))
        second = run_at(url, order(profile, 5))

    assert sent(first) == sent(second)


def test_a_seed_repeats_its_writes(tmp_path):
    def one():
        with Serving(Standin(Strange(tickets=60))) as url:
            return sent(run_at(url, order("standard", 5), tmp_path))

    assert one() == one()


def test_a_seed_repeats_its_generated_requests():
    def one():
        with Serving(Standin(Strange(tickets=6))) as url:
            return sent(run_at(url, order("deep", 5), generate=generate))

    assert one() == one()


def test_another_seed_sends_other_requests():
    with Serving(Standin(Strange(tickets=60))) as url:
        assert sent(run_at(url, order("standard", 5))) != sent(run_at(url, order("standard", 6)))
