"""A field under another name is one difference, not two."""

import pytest

from contract_tests.comparison import terminal
from contract_tests.comparison.renames import renamings
from contract_tests.comparison.two_deployments import Difference
from mockserver.contract.operations import Contract
from tests.contract_tests.comparison.test_two_deployments import beside
from tests.support.fake_deployment import FakeDeployment


def lacks(side, trait, form="text", request="a list", operation="listTickets"):
    left, right = ("missing", form) if side == "left" else (form, "missing")
    return Difference(operation, request, trait, left, right, "silent")


def names(*differences):
    return [(each.left, each.right) for each in renamings(differences)]


def test_a_field_that_each_side_lacks_is_renamed():
    pair = lacks("right", "data[].subject"), lacks("left", "data[].title")
    assert names(*pair) == [("data[].subject", "data[].title")]


@pytest.mark.parametrize(
    "other",
    [
        lacks("left", "data[].title", "number"),
        lacks("left", "data[].contact.title"),
        lacks("left", "data[].title", operation="getTicket"),
        lacks("left", "data[].title", request="another list"),
        lacks("right", "data[].title"),
    ],
)
def test_fields_of_another_form_parent_operation_or_request_are_not_one(other):
    assert names(lacks("right", "data[].subject"), other) == []


def test_what_could_be_either_of_two_is_not_guessed():
    assert (
        names(
            lacks("right", "data[].subject"),
            lacks("left", "data[].title"),
            lacks("left", "data[].headline"),
        )
        == []
    )


class Renamed(FakeDeployment):
    """Calls the contact of a ticket its customer, and sends a ticket as `data`."""

    def json(self, body, status, headers=None):
        if isinstance(body, dict) and "ticket" in body:
            body = {"data": body["ticket"]}
        return super().json(_renamed(body), status, headers)


def _renamed(node):
    if isinstance(node, list):
        return [_renamed(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {"customer" if k == "contact" else k: _renamed(v) for k, v in node.items()}


def test_renamed_fields_are_shown_once_with_both_names():
    found = beside(FakeDeployment(), Renamed(), Contract.load().page)
    lines = list(terminal.lines(found, "left", "right"))

    renamed = [line.partition(";")[0] for line in lines if " on the left is " in line]
    assert "  listTickets: data[].contact on the left is data[].customer on the right" in renamed
    assert "  getTicket: ticket.contact on the left is ticket.customer on the right" in renamed
    assert not any("customer: left missing" in line for line in lines)
    assert lines[0] == f"left  left, {found.requests[0]} requests"
    assert found.requests[0] == found.requests[1] > 10
