"""How long the responses of each operation took: their median and 95th percentile."""

from statistics import quantiles
from typing import Any

from contract_tests.observations.exchange import Exchange, operation_of
from mockserver.contract.operations import Contract

Node = dict[str, Any]


def latencies(exchanges: list[Exchange], contract: Contract) -> Node:
    """Return operation -> number of responses, p50 and p95 in milliseconds."""
    found: dict[str, list[float]] = {name: [] for name in contract.operations}
    for exchange in exchanges:
        operation = operation_of(contract, exchange)
        if operation is not None and exchange.status is not None:
            found[operation.id].append(exchange.elapsed * 1000)
    return {name: _figures(times) for name, times in found.items() if times}


def _figures(times: list[float]) -> Node:
    twentieths = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
    return {
        "responses": len(times),
        "p50": round(twentieths[9], 1),
        "p95": round(twentieths[18], 1),
    }
