"""Violations of a JSON schema, in words that say how to correct them."""

import json

from jsonschema_rs import ValidationError, ValidationErrorKind

from mockserver.contract.document.references import Node, node_at
from mockserver.contract.errors import suggestion

_LONGEST = 160
"""Characters of a value or a message; the middle of a longer one is left out."""


def explain(schema: Node, error: ValidationError) -> str:
    """Return what is wrong with a value, and how to correct it."""
    kind = error.kind
    if isinstance(kind, ValidationErrorKind.Required):
        return f"{kind.property} is missing; add it"
    if isinstance(kind, ValidationErrorKind.Enum) and isinstance(error.instance, str):
        known = [each for each in violated_part(schema, error)["enum"] if isinstance(each, str)]
        remedy = suggestion(error.instance, known, f"it is one of {', '.join(known)}")
        return f"{_shortened(repr(error.instance))} is not known; {remedy}"
    if isinstance(kind, ValidationErrorKind.Pattern):
        written = json.dumps(error.instance, ensure_ascii=False)
        example = violated_part(schema, error)["examples"][0]
        return f"{_shortened(written)} is not valid; write it like {example}"
    return _shortened(error.message)


def nearest_property(schema: Node, error: ValidationError, name: str) -> str:
    """Return which property was meant by one that does not exist, or all that there are."""
    return suggestion(name, violated_part(schema, error).get("properties", {}))


def violated_part(schema: Node, error: ValidationError) -> Node:
    """Return the part of a schema that contains the violated keyword."""
    part: Node = node_at(schema, map(str, error.schema_path[:-1]))
    return part


def _shortened(message: str) -> str:
    return message if len(message) <= _LONGEST else f"{message[:80]} … {message[-77:]}"
