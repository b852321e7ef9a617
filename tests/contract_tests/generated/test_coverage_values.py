"""Values that schemathesis covers: at the limits of each parameter, and beside them."""

import pytest

from contract_tests.generated.coverage_values import values_of_lists
from tests.support.fake_deployment import FakeDeployment
from tests.support.trial import contract, order, run


def test_boundaries_wrong_types_and_missing_parts_are_among_them():
    values = values_of_lists(contract())

    assert {"0", "1", "100", "101", "null", "0.5"} <= set(values["per_page"])
    assert {"", "AAA"} <= set(values["filter[status]"])
    assert values == values_of_lists(contract())


@pytest.mark.slow
def test_no_value_is_sent_that_another_request_has_tried():
    outcome = run(FakeDeployment(), order("deep"))

    exchanges = outcome.history.exchanges
    limits = [e for e in exchanges if e.request.purpose == "values at the limits"]
    before = {pair for e in exchanges if e.number < limits[0].number for pair in e.request.query}
    sent = [pair for e in limits for pair in e.request.query]
    assert limits
    assert len(sent) == len(set(sent))
    assert not before & set(sent)
