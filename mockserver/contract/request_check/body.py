"""Validation of a request body against the fields of its operation."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.operation import Operation
from mockserver.contract.request_check.finding import Finding, nearest
from mockserver.contract.request_check.value import validate_member


def read_body(text: str | None) -> dict[str, Any]:
    """Return the members of a JSON object, empty for anything else."""
    return (_object(text) if text else None) or {}


def _object(text: str) -> dict[str, Any] | None:
    """Return a JSON object without lone surrogates, which UTF-8 cannot encode."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    text = json.dumps(found, ensure_ascii=False)
    shown = text.encode(errors="replace").decode()
    return found if shown == text else dict(json.loads(shown))


def validate_body(operation: Operation, media_type: str, text: str | None) -> Iterator[Finding]:
    """Validate a body; one that was not kept (None) has no findings."""
    if text is None:
        return
    if not operation.body:
        if text:
            yield Finding("ignored_body", "body", f"{operation.id} takes no body")
        return
    if text and not media_type.endswith(("/json", "+json")):
        message = _media_type_message(media_type)
        yield Finding("wrong_media_type", "body", message, "application/json")
    elif text and _object(text) is None:
        yield Finding("wrong_value", "body", "the body is not a JSON object")
    else:
        yield from _members(operation, read_body(text))


def _media_type_message(media_type: str) -> str:
    if media_type == "application/x-www-form-urlencoded":
        return f"the body is {media_type}"
    sent = f"sent as {media_type}" if media_type else "sent without Content-Type"
    return f"the body is {sent} and is ignored"


def _members(operation: Operation, given: Mapping[str, Any]) -> Iterator[Finding]:
    fields = {field.name: field for field in operation.body}
    for name, value in given.items():
        if name in fields:
            yield from validate_member(fields[name], value)
        else:
            message = f"{name[:80]} is ignored"
            yield Finding("ignored_field", f"body {name}", message, nearest(name, fields))
    for name, field in fields.items():
        if field.required and name not in given:
            yield Finding("missing_field", f"body {name}", f"{name} is missing from the body")
