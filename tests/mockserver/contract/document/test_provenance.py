from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from mockserver.contract import resources
from mockserver.contract.document.bundle import bundle
from mockserver.contract.document.references import Node
from tests.support import provenance

LIST = ("paths", "/api/tickets", "get")
SCHEMAS = ("components", "schemas")
PARTS: dict[str, tuple[str | int, ...]] = {
    "listTickets": LIST,
    "listTickets.per_page": (*LIST, "parameters", 0),
    "listTickets.200": (*LIST, "responses", "200"),
    "updateTicketStatus.body": ("paths", "/api/tickets/{id}/status", "put", "requestBody"),
    "TicketId": ("components", "parameters", "TicketId"),
    "NotFound": ("components", "responses", "NotFound"),
    "RetryAfter": ("components", "headers", "RetryAfter"),
    "bearer": ("components", "securitySchemes", "bearer"),
    "UpdatedTicket.ticket": (
        *("components", "responses", "UpdatedTicket", "content", "application/json"),
        *("schema", "properties", "ticket"),
    ),
    "Status": (*SCHEMAS, "Status"),
    "Ticket.subject": (*SCHEMAS, "Ticket", "properties", "subject"),
    "Ticket.status": (*SCHEMAS, "Ticket", "properties", "status"),
    "TicketDetail.messages": (*SCHEMAS, "TicketDetail", "allOf", 1, "properties", "messages"),
}
BORDERS = [
    *("enum", "const", "default", "pattern", "minimum", "maximum"),
    *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
]


@pytest.fixture
def document() -> Node:
    return deepcopy(bundle(resources.contract()))


def at(node: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def sources(node: Any) -> Iterator[Any]:
    """Yield every x-source wherever it stands."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and "x-source" in node:
        yield node["x-source"]
    for child in children:
        yield from sources(child)


def test_every_statement_of_the_contract_has_a_source(document: Node) -> None:
    assert provenance.faults(document) == []


def test_no_source_stands_where_nothing_is_stated(document: Node) -> None:
    assert len(provenance.statements(document)) == len(list(sources(document)))


@pytest.mark.parametrize("place", PARTS)
def test_a_statement_without_a_source_is_refused(document: Node, place: str) -> None:
    del at(document, PARTS[place])["x-source"]
    (fault,) = provenance.faults(document)
    assert fault.startswith(f"{place}: no x-source")


def test_a_field_that_only_refers_to_a_noun_still_needs_a_source(document: Node) -> None:
    fields = at(document, (*SCHEMAS, "Ticket", "properties"))
    fields["channel"] = {"$ref": fields["channel"]["$ref"]}
    (fault,) = provenance.faults(document)
    assert fault.startswith("Ticket.channel: no x-source")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (
            {"evidence": "guessed", "where": "here"},
            "evidence 'guessed' is not one of stated, shown",
        ),
        ({"where": "here"}, "evidence None is not one of stated"),
        ({"evidence": "stated"}, "does not say where"),
        ({"evidence": "stated", "where": "  "}, "does not say where"),
        ({"evidence": "stated", "where": "here", "why": "so"}, "'why'; it takes evidence, where"),
        ("stated", "no x-source"),
    ],
)
def test_a_malformed_source_is_refused(document: Node, source: Any, fault: str) -> None:
    at(document, PARTS["Ticket.subject"])["x-source"] = source
    (found,) = provenance.faults(document)
    assert found.startswith("Ticket.subject: ")
    assert fault in found


def test_a_malformed_source_of_a_limit_is_refused(document: Node) -> None:
    at(document, PARTS["listTickets.per_page"])["x-source"]["limits"]["minimum"] = {"where": "so"}
    (fault,) = provenance.faults(document)
    assert fault.startswith("listTickets.per_page minimum: evidence None is not one of")


@pytest.mark.parametrize("keyword", BORDERS)
@pytest.mark.parametrize("place", ["Ticket.subject", "TicketDetail.messages"])
def test_a_limit_that_no_example_can_show_needs_a_source_of_its_own(
    document: Node, place: str, keyword: str
) -> None:
    part = at(document, PARTS[place])
    part["items"] = {"type": "string", keyword: 1}
    fault = f"{place}: no example shows {keyword!r}; give its source in limits"
    assert provenance.faults(document) == [fault]
    part["x-source"]["limits"] = {keyword: {"evidence": "inferred", "where": "so it is"}}
    assert provenance.faults(document) == []


def test_a_source_of_a_limit_that_is_gone_is_refused(document: Node) -> None:
    del at(document, PARTS["listTickets.per_page"])["schema"]["minimum"]
    (fault,) = provenance.faults(document)
    assert fault.startswith("listTickets.per_page: x-source has limits for 'minimum'")


def test_the_table_has_a_row_for_every_claim_and_counts_them(document: Node) -> None:
    head, _, _, _, *rows = provenance.table(document).splitlines()
    assert "| `Ticket.subject` | shown | List Tickets, Example Response: " in "\n".join(rows)
    assert any(row.startswith("| `listTickets.per_page minimum` | inferred | A16") for row in rows)
    stated = sum(" | stated | " in row for row in rows)
    assert head.startswith(f"{len(rows)} statements: {stated} stated, ")


def test_the_table_shows_markup_and_bars_as_they_are(document: Node) -> None:
    at(document, PARTS["Ticket.subject"])["x-source"]["where"] = "a <b> | *c*\n  d"
    assert r"| `Ticket.subject` | shown | a &lt;b> \| \*c\* d |" in provenance.table(document)
