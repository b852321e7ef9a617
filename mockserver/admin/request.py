"""Input of an admin request, validated against its operation's schemas."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Request
from jsonschema_rs import ValidationError, ValidationErrorKind

from mockserver.admin.openapi.document import AdminOperation
from mockserver.contract.document.references import Node
from mockserver.contract.document.violations import explain, nearest_property, violated_part
from mockserver.contract.errors import Invalid, NotFound

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
        name = kind.unexpected[0]
        return f"unknown field {name!r}; {nearest_property(schema, fault, name)}"
    if isinstance(kind, ValidationErrorKind.AnyOf):
        branches = violated_part(schema, fault)["anyOf"]
        return f"give {' or '.join(name for each in branches for name in each['required'])}"
    if isinstance(kind, ValidationErrorKind.Not):
        return f"give only one of {', '.join(violated_part(schema, fault)['not']['required'])}"
    return explain(schema, fault)
