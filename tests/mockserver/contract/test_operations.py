"""The contract drives the mock: what the YAML changes changes here, and a misfit stops it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mockserver.contract import resources
from mockserver.contract.document.bundle import bundle, write_yaml
from mockserver.contract.errors import FixtureError, SpecError
from mockserver.contract.operations import Contract
from tests.support.harness import WORLD_FILE, Api

Serve = Callable[..., Api]


def alter(file: Path, *pairs: tuple[str, str]) -> None:
    """Replace each first text by the second, once."""
    text = file.read_text()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text)


@pytest.fixture
def openapi(contract_folder: Path) -> Path:
    return contract_folder / "openapi.yaml"


@pytest.fixture(scope="module")
def whole() -> str:
    """The contract in one file."""
    return write_yaml(bundle(resources.contract()))


@pytest.fixture
def serve(make_app: Callable[..., Flask], openapi: Path) -> Serve:
    """Serve the altered contract to Ann."""
    return lambda: Api(make_app(world=WORLD_FILE, contract=str(openapi)), "ann")


def test_another_default_of_per_page_changes_the_mock(serve: Serve, openapi: Path) -> None:
    alter(openapi, ("default: 25\n", "default: 2\n"))
    api = serve()
    assert api.ids() == [1, 2]
    assert api.page("per_page=abc")["meta"]["per_page"] == 2


def test_another_maximum_of_per_page_changes_the_mock(serve: Serve, openapi: Path) -> None:
    alter(openapi, ("maximum: 100\n", "maximum: 3\n"), ("default: 25\n", "default: 2\n"))
    api = serve()
    assert [api.page(f"per_page={n}")["meta"]["per_page"] for n in (3, 4, 100)] == [3, 3, 3]


def test_another_default_sort_changes_the_mock(serve: Serve, openapi: Path) -> None:
    alter(openapi, ("default: [-updated_at]", "default: [created_at]"))
    assert serve().ids() == [1, 2, 3, 4, 5, 6]


def test_another_status_changes_the_mock(serve: Serve, contract_folder: Path) -> None:
    alter(
        contract_folder / "schemas/status.yaml",
        ("[open, closed, spam]", "[open, closed, spam, pending]"),
    )
    api = serve()

    assert api.change(1, status="pending")["status"] == "pending"
    assert api.ids("filter[status]=pending") == [1]
    assert api.ticket(1)["status"] == "pending"
    assert api.put("/api/tickets/1/status", {"status": "waiting"}).status_code == 422


def test_a_status_less_changes_the_mock(
    make_app: Callable[..., Flask], contract_folder: Path, openapi: Path
) -> None:
    """Nobody may set it any more, and a world whose tickets still have it is no such world."""
    alter(contract_folder / "schemas/status.yaml", ("[open, closed, spam]", "[open, closed]"))
    with pytest.raises(FixtureError, match="unknown status 'spam'; statuses are open, closed"):
        make_app(world=WORLD_FILE, contract=str(openapi))
    world = contract_folder / "world.yaml"
    world.write_text(Path(WORLD_FILE).read_text("utf-8").replace("status: spam", "status: closed"))
    api = Api(make_app(world=str(world), contract=str(openapi)), "ann")

    assert api.ticket(3)["status"] == "closed"
    assert api.put("/api/tickets/1/status", {"status": "spam"}).status_code == 422


def test_a_renamed_schema_changes_the_document_and_not_the_replies(
    serve: Serve, contract_folder: Path, ann: Api
) -> None:
    schemas = contract_folder / "schemas"
    (schemas / "tag.yaml").rename(schemas / "label.yaml")
    alter(schemas / "label.yaml", ("title: Tag\n", "title: Label\n"))
    alter(schemas / "ticket.yaml", ("$ref: tag.yaml", "$ref: label.yaml"))
    alter(schemas / "paths/tags.yaml", ("$ref: ../tag.yaml", "$ref: ../label.yaml"))
    api = serve()

    named = api.get("/openapi.json").json["components"]["schemas"]
    assert ("Label" in named, "Tag" in named) == (True, False)
    assert api.page()["data"] == ann.page()["data"]


def test_a_field_taken_out_of_a_schema_leaves_the_replies(
    serve: Serve, contract_folder: Path
) -> None:
    schema = contract_folder / "schemas/tag.yaml"
    text = schema.read_text()
    start = text.index("  color:\n")
    end = text.index("x-source:", text.index("x-source:", start) + 1)
    schema.write_text(text[:start] + text[end:])
    alter(schema, (", color]", "]"))

    tags = serve().ticket(1)["tags"]
    assert [list(tag) for tag in tags] == [["id", "ulid", "name"]] * 2


def test_another_path_moves_the_operation(serve: Serve, openapi: Path) -> None:
    alter(openapi, ("  /api/tickets/{id}:\n", "  /v2/conversations/{id}:\n"))
    api = serve()
    assert api.get("/v2/conversations/1").json["ticket"]["id"] == 1
    assert api.get("/api/tickets/1").status_code == 404


def test_another_success_status_is_answered(serve: Serve, openapi: Path) -> None:
    text = openapi.read_text()
    start = text.index("operationId: getTicket\n")
    openapi.write_text(text[:start] + text[start:].replace('"200":', '"203":', 1))
    assert serve().get("/api/tickets/1").status_code == 203


UNASSIGNED = "        - name: filter[unassigned]"
QUERY_PARAMETER = """\
        - name: q
          in: query
          schema: {type: string}
