"""Same seed, same target: the same requests in the same order."""

import os
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path

import pytest

from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving
from tests.support.trial import run_at, run_options


def sent(outcome):
    return [
        (e.request.method, e.request.target, e.request.who, e.request.body)
        for e in outcome.history.exchanges
    ]


def test_a_seed_repeats_its_requests_and_another_sends_others():
    with Serving(FakeDeployment(FakeOptions(tickets=60))) as url:
        first, second, other = (sent(run_at(url, run_options("quick", seed))) for seed in (5, 5, 6))

    assert first == second
    assert other != first


@pytest.mark.slow
def test_a_seed_repeats_its_writes(tmp_path):
    def one():
        with Serving(FakeDeployment(FakeOptions(tickets=60))) as url:
            return sent(run_at(url, run_options("standard", 5), tmp_path))

    assert one() == one()


GENERATED = """
import sys
from contract_tests.probes.generated.generate import generate
from tests.support.trial import run_at, run_options

outcome = run_at(sys.argv[1], run_options("deep", int(sys.argv[2])), generate=generate)
for exchange in outcome.history.exchanges:
    print(exchange.request.method, exchange.request.target, exchange.request.who)
"""


def generated(seed, *folders):
    """Run in a process of its own: a generator that has made requests before is a warm one.

    The fake deployment stays in this process, as a deployment is never in the suite's. Modules
    named `habits` in the folders are loaded first.
    """
    tests = Path(__file__).parents[3]
    script = "\n".join(["import habits" for _ in folders] + [GENERATED])
    paths = os.pathsep.join(map(str, [*folders, tests]))
    with Serving(FakeDeployment(FakeOptions(tickets=6))) as url:
        ran = subprocess.run(
            [sys.executable, "-c", script, url, str(seed)],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=True,
        )
    return ran.stdout.splitlines()


def first_difference(one, other):
    """The place and the lines where two runs part, short enough to be read in a log."""
    pairs = enumerate(zip_longest(one, other))
    return next(((n, a and a[:300], b and b[:300]) for n, (a, b) in pairs if a != b), None)


@pytest.mark.long
@pytest.mark.slow
def test_a_seed_repeats_its_generated_requests(tmp_path):
    """Also beside other source files: a wheel and a checkout do not have the same around them."""
    (tmp_path / "habits.py").write_text("NAMES = " + repr([f"habit {n}" for n in range(900)]))
    first = generated(5)

    assert len(first) > 150
    assert first_difference(first, generated(5, tmp_path)) is None
