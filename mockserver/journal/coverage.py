"""Coverage of the contract by the requests of the application under test."""

from collections.abc import Iterable
from typing import Any

from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract
from mockserver.journal.counts import Counts


def coverage(contract: Contract, counts: Counts) -> dict[str, Any]:
    """Return the counts of all documented items, including those that were never used."""
    operations = [_operation(each, counts) for each in contract.operations.values()]
    parameters = [each for operation in operations for each in operation["parameters"]]
    known = sum(operation["times"] for operation in operations)
    return {
        "requests": counts.requests,
        "unknown": counts.requests - known,
        "operations": operations,
        "shares": {
            "operations": _share(operation["times"] for operation in operations),
            "statuses": _share(
                status["times"]
                for operation in operations
                for status in operation["statuses"]
                if status["documented"]
            ),
            "parameters": _share(parameter["times"] for parameter in parameters),
            "values": _share(
                times for parameter in parameters for times in parameter["values"].values()
            ),
        },
    }


def _operation(operation: Operation, counts: Counts) -> dict[str, Any]:
    seen = {status: n for (id, status), n in counts.statuses.items() if id == operation.id}
    return {
        "operation": operation.id,
        "method": operation.method,
        "path": operation.path,
        "times": sum(seen.values()),
        "statuses": [
            {
                "status": status,
                "times": seen.get(status, 0),
                "documented": status in operation.responses,
            }
            for status in sorted({*operation.responses, *seen})
        ],
        "parameters": [
            {
                "name": name,
                "times": counts.parameters[operation.id, name],
                "values": {value: counts.values[operation.id, name, value] for value in values},
            }
            for name, values in _parameters(operation)
        ],
    }


def _parameters(operation: Operation) -> list[tuple[str, list[str]]]:
    """Return the query parameters, then the body fields, each with its fixed values."""
    queries = [
        (name, ["true", "false"] if each.kind == "boolean" else each.choices)
        for name, each in operation.query.items()
    ]
    return queries + [(each.name, list(map(str, each.choices))) for each in operation.body]


def _share(times: Iterable[int]) -> float:
    counts = list(times)
    return round(sum(1 for each in counts if each) / len(counts), 4) if counts else 1.0
