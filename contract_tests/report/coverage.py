"""Coverage: the operations, statuses, parameters, values and fields that a run has used."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.observations.exchange import Exchange, operation_of
from contract_tests.report.records import replay
from mockserver.contract.operation import Operation, Parameter
from mockserver.contract.operations import Contract

Node = dict[str, Any]
Counts = dict[str, int]
"""Parts of the contract in its order, also unused ones, and how often each was used."""


@dataclass
class Covered:
    """One operation and how often its parts were used."""

    operation: Operation
    requests: int
    statuses: Counts
    parameters: Counts
    values: dict[str, Counts]
    """Parameter → its documented values; a parameter without a list of values is left out."""
    fields: Counts

    @property
    def fields_not_observed(self) -> list[str]:
        return [path for path, count in self.fields.items() if not count]


def coverage(record: Node, contract: Contract) -> list[Covered]:
    """Return each operation of the contract with the parts that the run has used."""
    sent: dict[str, list[Exchange]] = {name: [] for name in contract.operations}
    for exchange in replay.exchanges(record):
        operation = operation_of(contract, exchange)
        if operation is not None:
            sent[operation.id].append(exchange)
    return [
        _covered(contract, contract.operations[name], exchanges) for name, exchanges in sent.items()
    ]


def _covered(contract: Contract, operation: Operation, exchanges: list[Exchange]) -> Covered:
    statuses = Counter(str(exchange.status or "no answer") for exchange in exchanges)
    given = Counter(name for exchange in exchanges for name in exchange.request.parameters)
    shown: Counter[str] = Counter()
    for exchange in exchanges:
        if exchange.status == operation.success:
            shown.update(set(_paths(exchange.document)))
    schema = operation.responses[operation.success] or {}
    documented = (str(status) for status in operation.responses)
    return Covered(
        operation=operation,
        requests=len(exchanges),
        statuses={status: statuses[status] for status in (*documented, *sorted(statuses))},
        parameters={name: given[name] for name in operation.query},
        values=dict(_values(operation, exchanges)),
        fields={path: shown[path] for path in _documented(contract, schema)},
    )


def _values(operation: Operation, exchanges: list[Exchange]) -> Iterator[tuple[str, Counts]]:
    for parameter in operation.query.values():
        counts = Counter(
            value
            for exchange in exchanges
            for value in exchange.request.parameters.get(parameter.name, "").split(",")
        )
        if choices := _choices(parameter):
            yield parameter.name, {choice: counts[choice] for choice in choices}


def _choices(parameter: Parameter) -> list[str]:
    return ["true", "false"] if parameter.kind == "boolean" else [str(c) for c in parameter.choices]


def _documented(contract: Contract, schema: Node, path: str = "") -> Iterator[str]:
    """Yield the path of every field of a schema, as data[].assignee.name."""
    node = contract.resolve(schema)
    for key in ("allOf", "anyOf", "oneOf"):
        for part in node.get(key, ()):
            yield from _documented(contract, part, path)
    for name, inner in node.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield here
        yield from _documented(contract, inner, here)
    if "items" in node:
        yield from _documented(contract, node["items"], f"{path}[]")


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every field of a body, as data[].assignee.name."""
    if isinstance(value, list):
        for item in value:
            yield from _paths(item, f"{path}[]")
    elif isinstance(value, dict):
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            yield here
            yield from _paths(inner, here)
