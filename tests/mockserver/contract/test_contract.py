import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
import yaml

from mockserver.contract import resources
from mockserver.contract.document.references import Node, node_at, steps
from mockserver.contract.operations import Contract

FILES = sorted((resources.root() / "schemas").glob("*.yaml"))
OPERATIONS = {
    "listTickets": ("GET", "/api/tickets", [200, 400, 401, 422, 429]),
    "getTicket": ("GET", "/api/tickets/{id}", [200, 401, 403, 404, 429]),
    "updateTicketStatus": (
        *("PUT", "/api/tickets/{id}/status"),
        [200, 401, 403, 404, 422, 429],
    ),
    "updateTicketAssignee": (
        *("PUT", "/api/tickets/{id}/assignee"),
        [200, 401, 403, 404, 422, 429],
    ),
}
STATUSES = ["open", "closed", "spam"]
EXAMPLES = {"listTickets": "list-tickets", "getTicket": "get-ticket"}


@pytest.fixture(scope="module")
def contract() -> Contract:
    """The contract of the page, without its extension."""
    return Contract.load().page


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def nodes(node: Any) -> Iterator[Node]:
    """Yield every mapping inside `node`."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict):
        yield node
    for child in children:
        yield from nodes(child)


def operations(contract: Contract) -> Iterator[Node]:
    for item in contract.document["paths"].values():
        yield from item.values()


def responses(contract: Contract) -> Iterator[tuple[str, str, Node]]:
    for operation in operations(contract):
        for status, response in operation["responses"].items():
            yield operation["operationId"], status, contract.resolve(response)


def test_the_document_with_its_files_is_valid_openapi() -> None:
    path = resources.contract()
    openapi_spec_validator.validate(read(path), base_uri=path.as_uri())


def test_the_bundled_document_is_valid_openapi(contract: Contract) -> None:
    openapi_spec_validator.validate(contract.document)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_schema_file_bears_the_name_of_its_noun(path: Path) -> None:
    schema = read(path)
    assert re.sub(r"(?<!^)(?=[A-Z])", "-", schema["title"]).lower() == path.stem
    assert schema["description"].endswith(".")


def test_every_schema_file_is_used() -> None:
    assert {read(path)["title"] for path in FILES} == set(
        Contract.load().document["components"]["schemas"]
    )


def test_the_operations_are_the_documented_ones(contract: Contract) -> None:
    found = {
        name: (operation.method, operation.path, sorted(operation.responses))
        for name, operation in contract.operations.items()
    }
    assert found == OPERATIONS


def test_the_documented_host_comes_before_the_mock(contract: Contract) -> None:
    assert [server["url"] for server in contract.document["servers"]] == [
        "https://app.therethere.com",
        "http://127.0.0.1:4010",
    ]


def test_every_operation_asks_for_a_bearer_token(contract: Contract) -> None:
    scheme = contract.document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert contract.document["security"] == [{"bearer": []}]
    assert not any("security" in operation for operation in operations(contract))


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("per_page", {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
        ("page", {"type": "integer", "minimum": 1, "default": 1}),
        ("sort", {"type": "array", "default": ["-updated_at"]}),
        ("filter[status]", {"type": "array"}),
        ("filter[channel_ids]", {"type": "array"}),
        ("filter[tag_ids]", {"type": "array"}),
        ("filter[search]", {"type": "string"}),
        ("filter[assigned_to_me]", {"type": "boolean"}),
        ("filter[unassigned]", {"type": "boolean"}),
    ],
)
def test_a_parameter_of_the_list_has_its_documented_type_default_and_limits(
    contract: Contract, name: str, schema: Node
) -> None:
    found = contract.operations["listTickets"].query[name].schema
    assert {key: found.get(key) for key in schema} == schema
    assert ("default" in found) == ("default" in schema)


def test_every_list_in_the_query_is_comma_separated(contract: Contract) -> None:
    listing = contract.document["paths"]["/api/tickets"]["get"]
    lists = [each for each in listing["parameters"] if each["schema"]["type"] == "array"]
    assert len(lists) == 4
    assert {(each["style"], each["explode"]) for each in lists} == {("form", False)}


def test_the_statuses_are_written_in_one_place() -> None:
    lists = [
        node["enum"]
        for path in [resources.contract(), *FILES]
        for node in nodes(read(path))
        if set(STATUSES) & set(node.get("enum", ()))
    ]
    assert lists == [STATUSES]


def test_both_updates_answer_with_the_ticket_as_a_list_has_it(contract: Contract) -> None:
    for name in ("updateTicketStatus", "updateTicketAssignee"):
        schema = contract.operations[name].responses[200] or {}
        assert schema["required"] == ["ticket"]
        assert schema["properties"]["ticket"]["$ref"] == "#/components/schemas/Ticket"


def test_no_schema_closes_the_door_to_new_fields(contract: Contract) -> None:
    assert not [
        node for node in nodes(contract.document) if node.get("additionalProperties") is False
    ]


def test_every_field_that_an_example_shows_is_required(contract: Contract) -> None:
    schemas = contract.document["components"]["schemas"]
    lax = {
        title
        for title, schema in schemas.items()
        for part in [schema, *schema.get("allOf", ())]
        if set(part.get("required", ())) != set(part.get("properties", ()))
    }
    assert lax == {"Attachment"}


def test_too_many_requests_always_say_when_to_come_back(contract: Contract) -> None:
    refusals = [response for _, status, response in responses(contract) if status == "429"]
    assert len(refusals) == len(OPERATIONS)
    for response in refusals:
        assert contract.resolve(response["headers"]["Retry-After"])["required"] is True


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "429"])
def test_an_error_is_a_message(contract: Contract, status: str) -> None:
    bodies = {
        json.dumps(response["content"]["application/json"]["schema"])
        for _, code, response in responses(contract)
        if code == status
    }
    assert bodies == {'{"$ref": "#/components/schemas/ApiError"}'}


@pytest.mark.parametrize(
    ("body", "valid"),
    [
        ({"message": "It is.", "errors": {"status": ["It is."]}}, True),
        ({"message": "It is.", "errors": {}}, True),
        ({"message": "It is."}, False),
        ({"errors": {"status": ["It is."]}}, False),
        ({"message": "It is.", "errors": {"status": "It is."}}, False),
        ({"message": "It is.", "errors": {"status": [1]}}, False),
    ],
)
def test_a_validation_error_lists_the_errors_of_each_field(
    contract: Contract, body: Any, *, valid: bool
) -> None:
    schema = contract.operations["updateTicketStatus"].responses[422] or {}
    validator = jsonschema.Draft202012Validator(contract.standalone(schema))
    assert validator.is_valid(body) == valid


def test_the_links_lead_from_every_answer_to_the_other_operations(contract: Contract) -> None:
    found = {
        operation: {link["operationId"] for link in response["links"].values()}
        for operation, status, response in responses(contract)
        if status == "200"
    }
    updates = {"updateTicketStatus", "updateTicketAssignee"}
    assert found == {
        "listTickets": {"getTicket", *updates},
        "getTicket": updates,
        **{update: {"getTicket"} for update in updates},
    }


@pytest.mark.parametrize("operation", EXAMPLES)
def test_a_link_takes_the_id_that_the_example_has(contract: Contract, operation: str) -> None:
    example = json.loads((resources.examples() / f"{EXAMPLES[operation]}.json").read_text())
    links = [
        link
        for name, status, response in responses(contract)
        if (name, status) == (operation, "200")
        for link in response["links"].values()
    ]
    assert links
    for link in links:
        assert list(link["parameters"]) == ["id"]
        pointer = link["parameters"]["id"].removeprefix("$response.body")
        assert node_at(example, steps(pointer)) == 42


def test_every_parameter_has_an_example_that_its_schema_accepts(contract: Contract) -> None:
    parameters = [
        contract.resolve(each)
        for operation in operations(contract)
        for each in operation["parameters"]
    ]
    for parameter in parameters:
        validator = jsonschema.Draft202012Validator(contract.standalone(parameter["schema"]))
        assert validator.is_valid(parameter["example"]), parameter["name"]


def test_the_examples_of_a_body_are_the_documented_ones(contract: Contract) -> None:
    found = {}
    for operation in operations(contract):
        if body := operation.get("requestBody"):
            media = body["content"]["application/json"]
            values = [example["value"] for example in media["examples"].values()]
            validator = jsonschema.Draft202012Validator(contract.standalone(media["schema"]))
            assert all(validator.is_valid(value) for value in values)
            found[operation["operationId"]] = values
    assert found == {
        "updateTicketStatus": [{"status": "closed"}],
        "updateTicketAssignee": [{"user_id": 5}, {"user_id": None}],
    }