"""


@pytest.mark.parametrize(
    ("pairs", "complaint"),
    [
        (
            [("operationId: updateTicketStatus\n      summary", "operationId: x\n      summary")],
            "openapi.yaml: operation 'updateTicketStatus' is carried out but not documented",
        ),
        (
            [(UNASSIGNED, QUERY_PARAMETER + UNASSIGNED)],
            "openapi.yaml: listTickets: parameter 'q': no code carries it out",
        ),
        (
            [("            default: 25\n", "")],
            "openapi.yaml: listTickets: parameter 'per_page' needs a default",
        ),
        (
            [("            default: [-updated_at]\n", "")],
            "openapi.yaml: listTickets: parameter 'sort' needs a default",
        ),
        (
            [("- name: filter[unassigned]", "- name: filter[nobody]")],
            "openapi.yaml: filter 'nobody': no code carries it out",
        ),
        (
            [("                - created_at\n", "                - subject\n")],
            "openapi.yaml: sort key 'subject': no code carries it out",
        ),
        (
            [("                - created_at\n                - -created_at\n", "")],
            "openapi.yaml: sort key 'created_at' is carried out but not documented",
        ),
        (
            [("operationId: getTicket\n      summary", "operationId: listTickets\n      summary")],
            "openapi.yaml: operationId 'listTickets' is used twice",
        ),
        (
            [("      operationId: getTicket\n      summary", "      summary")],
            "openapi.yaml: GET /api/tickets/{id}: no operationId",
        ),
        (
            [("in: query\n", "in: cookie\n")],
            "openapi.yaml: GET /api/tickets: parameter 'per_page': in must be query or path",
        ),
        (
            [("            type: integer\n", "            type: number\n")],
            "openapi.yaml: GET /api/tickets: parameter 'per_page': cannot read a number",
        ),
        (
            [('"400":\n', '"2XX":\n')],
            "openapi.yaml: GET /api/tickets: response '2XX': a status must be a number",
        ),
        (
            [('"400":\n', '"201":\n')],
            "openapi.yaml: GET /api/tickets: expected one success status, found 2",
        ),
        (
            [("  /api/tickets/{id}:\n", "  api/tickets/{id}:\n")],
            (
                "openapi.yaml: paths: 'api/tickets/{id}' does not begin with /; "
                "write /api/tickets/{id}"
            ),
        ),
        (
            [("  /api/tickets/{id}:\n", "  /api/tickets/{ticket-id}:\n")],
            (
                "openapi.yaml: paths: /api/tickets/{ticket-id}: write each parameter once, "
                "with letters, digits and _, as {team_id}"
            ),
        ),
        (
            [("            application/json:\n", "            application/xml:\n")],
            "openapi.yaml: only application/json bodies can be served",
        ),
    ],
)
def test_a_contract_that_the_code_does_not_fit_stops_the_start(
    serve: Serve, openapi: Path, pairs: list[tuple[str, str]], complaint: str
) -> None:
    alter(openapi, *pairs)
    with pytest.raises(SpecError, match=f"^{re.escape(complaint)}$"):
        serve()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n      operationId: updateTicketStatus", "\n      operationId: other"),
        ("\n      operationId: getTicket", "\n      operationId: listTickets"),
        ("name: per_page\n        in: query", "name: perPage\n        in: query"),
        ("subject:\n          type: string", "subject:\n          type: text"),
    ],
)
def test_an_error_names_the_file_of_the_contract(
    make_app: Callable[..., Flask], tmp_path: Path, whole: str, old: str, new: str
) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(whole, encoding="utf-8")
    alter(mine, (old, new))
    with pytest.raises(SpecError, match=r"^mine\.yaml: "):
        make_app(world=WORLD_FILE, contract=str(mine))


def test_an_operation_that_nobody_documents_stops_the_start(serve: Serve, openapi: Path) -> None:
    text = openapi.read_text()
    openapi.write_text(
        text[: text.index("  /api/tickets/{id}/assignee:")] + text[text.index("components:") :]
    )
    message = "operation 'updateTicketAssignee' is carried out but not documented"
    with pytest.raises(SpecError, match=message):
        serve()


def test_a_contract_without_any_operation_stops_the_start(serve: Serve, openapi: Path) -> None:
    openapi.write_text("openapi: 3.1.0\ninfo: {title: Nothing, version: 1.0.0}\n")
    with pytest.raises(SpecError, match=r"^openapi\.yaml: "):
        serve()


def test_a_reply_without_its_ticket_stops_the_start(serve: Serve, openapi: Path) -> None:
    text = openapi.read_text()
    start = text.index("operationId: getTicket\n      summary")
    end = text.index("  /api/tickets/{id}/status")
    part = text[start:end].replace("ticket:\n", "thing:\n").replace("[ticket]", "[thing]")
    openapi.write_text(text[:start] + part + text[end:])
    with pytest.raises(SpecError, match="the reply of getTicket has no 'ticket'"):
        serve()


def test_operations_know_what_the_document_says() -> None:
    operations: dict[str, Any] = Contract.load().operations
    size = operations["listTickets"].query["per_page"]
    assert (size.kind, size.default, size.minimum, size.maximum) == ("integer", 25, 1, 100)
    status = operations["updateTicketStatus"].body[0]
    assert (status.name, status.required, status.nullable) == ("status", True, False)
    assert status.choices == ("open", "closed", "spam")
    user = operations["updateTicketAssignee"].body[0]
    assert (user.name, user.required, user.nullable) == ("user_id", True, True)


def test_an_unknown_operation_is_named() -> None:
    with pytest.raises(SpecError, match="no operation 'nope'"):
        Contract.load().success("nope")
