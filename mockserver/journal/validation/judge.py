"""A request as a whole against the contract."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from mockserver.contract.choices import Choices
from mockserver.contract.operations import Contract, Operation
from mockserver.journal.validation.body import judge_body, read_body
from mockserver.journal.validation.finding import Finding
from mockserver.journal.validation.query import judge_query, read_query, values_of
from mockserver.journal.validation.route import Router

_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Judgement:
    """`operation` None: no such route; `used`: parameters and fields, `values`: of fixed sets."""

    operation: str | None
    findings: tuple[Finding, ...] = ()
    used: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


class Request(NamedTuple):
    """The facts that are judged; `body` None: not known."""

    method: str
    path: str
    query: str
    media_type: str
    body: str | None


class Judge:
    """Judges requests; the same request is judged once."""

    def __init__(self, contract: Contract, choices: Choices) -> None:
        self.contract = contract
        self._router = Router(contract, choices)
        self._remembered = lru_cache(_REMEMBERED)(self._judge)

    def judge(self, request: Request) -> Judgement:
        return self._remembered(request)

    def _judge(self, request: Request) -> Judgement:
        method, path, query, media_type, body = request
        operation, amiss = self._router.find(method, path)
        if operation is None:
            return Judgement(None, tuple(amiss))
        pairs = read_query(query)
        amiss += [*judge_query(operation, pairs), *judge_body(operation, media_type, body)]
        used = [name for name, _ in pairs if name in operation.query]
        used += [field.name for field in operation.body if field.name in read_body(body)]
        values = tuple(_values(operation, pairs, body))
        findings = tuple(dict.fromkeys(amiss))
        return Judgement(operation.id, findings, tuple(dict.fromkeys(used)), values)


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
