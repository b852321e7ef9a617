"""A run is conforming only if it saw the core of the API work."""

from typing import Any

import pytest

from contract_tests.report.records.verdict import core_not_observed, verdict

CORE = {"access.accepted": "confirmed", "list.answer": "confirmed", "detail.answer": "confirmed"}


def missing(outcomes: dict[str, str], **given: Any) -> list[str]:
    statements = [{"id": name, "outcome": outcome} for name, outcome in outcomes.items()]
    return core_not_observed(statements, **{"profile": "standard", "tickets": True, **given})


@pytest.mark.parametrize("name", CORE)
def test_each_statement_of_the_core_must_be_observed(name):
    assert missing(CORE) == []
    assert missing({**CORE, name: "violated"}) == []
    assert missing({**CORE, name: "not observed"}) == [name]


def test_a_deployment_without_tickets_has_no_detail_to_observe():
    outcomes = {**CORE, "detail.answer": "not observed"}
    assert missing(outcomes, tickets=False) == []
    assert missing({**outcomes, "list.answer": "not observed"}, tickets=False) == ["list.answer"]


def test_a_run_limited_to_other_statements_must_observe_one_of_them():
    assert missing({"list.sort.default": "confirmed", "list.sort.unknown": "not observed"}) == []
    assert missing({"list.sort.default": "not observed"}) == ["list.sort.default"]


def test_recorded_traffic_needs_one_response_of_an_operation():
    outcomes = dict.fromkeys(("list.answer", "detail.answer", "update.answer"), "not observed")
    assert missing(outcomes, profile="recorded") == list(outcomes)
    assert missing({**outcomes, "update.answer": "confirmed"}, profile="recorded") == []


def test_a_violation_comes_before_an_interruption_and_that_before_an_inconclusive_run():
    run = {"stopped": "interrupted", "cut_off": False}
    found = {"run": run, "violations": [{"severity": "fail"}], "core_not_observed": ["list.answer"]}
    assert verdict(found) == "violated"
    found["violations"] = [{"severity": "warn"}]
    assert verdict(found) == "interrupted"
    run["stopped"] = "the limit is reached"
    assert verdict(found) == "inconclusive"
    found["core_not_observed"] = []
    assert verdict(found) == "conforming"
    run["cut_off"] = True
    assert verdict(found) == "inconclusive"
