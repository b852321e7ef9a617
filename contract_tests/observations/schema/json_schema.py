"""The contract's schemas as validators, and the places of what does not fit them."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jsonschema_rs

from mockserver.contract.document.references import steps
from mockserver.contract.operations import Contract

MOST_NAMES = 8
LONGEST = 60
"""Characters of a value that are shown."""
_POINTER = re.compile(r"(/\S*): ")
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,39}")
Fault = tuple[list[str | int], str, str | None]
"""Path, message, and the property that is missing, if one is."""


def faults_of(contract: Contract, schema: dict[str, Any], document: Any) -> Iterator[Fault]:
    """Yield (path, message, missing property) of every fault."""
    for error in _validator(contract, _freeze(schema)).iter_errors(document):
        yield from _innermost(error)


def _innermost(
    error: jsonschema_rs.ValidationError,
) -> Iterator[Fault]:
    """Descend into anyOf: the branch that got furthest says what is wrong."""
    branches = getattr(error.kind, "context", None)
    path = list(error.instance_path)
    if branches:
        inner = [found for branch in branches for e in branch for found in _innermost(e)]
        deeper = [found for found in inner if len(found[0]) > len(path)]
        if deeper:
            yield from deeper
            return
    missing = getattr(error.kind, "property", None)
    yield path, _words(error), missing if isinstance(missing, str) else None


def _words(error: jsonschema_rs.ValidationError) -> str:
    """Return what is wrong: the value and the rule, or the names that are there instead."""
    kind, detail = type(error.kind).__name__, error.kind
    shown = _shown(error.instance)
    if kind == "Required":
        return f"{getattr(detail, 'property', '')!r} is missing; {_names(error.instance)}"
    if kind == "Enum":
        return f"{shown} is not one of {', '.join(map(_shown, getattr(detail, 'options', ())))}"
    if types := _types(error):
        return f"{shown} is of another type than {' or '.join(types)}"
    if kind == "Format":
        return f"{shown} is not in the format {getattr(detail, 'format', '')}"
    if kind == "Pattern":
        return f"{shown} does not match {getattr(detail, 'pattern', '')}"
    rule = error.schema_path[-1] if error.schema_path else kind
    limit = getattr(detail, "limit", None)
    size = _size(error.instance)
    allowed = f"{rule!r} of the schema" if limit is None else f"{rule} {limit}{size}"
    return f"{shown} does not fit {allowed}"


def _size(value: Any) -> str:
    """Return the size of a value that a limit is about; empty for a number, which is its own."""
    if isinstance(value, int | float):
        return ""
    unit = "characters" if isinstance(value, str) else "items"
    return f", it has {len(value)} {unit}"


def _types(error: jsonschema_rs.ValidationError) -> list[str]:
    """Return the types that a value should have, also where each branch asks for another one."""
    branches = [e for branch in getattr(error.kind, "context", ()) for e in branch]
    found = [list(getattr(each.kind, "types", ())) for each in branches or [error]]
    return sorted({name for types in found for name in types}) if all(found) else []


def _names(value: Any) -> str:
    """Return the names that an object has; one that is no name may be data, and is left out."""
    names = [f"`{name}`" for name in value if _NAME.fullmatch(name)][:MOST_NAMES]
    return f"there are {', '.join(names)}" if names else "it has no other name"


def _shown(value: Any) -> str:
    """Return a value in few characters; texts in quotes."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return f"'{value[:LONGEST]}'" if isinstance(value, str) else json.dumps(value)


def pointer(path: list[str | int]) -> str:
    return "/" + "/".join(str(part) for part in path)


def place_in(message: str) -> tuple[str, ...] | None:
    """Return the place that a message begins with, as `pointer` writes it; None without one."""
    match = _POINTER.match(message)
    return steps(match[1]) if match else None


def reference(title: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{title}"}


def _freeze(schema: dict[str, Any]) -> str:
    return json.dumps(schema, sort_keys=True)


@lru_cache(maxsize=64)
def _validator(contract: Contract, schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = contract.standalone(json.loads(schema))
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
