"""Validation of a whole request against the contract."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from mockserver.contract.choices import Choices
from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract
from mockserver.contract.request_check.body import read_body, validate_body
from mockserver.contract.request_check.finding import Finding
from mockserver.contract.request_check.query import read_query, validate_query, values_of
from mockserver.contract.request_check.route import Router

_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """`operation` is None for an unknown route; `used` are parameters and fields in the request.

    `values` are the uses of values from fixed sets, as (name, value).
    """

    operation: str | None
    findings: tuple[Finding, ...] = ()
    used: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    hints: tuple[str, ...] = ()
    """The findings in words, which are needed for every response."""


class Request(NamedTuple):
    """The validated parts of a request; `body` is None if unknown."""

    method: str
    path: str
    query: str
    media_type: str
    body: str | None


class RequestValidator:
    """Validates requests; results are cached, also for the same input at another path."""

    def __init__(self, contract: Contract, choices: Choices) -> None:
        self.contract = contract
        self._router = Router(contract, choices)
        self._find = lru_cache(_REMEMBERED)(self._router.find)
        self._validate_input = lru_cache(_REMEMBERED)(self._read_input)

    def validate(self, request: Request) -> ValidationResult:
        method, path, query, media_type, body = request
        operation, found = self._find(method, path)
        if operation is None:
            return _result(None, found)
        result = self._validate_input(operation.id, query, media_type, body)
        if not found:
            return result
        return _result(operation.id, [*found, *result.findings], result.used, result.values)

    def _read_input(
        self, id: str, query: str, media_type: str, body: str | None
    ) -> ValidationResult:
        operation, pairs = self.contract.operations[id], read_query(query)
        found = [*validate_query(operation, pairs), *validate_body(operation, media_type, body)]
        used = [name for name, _ in pairs if name in operation.query]
        used += [field.name for field in operation.body if field.name in read_body(body)]
        values = tuple(_values(operation, pairs, body))
        return _result(operation.id, found, tuple(dict.fromkeys(used)), values)


def _result(
    operation: str | None,
    found: Iterable[Finding],
    used: tuple[str, ...] = (),
    values: tuple[tuple[str, str], ...] = (),
) -> ValidationResult:
    findings = tuple(dict.fromkeys(found))
    return ValidationResult(operation, findings, used, values, tuple(map(str, findings)))


def _values(
    operation: Operation, pairs: list[tuple[str, str]], body: str | None
) -> list[tuple[str, str]]:
    queries = {
        (name, item)
        for name, value in pairs
        if name in operation.query
        for item in values_of(operation.query[name], value)
    }
    given = read_body(body)
    members = {
        (field.name, str(given[field.name]))
        for field in operation.body
        if field.name in given and given[field.name] in field.choices
    }
    return sorted(queries | members)
