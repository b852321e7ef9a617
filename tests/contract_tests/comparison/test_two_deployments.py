import pytest

from contract_tests.client.errors import CannotRun
from contract_tests.client.target import ClientOptions, Target, Tokens
from contract_tests.comparison import terminal
from contract_tests.comparison.two_deployments import Comparison, compare
from tests.contract_tests.conftest import TOKEN, Planted
from tests.support.drift import DRIFTS, NEIGHBORS, drifting
from tests.support.drift_middleware import Drift
from tests.support.fake_deployment import FakeDeployment, FakeOptions, Serving


def beside(left, right, contract, token=TOKEN):
    left.tokens = right.tokens = {TOKEN: 5}
    with Serving(left) as one, Serving(right) as two:
        return compare(target(one, token), target(two, token), contract)


def target(url, token):
    return Target(url, Tokens(token))


@pytest.fixture(scope="module")
def planted_beside(contract):
    strange = FakeOptions(odd="refuse", oversized="refuse", links="drop", lower_ulids=True)
    return beside(FakeDeployment(), Planted(strange, seed=5), contract)


@pytest.fixture(scope="module")
def contract():
    from mockserver.contract.operations import Contract

    return Contract.load().page


def test_other_data_alone_makes_no_difference(contract):
    left, right = FakeDeployment(), FakeDeployment(FakeOptions(first_id=100_000), seed=7)
    found = beside(left, right, contract)
    assert found.differences == []
    assert not found.fails()
    assert {method for method, _ in left.requests + right.requests} == {"GET"}
    assert len(left.requests) == len(right.requests)


def test_the_side_that_breaks_the_contract_is_named(planted_beside):
    assert planted_beside.fails()
    assert set(planted_beside.violations["list.filter.unassigned"]) == {"right"}
    times = {d.kind for d in planted_beside.differences if d.trait == "data[].created_at"}
    assert times == {"right breaks it"}


def test_additions_are_told_from_what_the_contract_leaves_open(planted_beside):
    kinds = {d.trait: d.kind for d in planted_beside.differences}
    assert kinds["data[].priority"] == "additive"
    assert kinds["data[].contact.phone"] == "additive"
    assert kinds["data[].ulid"] == "silent"
    assert kinds["links.first"] == "silent"
    assert kinds["status"] == "silent"


def test_an_empty_workspace_leaves_out_what_it_has_no_data_for(contract):
    found = beside(FakeDeployment(), FakeDeployment(FakeOptions(tickets=0)), contract)
    assert "a ticket" in found.left_out
    assert found.differences == []


def test_a_refused_token_cannot_be_compared(contract):
    with pytest.raises(CannotRun, match="refused the token"):
        beside(FakeDeployment(), FakeDeployment(), contract, token="other-token")


def test_equal_differences_are_told_once(planted_beside):
    text = list(terminal.lines(planted_beside, "left-url", "right-url"))
    assert sum("data[].ulid:" in line for line in text) == 1
    assert any(line.startswith("RIGHT BREAKS THE CONTRACT  list.filter.un") for line in text)
    count = len(planted_beside.differences)
    pairs = f"{planted_beside.compared} pairs of answers"
    assert text[-1] == f"{count} differences in the shape of {pairs}; contents are not compared"


def test_a_difference_that_would_hide_others_is_named_once_and_compared_behind(contract):
    drift = DRIFTS["all"]
    with drifting(Drift()) as one, drifting(drift) as two:
        headers = {drift.header: "acme-7"}
        options = ClientOptions(headers=headers)
        right = Target(two.url, Tokens("jane"), options)
        found = compare(target(one.url, "jane"), right, contract)

    assert found.differences == []
    assert found.violations == {}
    assert found.left_out == []
    assert {each.sides for each in found.adapted} == {("right",)}
    assert {each.difference.adaptation.kind for each in found.adapted} == {
        "base_path", "header", "parameter", "envelope", "pagination",
        "identifier",
    }  # fmt: skip
    assert found.fails()
    text = list(terminal.lines(found, "left-url", "right-url"))
    assert sum("the operations stand at /api/v2/tickets" in line for line in text) == 1


def test_what_both_sides_do_alike_agrees(contract):
    drift = NEIGHBORS["tickets"]
    with drifting(drift) as one, drifting(drift) as two:
        found = compare(target(one.url, "jane"), target(two.url, "jane"), contract)

    assert [each.sides for each in found.adapted] == [("left", "right")]
    assert found.differences == []
    assert found.fails()


def test_what_only_warns_is_no_breach_of_the_contract():
    violations = {
        "detail.messages.times": {"right": "two messages have one time"},
        "list.answer": {"left": "no JSON"},
    }
    text = list(terminal.lines(Comparison([], violations, (0, 0)), "", ""))

    assert "RIGHT WARNING  detail.messages.times: two messages have one time" in text
    assert "LEFT BREAKS THE CONTRACT  list.answer: no JSON" in text
