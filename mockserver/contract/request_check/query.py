"""Validation of a query string against the parameters of its operation."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qsl

from mockserver.contract.operation import Operation, Parameter, filter_name
from mockserver.contract.request_check.finding import Finding, nearest
from mockserver.contract.request_check.value import BOOLEANS, validate_value

PREFER_PARAMETERS = ("__code", "__example", "__delay")
"""Parameters that select the mock's response and are not validated."""

Pairs = list[tuple[str, str]]

_ARRAY = re.compile(r"(.+)\[\d*\]")


@lru_cache(maxsize=1_000)
def parse_query(text: str) -> tuple[tuple[str, str], ...]:
    """Return the parameters of a query; remembered, as each is read by the API and validated."""
    return tuple(parse_qsl(text, keep_blank_values=True))


def read_query(text: str) -> Pairs:
    """Return the query parameters except PREFER_PARAMETERS."""
    return [(name, value) for name, value in parse_query(text) if name not in PREFER_PARAMETERS]


def validate_query(operation: Operation, pairs: Pairs) -> Iterator[Finding]:
    for name, times in Counter(name for name, _ in pairs).items():
        if name not in operation.query:
            yield _unknown(operation, name)
        elif times > 1:
            message = f"{name} is sent {times} times, and only the last counts"
            yield Finding(
                "repeated_parameter", f"query {name}", message, _joined(operation, name, pairs)
            )
    for name, value in pairs:
        if name in operation.query:
            yield from validate_value(operation.query[name], value)


def _joined(operation: Operation, name: str, pairs: Pairs) -> str | None:
    """Return a repeated parameter as the list that was probably meant."""
    if operation.query[name].kind != "array":
        return None
    return f"{name}={','.join(value for each, value in pairs if each == name)[:80]}"


def values_of(parameter: Parameter, value: str) -> list[str]:
    """Return the values used from a parameter's fixed set."""
    if parameter.kind == "boolean":
        return [BOOLEANS[value]] if value in BOOLEANS else []
    return [item for item in value.split(",") if item in parameter.choices]


def _unknown(operation: Operation, name: str) -> Finding:
    place = f"query {name}"
    array = _ARRAY.fullmatch(name)
    if array and array[1] in operation.query:
        choices = operation.query[array[1]].choices
        meant = f"{array[1]}={','.join([*choices[:2]]) or '1,2'}"
        return Finding("unknown_parameter", place, f"{name} is not documented", meant)
    if name in {field.name for field in operation.body}:
        return Finding("unknown_parameter", place, f"{name} belongs in the body")
    message = f"{name[:80]} is not documented"
    return Finding("unknown_parameter", place, message, _nearest(operation, name))


def _nearest(operation: Operation, name: str) -> str | None:
    """Return the nearest documented parameter, also if `filter[…]` is missing or superfluous."""
    short = {inner: each.name for inner, each in operation.filters.items()}
    meant = nearest(filter_name(name) or name, [*operation.query, *short])
    return short.get(meant, meant) if meant else None
