"""Validation of parameter and field values against their schemas."""

import re
from collections.abc import Iterator
from typing import Any

from mockserver.contract.operation import Field, Parameter
from mockserver.contract.request_check.finding import Finding, nearest

BOOLEANS = {"true": "true", "false": "false", "1": "true", "0": "false"}
"""Accepted spellings of booleans."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_MOST_DIGITS = 19


def validate_value(parameter: Parameter, value: str) -> Iterator[Finding]:
    """Validate the text of one query parameter."""
    if parameter.kind == "integer":
        yield from _integer(parameter.name, parameter.schema, value)
    elif parameter.kind == "boolean" and value not in BOOLEANS:
        yield _one_of(parameter.name, value, ["true", "false"])
    elif parameter.kind == "array":
        yield from _list(parameter, value)


def validate_member(field: Field, value: Any) -> Iterator[Finding]:
    """Validate one member of a JSON body."""
    if _kind(value) not in field.kinds:
        wanted = " or ".join(field.kinds)
        message = f"{field.name} is {_kind(value)}, not {wanted}"
        yield Finding("wrong_value", f"body {field.name}", message)
    elif field.choices and value not in field.choices:
        yield _one_of(field.name, value, field.choices, "body")


def _integer(name: str, schema: dict[str, Any], text: str) -> Iterator[Finding]:
    if not _INTEGER.fullmatch(text):
        yield _wrong(name, f"{name}={text[:40]} is not an integer")
    elif len(text.lstrip("-")) > _MOST_DIGITS:
        yield _wrong(name, f"{name}={text[:40]} has more than {_MOST_DIGITS} digits")
    elif int(text) < schema.get("minimum", int(text)):
        yield _wrong(name, f"{name}={text} is below {schema['minimum']}")
    elif int(text) > schema.get("maximum", int(text)):
        yield _wrong(name, f"{name}={text} is above {schema['maximum']}")


def _list(parameter: Parameter, text: str) -> Iterator[Finding]:
    if not text and parameter.schema.get("minItems"):
        yield _wrong(parameter.name, f"{parameter.name} is empty; leave it out")
        return
    for item in text.split(","):
        if parameter.choices and item not in parameter.choices:
            yield _one_of(parameter.name, item, parameter.choices)
        elif parameter.items.get("type") == "integer":
            yield from _integer(parameter.name, parameter.items, item)


def _one_of(name: str, value: Any, choices: Any, place: str = "query") -> Finding:
    message = f"{name}={str(value)[:40]} is not one of {', '.join(map(str, choices))}"
    return Finding("wrong_value", f"{place} {name}", message, nearest(str(value), choices))


def _wrong(name: str, message: str) -> Finding:
    return Finding("wrong_value", f"query {name}", message)


def _kind(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, float) and value.is_integer():
        return "integer"  # in JSON Schema, 5.0 is an integer
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")
