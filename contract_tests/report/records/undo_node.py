"""What became of each field that a run meant to write, as the record has it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.writes.undo import UndoResult

Node = dict[str, Any]


def undo_nodes(results: Iterable[UndoResult], exchanges: Iterable[Exchange]) -> list[Node]:
    """Return one node for each field; `unchanged` when every write to it was refused."""
    carried_out = {
        exchange.request.path
        for exchange in exchanges
        if exchange.request.method == "PUT" and not exchange.client_error
    }
    return [_node(result, carried_out) for result in results]


def _node(result: UndoResult, carried_out: set[str]) -> Node:
    path = f"{LIST_PATH}/{result.ticket}/{result.field}"
    unchanged = result.outcome == "restored" and path not in carried_out
    return {**asdict(result), **({"outcome": "unchanged"} if unchanged else {})}
