"""Input of an admin request, validated against its operation's schemas."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Request
from jsonschema_rs import ValidationError, ValidationErrorKind

from mockserver.admin.openapi import AdminOperation
from mockserver.contract.document.references import Node
from mockserver.contract.errors import Invalid, NotFound, suggestion

_YAML = "application/yaml"


def read_path(operation: AdminOperation, path: Mapping[str, str]) -> dict[str, Any]:
    """Return the path parameters, typed; raises NotFound for an invalid one."""
    values = {name: _typed(operation, name, text) for name, text in path.items()}
    for name, value in values.items():
        if not operation.validators[name].is_valid(value):
            schema = operation.schema(name)
            if "pattern" in schema:
                problem = f"{path[name]!r} is not a valid name of a {name}"
                raise NotFound(f"{problem}; write it like {schema['examples'][0]}.")
            raise NotFound(f"There is no {name} {path[name]!r}.")
    return values


def read_query(operation: AdminOperation, request: Request) -> dict[str, Any]:
    """Return the declared query parameters, typed; raises Invalid."""
    values = {}
    for name in operation.names("query"):
        if name not in request.args:
            continue
        value = _typed(operation, name, request.args[name])
        faults = [error.message for error in operation.validators[name].iter_errors(value)]
        if faults:
            raise Invalid({name: faults})
        values[name] = value
    return values


def read_body(operation: AdminOperation, request: Request) -> Any:
    """Return the body: parsed JSON, or the text of a YAML file; raises Invalid."""
    if not operation.bodies:
        return None
    data = request.get_data()
    if not data:
        if operation.body_required:
            raise Invalid({"body": ["The body is empty; send JSON as /_mock/docs describes."]})
        return {}
    if _YAML in operation.bodies and not request.mimetype.endswith("json"):
        return _text(data)
    body = _json(data)
    if faults := list(operation.body_validator.iter_errors(body)):
        raise Invalid(_complaints(operation.body_schema, faults))
    return body


def _typed(operation: AdminOperation, name: str, text: str) -> Any:
    kind = operation.kind(name)
    if kind == "integer" and text.isascii() and text.isdigit() and len(text) < 20:
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Invalid({"body": [f"The body is not UTF-8 text: {error.reason}."]}) from None


def _json(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Invalid({"body": [f"The body is not valid JSON: {error}."]}) from None


def _complaints(schema: Node, faults: list[ValidationError]) -> dict[str, list[str]]:
    complaints: dict[str, list[str]] = {}
    for fault in faults:
        field = ".".join(map(str, fault.instance_path)) or "body"
        complaints.setdefault(field, []).append(f"{field}: {_complaint(schema, fault)}.")
    return complaints


def _complaint(schema: Node, fault: ValidationError) -> str:
    kind = fault.kind
    if isinstance(kind, ValidationErrorKind.AdditionalProperties):
        known, name = _owner(schema, fault).get("properties", {}), kind.unexpected[0]
        remedy = suggestion(name, known, f"fields are {', '.join(known)}")
        return f"unknown field {name!r}; {remedy}"
    if isinstance(kind, ValidationErrorKind.Required):
        return f"{kind.property} is missing; add it"
    if isinstance(kind, ValidationErrorKind.AnyOf):
        branches = _owner(schema, fault)["anyOf"]
        return f"give {' or '.join(name for each in branches for name in each['required'])}"
    if isinstance(kind, ValidationErrorKind.Not):
        return f"give only one of {', '.join(_owner(schema, fault)['not']['required'])}"
    return _value_complaint(schema, fault)


def _value_complaint(schema: Node, fault: ValidationError) -> str:
    kind = fault.kind
    if isinstance(kind, ValidationErrorKind.Enum) and isinstance(fault.instance, str):
        known = [each for each in _owner(schema, fault)["enum"] if isinstance(each, str)]
        remedy = suggestion(fault.instance, known, f"it is one of {', '.join(known)}")
        return f"{_shortened(repr(fault.instance))} is not known; {remedy}"
    if isinstance(kind, ValidationErrorKind.Pattern):
        given = json.dumps(fault.instance, ensure_ascii=False)
        return f"{_shortened(given)} is not valid; write it like {_example(schema, fault)}"
    return _shortened(fault.message)


def _example(schema: Node, fault: ValidationError) -> str:
    return str(_owner(schema, fault).get("examples", ["the schema says"])[0])


def _owner(schema: Node, fault: ValidationError) -> Node:
    """Return the part of the schema that contains the violated keyword."""
    owner: Any = schema
    for step in list(fault.schema_path)[:-1]:
        owner = owner[step]
    found: Node = owner
    return found


def _shortened(message: str) -> str:
    return message if len(message) <= 200 else f"{message[:120]} … {message[-70:]}"
