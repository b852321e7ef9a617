"""The query string as the vendor's framework reads it, typed by the contract's parameters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from mockserver.contract.choices import Choices
from mockserver.contract.errors import BadQuery, Invalid
from mockserver.contract.operation import FILTER, Operation, Parameter
from mockserver.contract.request_check.query import parse_query

Pairs = list[tuple[str, str]]

_ARRAY = re.compile(r"\[\d*\]$")
_INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,18})")
_OFF = ("false", "0")
_REMEMBERED = 1_000
"""Queries of an operation whose meaning is remembered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for, as the contract types it: nobody changes it, equal texts share it."""

    pairs: Pairs
    numbers: Mapping[str, int]
    filters: Mapping[str, Any]
    sort: list[str]
    fields: Mapping[str, str | list[str] | None]


class QueryReader:
    """Reads the queries of one operation; those it has read before cost it nothing."""

    def __init__(self, operation: Operation, choices: Choices) -> None:
        self._operation = operation
        self._choices = choices
        self.read = lru_cache(maxsize=_REMEMBERED)(self._read)

    def _read(self, text: bytes) -> Asked:
        """Return what a query asks for; raises BadQuery and Invalid."""
        query = Query(self._operation, text.decode(errors="replace"), self._choices)
        return Asked(
            pairs=_unaltered(query.pairs, text),
            numbers=query.numbers(),
            filters=query.filters(),
            sort=query.sort(),
            fields={field.name: query.field(field.name) for field in self._operation.body},
        )


def _unaltered(pairs: Pairs, text: bytes) -> Pairs:
    """Return the pairs for links: bytes that are not UTF-8 as surrogates, not as U+FFFD."""
    if not any("\ufffd" in value for _, value in pairs):
        return pairs
    way = "surrogateescape"
    return parse_qsl(text.decode(errors=way), keep_blank_values=True, errors=way)


class Query:
    """One request's query; raises BadQuery for unknown filters and sorts, Invalid for values."""

    def __init__(self, operation: Operation, text: str, choices: Choices) -> None:
        self.pairs: Pairs = list(parse_query(text))
        self._operation = operation
        self._choices = choices
        self._given: dict[str, list[str]] = {}
        self._arrays: set[str] = set()
        for name, value in self.pairs:
            self._take(name, value.strip())

    def field(self, name: str) -> str | list[str] | None:
        """Return what is given for a field of the body: a list for the array form."""
        if name in self._arrays:
            return self._given[name]
        return self._given[name][-1] if name in self._given else None

    def numbers(self) -> dict[str, int]:
        """Return the integer parameters, with the contract's defaults and limits kept."""
        numbers: dict[str, int] = {}
        errors: dict[str, list[str]] = {}
        for name, parameter in self._operation.query.items():
            asked = name in self._given or parameter.default is not None
            if parameter.kind == "integer" and asked:
                try:
                    numbers[name] = self._number(parameter)
                except ValueError as error:
                    errors[name] = [str(error)]
        if errors:
            raise Invalid(errors)
        return numbers

    def filters(self) -> dict[str, Any]:
        """Return the filters given, without `filter[…]` round their names, as typed values."""
        self._refuse_unknown_filters()
        found: dict[str, Any] = {}
        for inner, parameter in self._operation.filters.items():
            given = self._given.get(parameter.name, ())
            if any(given):
                found[inner] = self._filter(parameter, given)
        return found

    def sort(self) -> list[str]:
        """Return the sort keys, a leading `-` for descending; the contract's default if none."""
        parameter = self._operation.query.get("sort")
        if parameter is None:
            return []
        asked = [key for key in _split(self._given.get("sort", [])) if key]
        keys = [("-" if key.startswith("-") else "") + key.lstrip("-") for key in asked]
        unknown = [key.lstrip("-") for key in keys if key not in parameter.choices]
        if unknown and self._choices.unknown_query == "refuse":
            allowed = dict.fromkeys(key.lstrip("-") for key in parameter.choices)
            raise BadQuery(
                f"Requested sort(s) `{', '.join(unknown)}` is not allowed. "
                f"Allowed sort(s) are `{', '.join(allowed)}`."
            )
        first: dict[str, str] = {}  # a key sorted by once leaves nothing to its repetition
        for key in keys:
            if key in parameter.choices:
                first.setdefault(key.lstrip("-"), key)
        return list(first.values() or parameter.default or [])

    def _take(self, name: str, value: str) -> None:
        """Keep the last of repeated values, and every value of an array form (`name[]`)."""
        plain = _ARRAY.sub("", name) if name.count("[") > name.startswith("filter[") else name
        if plain == name:
            self._given[name] = [value]
            self._arrays.discard(name)
        elif plain in self._arrays:
            self._given[plain].append(value)
        else:
            self._given[plain] = [value]
            self._arrays.add(plain)

    def _refuse_unknown_filters(self) -> None:
        allowed = self._operation.filters
        asked = [m[1] or "0" for name in self._given if (m := FILTER.match(name))]
        unknown = [name for name in asked if name not in allowed]
        if unknown and allowed and self._choices.unknown_query == "refuse":
            raise BadQuery(
                f"Requested filter(s) `{', '.join(unknown)}` are not allowed. "
                f"Allowed filter(s) are `{', '.join(allowed)}`."
            )

    def _number(self, parameter: Parameter) -> int:
        given = self._given.get(parameter.name)
        if given is None:
            return int(parameter.default)
        readable = parameter.name not in self._arrays and _INTEGER.fullmatch(given[-1])
        number = int(given[-1]) if readable else None
        label = parameter.name.replace("_", " ")
        if number is None or number < (parameter.minimum or 0):
            return self._invalid_number(parameter, label, number)
        if parameter.maximum is not None and number > parameter.maximum:
            return self._too_large(parameter, label)
        return number

    def _invalid_number(self, parameter: Parameter, label: str, number: int | None) -> int:
        page = parameter.name == "page"
        choice = self._choices.page_invalid if page else self._choices.per_page_invalid
        if choice == "refuse" and number is None:
            raise ValueError(f"The {label} field must be an integer.")
        if choice == "refuse":
            raise ValueError(f"The {label} field must be at least {parameter.minimum}.")
        default = parameter.default or parameter.minimum or 1
        return int(default if choice in ("default", "first") else parameter.minimum or 1)

    def _too_large(self, parameter: Parameter, label: str) -> int:
        if parameter.name == "page":
            return self._invalid_number(parameter, label, None)
        if self._choices.per_page_above_max == "clamp":
            return int(parameter.maximum or 0)
        raise ValueError(f"The {label} field must not be greater than {parameter.maximum}.")

    def _filter(self, parameter: Parameter, given: Sequence[str]) -> Any:
        if parameter.kind == "boolean":
            return given[-1] not in _OFF
        if parameter.kind == "string":
            return given[-1]
        values = list(dict.fromkeys(_split(given)))
        if parameter.items.get("type") == "integer":
            return [int(value) for value in values if _INTEGER.fullmatch(value) and _fits(value)]
        if self._choices.unknown_status == "refuse":
            _require_known(parameter, values)
        return values


def _split(given: Sequence[str]) -> list[str]:
    return [part for value in given for part in value.split(",")]


def _fits(text: str) -> bool:
    return -(2**63) <= int(text) < 2**63


def _require_known(parameter: Parameter, values: Sequence[str]) -> None:
    if parameter.choices and not set(values) <= set(parameter.choices):
        name = parameter.name.replace("[", ".").replace("]", "")
        raise Invalid({name: [f"The selected {name} is invalid."]})
