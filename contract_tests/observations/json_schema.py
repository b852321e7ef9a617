"""The contract's schemas as validators, and the places of what does not fit them."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import jsonschema_rs

from mockserver.contract.operations import Contract

Fault = tuple[list[str | int], str, str | None]
"""Path, message, and the property that is missing, if one is."""


def faults_of(contract: Contract, schema: dict[str, Any], document: Any) -> Iterator[Fault]:
    """Yield (path, message, missing property) of every fault; values are not quoted."""
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
    kind = type(error.kind).__name__
    if kind == "Required":
        return f"{getattr(error.kind, 'property', '')!r} is missing"
    rule = error.schema_path[-1] if error.schema_path else kind
    found = type(error.instance).__name__ if kind == "Type" else "the value"
    return f"{found} does not fit {rule!r} of the schema"


def pointer(path: list[str | int]) -> str:
    return "/" + "/".join(str(part) for part in path)


def reference(title: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{title}"}


def _freeze(schema: dict[str, Any]) -> str:
    return json.dumps(schema, sort_keys=True)


@lru_cache(maxsize=64)
def _validator(contract: Contract, schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = contract.standalone(json.loads(schema))
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
