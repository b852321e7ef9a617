"""Operations that are declared in YAML alone answer from collections, examples or schemas."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.contract import resources
from mockserver.contract.document.bundle import bundle, write_yaml
from mockserver.contract.errors import MockError
from mockserver.contract.operations import Contract
from mockserver.contract.sample import Sampler
from tests.support.harness import WORLD_FILE, Api, MakeApp

Node = dict[str, Any]

MEMBER: Node = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": "string"},
    },
}
NOTE: Node = {
    "type": "object",
    "required": ["id", "text"],
    "properties": {"id": {"type": "integer"}, "text": {"type": "string"}},
}


def answers(schema: Node | None, status: int = 200, **media_type: Any) -> Node:
    """Return an operation with one response."""
    content = {"content": {"application/json": {"schema": schema, **media_type}}} if schema else {}
    return {"responses": {str(status): {"description": "OK.", **content}}}


def wrapped(name: str, schema: Node) -> Node:
    return {"type": "object", "required": [name], "properties": {name: schema}}


def path_parameter(name: str) -> Node:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


@pytest.fixture
def make(tmp_path: Path, make_app: MakeApp) -> Any:
    """Return a caller of a mock whose contract and world file have additional parts."""

    def make(paths: Node, collections: Node | None = None) -> Api:
        document = bundle(resources.contract())
        for path, item in paths.items():
            for method, operation in item.items():
                operation["operationId"] = f"{method}{path.title().replace('/', '')}"
        document["paths"] |= paths
        contract = tmp_path / "own.yaml"
        contract.write_text(write_yaml(document), encoding="utf-8")
        world = yaml.safe_load(Path(WORLD_FILE).read_text(encoding="utf-8"))
        world["collections"] = collections or {}
        file = tmp_path / "own-world.yaml"
        file.write_text(yaml.safe_dump(world), encoding="utf-8")
        return Api(make_app(contract=str(contract), world=str(file)), "ann")

    return make


def test_rows_of_the_world_file_are_listed_and_found_by_id(make: Any) -> None:
    listing = answers(wrapped("data", {"type": "array", "items": NOTE}))
    one = {**answers(wrapped("note", NOTE)), "parameters": [path_parameter("note")]}
    rows = [{"id": 1, "text": "First."}, {"id": 7, "text": "Second."}]
    ann = make(
        {"/api/notes": {"get": listing}, "/api/notes/{note}": {"get": one}}, {"/api/notes": rows}
    )
    assert ann.get("/api/notes").json == {"data": rows}
    assert ann.get("/api/notes/7").json == {"note": rows[1]}
    assert ann.get("/api/notes").headers["X-Mock-Source"] == "collection"
    assert ann.get("/api/notes/8").status_code == 404


def test_a_collection_with_meta_is_paginated(make: Any) -> None:
    schema = wrapped("data", {"type": "array", "items": NOTE})
    schema["properties"] |= {"meta": {"type": "object"}, "links": {"type": "object"}}
    number = {"type": "integer", "minimum": 1}
    query = [
        {"name": "page", "in": "query", "schema": {**number, "default": 1}},
        {"name": "per_page", "in": "query", "schema": {**number, "default": 2}},
    ]
    rows = [{"id": id, "text": "A note."} for id in range(1, 6)]
    ann = make(
        {"/api/notes": {"get": {**answers(schema), "parameters": query}}}, {"/api/notes": rows}
    )
    page = ann.get("/api/notes?page=3").json
    assert [row["id"] for row in page["data"]] == [5]
    assert page["meta"]["total"] == 5
    assert page["links"]["prev"].endswith("/api/notes?page=2")


def test_an_example_is_the_answer_with_the_documented_status(make: Any) -> None:
    example = {"note": {"id": 3, "text": "Saved."}}
    operation = answers(wrapped("note", NOTE), 201, example=example)
    body = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
    operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    ann = make({"/api/notes": {"post": operation}})
    reply = ann.send("POST", "/api/notes", json={"text": "Saved."})
    assert (reply.status_code, reply.json) == (201, example)
    assert ann.send("POST", "/api/notes", json={}).status_code == 422
    assert ann.send("POST", "/api/notes", json={}, headers={"Authorization": ""}).status_code == 401


def test_without_an_example_the_schema_makes_the_answer(make: Any) -> None:
    ann = make({"/api/me": {"get": answers(wrapped("user", MEMBER))}})
    user = ann.get("/api/me").json["user"]
    assert user.keys() == {"id", "name", "email"}
    assert ann.get("/api/me").json["user"] == user


def test_an_answer_without_a_body_has_none(make: Any) -> None:
    operation = {**answers(None, 204), "parameters": [path_parameter("note")]}
    ann = make({"/api/notes/{note}": {"delete": operation}})
    reply = ann.send("DELETE", "/api/notes/3")
    assert (reply.status_code, reply.data) == (204, b"")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/api/notes/abc", None),
        ("/api/tickets/abc/notes", "'abc' is not a valid ticket id: use an integer such as 42"),
        ("/api/contacts/abc", "'abc' is not a valid contact id: use an integer such as 42"),
    ],
)
def test_only_an_id_of_a_documented_kind_is_judged(make: Any, path: str, hint: str | None) -> None:
    note = answers(wrapped("note", NOTE))
    ann = make(
        {
            "/api/notes/{note}": {"get": {**note, "parameters": [path_parameter("note")]}},
            "/api/tickets/{id}/notes": {"get": {**note, "parameters": [path_parameter("id")]}},
        }
    )
    assert ann.get(path).headers.get("X-Mock-Hint") == hint


@pytest.mark.parametrize(
    ("paths", "collections", "reason"),
    [
        (
            {},
            {"/api/notes": []},
            "^own-world.yaml: collections: /api/notes: .*no GET operation there",
        ),
        (
            {"/api/notes": {"get": answers(wrapped("data", {"type": "array", "items": NOTE}))}},
            {"/api/notes": [{"id": 1, "txt": "A note."}]},
            "^own-world.yaml: collections: /api/notes: .*row with id 1",
        ),
        (
            {"/api/me": {"get": answers(wrapped("user", MEMBER), example={"user": {}})}},
            None,
            "^own.yaml: .*state an example that fits",
        ),
    ],
)
def test_what_does_not_fit_the_contract_stops_the_start(
    make: Any, paths: Node, collections: Node | None, reason: str
) -> None:
    with pytest.raises(MockError, match=reason):
        make(paths, collections)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "minLength": 60, "maxLength": 60},
        {"type": ["integer", "null"], "minimum": 5},
        {"type": "array", "minItems": 3, "items": {"type": "boolean"}},
        {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]},
        {"allOf": [NOTE, {"type": "object", "properties": {"at": {"format": "date-time"}}}]},
    ],
)
def test_a_sample_fits_its_schema(schema: Node) -> None:
    import jsonschema

    value = Sampler(Contract.load()).value(schema)
    jsonschema.validate(value, schema)


def test_a_field_that_no_record_has_gets_its_default(tmp_path: Path, make_app: MakeApp) -> None:
    document = bundle(resources.contract())
    ticket = document["components"]["schemas"]["Ticket"]["properties"]
    ticket["priority"] = {"type": "string", "default": "normal"}
    contract = tmp_path / "own.yaml"
    contract.write_text(write_yaml(document), encoding="utf-8")
    ann = Api(make_app(contract=str(contract), world=WORLD_FILE), "ann")
    row = ann.page()["data"][0]
    assert row["priority"] == "normal"
    assert ann.ticket(row["id"])["priority"] == "normal"
