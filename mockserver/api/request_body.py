"""The request body as the vendor's framework reads and validates it."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from mockserver.contract.choices import Choices
from mockserver.contract.errors import Invalid
from mockserver.contract.operation import Field, Operation
from mockserver.journal import MAX_BODY

_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,18})")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ABSENT = object()
_UNREAD = "the body is not a JSON object, or nested too deeply to be read"
"""Hint at a body too large for the journal, which finds that of the others."""


def read_body(
    operation: Operation,
    media_type: str,
    data: bytes,
    query: Mapping[str, str | list[str] | None],
    choices: Choices,
) -> dict[str, Any]:
    """Return the declared fields, typed; raises Invalid with a message for every broken rule.

    A field missing from the body is looked for in the query. What cannot be parsed
    is taken as empty input: the framework has no 400 for it.
    """
    given = _parse(media_type, data)
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for field in operation.body:
        value = given.get(field.name, query.get(field.name))
        if field.name not in given and value is None:
            value = _ABSENT
        try:
            values[field.name] = _value(field, _cleaned(value), choices)
        except _BrokenRules as broken:
            errors |= broken.messages
    if errors:
        unread = not given and len(data) > MAX_BODY
        raise Invalid(errors, _UNREAD if unread else "")
    return values


def body_as_query(media_type: str, data: bytes) -> list[tuple[str, str]]:
    """Return the fields of a JSON body as the pairs of a query; none of a very deep one."""
    try:
        return list(_flattened("", _parse(media_type, data)))
    except RecursionError:
        return []


def _flattened(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flattened(f"{name}[{key}]" if name else str(key), each)
    elif isinstance(value, list):
        for each in value:
            yield from _flattened(f"{name}[]", each)
    elif value is not None:
        yield name, str(int(value) if isinstance(value, bool) else value)


class _BrokenRules(Exception):
    """Messages by place: the field, or one item of it."""

    def __init__(self, messages: dict[str, list[str]]) -> None:
        super().__init__(messages)
        self.messages = messages


def _parse(media_type: str, data: bytes) -> dict[str, Any]:
    if media_type == "application/x-www-form-urlencoded":
        return _parse_form(data.decode(errors="replace"))
    if not media_type.endswith(("/json", "+json")):
        return {}
    try:
        # As in PHP: no byte order mark, no UTF-16, and no half of a surrogate pair.
        found = json.loads(data.decode())
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _parse_form(text: str) -> dict[str, Any]:
    """Return the fields of a form; `name[]` is an item of a list."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name.endswith("[]"):
            listed = found.setdefault(name[:-2], [])
            if isinstance(listed, list):
                listed.append(value)
        else:
            found[name] = value
    return found


def _cleaned(value: Any) -> Any:
    """Trim texts, and take an empty one for null."""
    return (value.strip() or None) if isinstance(value, str) else value


def _value(field: Field, value: Any, choices: Choices) -> Any:
    label = field.name.replace("_", " ")
    if field.nullable:
        return _nullable(field, label, value, choices)
    if value is _ABSENT or value is None or value in ([], {}):
        if field.required:
            raise _BrokenRules({field.name: [f"The {label} field is required."]})
        return None
    return _typed(field, label, value)


def _nullable(field: Field, label: str, value: Any, choices: Choices) -> Any:
    if value is _ABSENT and field.required and choices.absent_user_id == "refuse":
        raise _BrokenRules({field.name: [f"The {label} field must be present."]})
    if value is _ABSENT or value is None:
        return None
    return _typed(field, label, value)


def _typed(field: Field, label: str, value: Any) -> Any:
    if "integer" in field.kinds:
        return _integer(field, label, value)
    if "array" in field.kinds:
        return _items(field, label, value)
    broken = []
    if "string" in field.kinds and not isinstance(value, str):
        broken.append(f"The {label} field must be a string.")
    if field.choices and value not in field.choices:
        broken.append(f"The selected {label} is invalid.")
    if broken:
        raise _BrokenRules({field.name: broken})
    return value


def _items(field: Field, label: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _BrokenRules({field.name: [f"The {label} field must be an array."]})
    items = [_cleaned(item) for item in value]
    broken = {}
    for number, item in enumerate(items):
        is_address = isinstance(item, str) and _EMAIL.fullmatch(item)
        if field.items_format == "email" and not is_address:
            place = f"{field.name}.{number}"
            broken[place] = [f"The {place} field must be a valid email address."]
    if broken:
        raise _BrokenRules(broken)
    return items


def _integer(field: Field, label: str, value: Any) -> int:
    """Accept 5, "5", 5.0 and true, as the framework's loose rule does, within its 64 bits."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    whole = isinstance(value, int | float) and value is not False and value == value // 1
    if not whole or not -(2**63) <= value < 2**63:
        raise _BrokenRules({field.name: [f"The {label} field must be an integer."]})
    return int(value)
