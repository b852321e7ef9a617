"""The table of filters is complete, and a filter that it does not define is an error."""

import pytest

from contract_tests.observations.filter_semantics import FILTERS, Reading, UnknownFilter, meets
from mockserver.contract.operations import Contract

ME = Reading(me=7)
ROW = {
    "id": 1,
    "subject": "Broken lamp",
    "status": "open",
    "channel": {"id": 3},
    "tags": [{"id": 4}, {"id": 5}],
    "assignee": {"id": 7},
}


def test_each_filter_of_the_contract_is_in_the_table():
    known = Contract.load().page.operations["listTickets"].query
    documented = {name for name in known if name.startswith("filter[")}
    assert {f"filter[{name}]" for name in FILTERS} == documented, (
        "add the filter to FILTERS in contract_tests/observations/filter_semantics.py"
    )


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("status", "closed,open", True),
        ("status", "closed", False),
        ("channel_ids", "3,9", True),
        ("channel_ids", "9", False),
        ("tag_ids", "9,5", True),
        ("tag_ids", "9", False),
        ("search", "lamp", True),
        ("unassigned", "true", False),
        ("assigned_to_me", "true", True),
    ],
)
def test_a_filter_decides_which_tickets_belong_in_a_list(name, value, answer):
    assert meets(f"filter[{name}]", value, ROW, None, ME) is answer


@pytest.mark.parametrize("name", FILTERS)
def test_an_example_value_is_met_by_its_ticket(name):
    row = {**ROW, "assignee": None} if name == "unassigned" else ROW
    value = FILTERS[name].example(row, 7)
    assert value is not None
    assert meets(f"filter[{name}]", value, row, None, ME)


def test_an_unknown_filter_is_an_error():
    with pytest.raises(UnknownFilter, match="add it to FILTERS in"):
        meets("filter[color]", "red", ROW, None, ME)
