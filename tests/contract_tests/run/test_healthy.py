"""A deployment that keeps the contract is never accused nor adapted to, however strange it is."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contract_tests.adaptations import recorded
from contract_tests.laws import requirements
from contract_tests.probes.generated.generate import generate
from tests.support.fake_deployment import FakeDeployment, FakeOptions
from tests.support.trial import contract, run, run_options, said, unreadable

SEEDS = range(1, 1 + int(os.environ.get("CONTRACT_SEEDS", "1")))
"""More seeds by CONTRACT_SEEDS=10; one is enough for every day."""
HEALTHY = {
    "plain": FakeOptions(),
    "refusing": FakeOptions(oversized="refuse", odd="refuse"),
    "lower_case_ulids_and_stems": FakeOptions(
        lower_ulids=True, search="stems", unusual_words=True
    ),
    "extra_fields": FakeOptions(extra=True),
    "phrase_search": FakeOptions(search="phrase"),
    "all_words_search": FakeOptions(search="words"),
    "put_with_messages": FakeOptions(put="full"),
    "richer_details": FakeOptions(richer_details=True),
    "two_servers": FakeOptions(servers=2),
    "links_without_query": FakeOptions(links="drop"),
    "automations": FakeOptions(automations=True),
    "every_tag": FakeOptions(every_tag=True),
    "false_excludes": FakeOptions(false_excludes=True),
    "activities_count_as_activity": FakeOptions(activity="all"),
    "newest_activity_first": FakeOptions(newest_activity_first=True),
    "big_ids_and_normalised_search": FakeOptions(
        first_id=100_000, search="normalised", unusual_words=True
    ),
    "ulid_paths": FakeOptions(ulid_paths=True),
    "busy_ulid_paths": FakeOptions(ulid_paths=True, busy=1.0, lower_ulids=True),
    "empty": FakeOptions(tickets=0),
    "one_ticket": FakeOptions(tickets=1),
    "three_tickets": FakeOptions(tickets=3),
    "many_tickets": FakeOptions(tickets=310),
    "read_only_token": FakeOptions(readonly=True),
    "broken_connections": FakeOptions(resets=40),
    "throttled": FakeOptions(rate=60, window=1.0),
    "slow": FakeOptions(tickets=40, latency=0.02),
    "busy": FakeOptions(busy=1.0),
    "very_busy": FakeOptions(busy=3.0),
    "two_changes_a_second": FakeOptions(step=0.4),
    "much_at_once": FakeOptions(
        extra=True, resets=60, oversized="refuse", odd="refuse", search="phrase",
        links="drop", activity="all", put="full", lower_ulids=True, first_id=100_000,
    ),
}  # fmt: skip
HEALTHY["everything_at_once"] = replace(HEALTHY["much_at_once"], busy=2.0)
ONE_OF_MUCH = {
    *("refusing", "lower_case_ulids", "extra_fields", "phrase_search", "put_with_messages"),
    *("links_without_query", "activities_count_as_activity", "big_ids", "broken_connections"),
}
"""What quick alone sees by itself; standard sees it together."""


@cache
def standard(name, seed):
    """Return the outcome of one standard run, which several tests look at."""
    with TemporaryDirectory() as folder:
        fake = FakeDeployment(HEALTHY[name], seed=seed)
        return run(fake, run_options("standard", seed), Path(folder))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in HEALTHY if name not in ONE_OF_MUCH])
@pytest.mark.parametrize("seed", SEEDS)
def test_standard_accuses_no_healthy_deployment(name, seed):
    outcome = standard(name, seed)

    assert said(outcome) == []
    assert unreadable(outcome) == []
    assert [r for r in outcome.restored if r.outcome == "failed"] == []


@pytest.fixture(scope="module", params=HEALTHY)
def quick(request, tmp_path_factory):
    """Return the name of a deployment and the outcome of one quick run."""
    fake = FakeDeployment(HEALTHY[request.param], seed=3)
    return request.param, run(fake, run_options("quick", 3), tmp_path_factory.mktemp("undo"))


def test_quick_accuses_no_healthy_deployment(quick):
    _, outcome = quick

    assert said(outcome) == []
    assert unreadable(outcome) == []


def test_no_healthy_deployment_is_adapted_to(quick):
    name, outcome = quick

    kinds = {difference.adaptation.kind for difference in outcome.differences}
    assert kinds == ({"identifier"} if HEALTHY[name].ulid_paths else set())
    assert not any(exchange.superseded for exchange in outcome.history.exchanges)
    recording = [replace(e, through=(), sent=None) for e in outcome.history.exchanges]
    _, adapter = recorded.read(recording, contract())
    assert {adaptation.kind for adaptation in adapter.active} <= {"identifier"}


def test_a_write_that_is_answered_with_nothing_is_done(tmp_path):
    fake = FakeDeployment(FakeOptions(tickets=40, put="none"))
    outcome = run(fake, run_options("quick"), tmp_path)

    assert {requirement for requirement, _ in said(outcome)} == {"answer.status", "update.answer"}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("busy", [0.0, 2.0])
def test_deep_accuses_no_healthy_deployment(busy, tmp_path):
    options = replace(HEALTHY["much_at_once"], busy=busy, false_excludes=True, tickets=40)
    fake = FakeDeployment(options)
    outcome = run(fake, run_options("deep"), tmp_path, generate)

    assert said(outcome) == []
    assert unreadable(outcome) == []


@pytest.mark.slow
def test_a_healthy_deployment_confirms_nearly_every_statement():
    outcome = standard("plain", 1)

    confirmed = {f.requirement for f in outcome.findings if f.outcome == "holds"}

    of_page = {name for name in requirements.load() if not name.startswith(requirements.EXTENSION)}
    unknown = {"answer.throttled", "answer.fields", "answer.validators"}
    assert of_page - confirmed == {*unknown, "assignee.workspace"}  # the other workspace is empty


def test_an_empty_workspace_is_not_a_pass():
    outcome = standard("empty", 1)

    confirmed = {f.requirement for f in outcome.findings if f.outcome == "holds"}

    keys = ("created_at", "updated_at", "last_activity_at", "default", "descending")
    assert not confirmed & {f"list.sort.{key}" for key in keys}
    assert not any(name.startswith(("list.filter.search.", "ticket.")) for name in confirmed)


@pytest.mark.slow
def test_what_a_busy_deployment_changes_is_told():
    outcome = standard("very_busy", 1)

    assert outcome.history.changed_meanwhile
