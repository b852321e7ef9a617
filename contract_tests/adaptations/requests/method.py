"""The method of a write, as the Allow header of a 405 gives it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contract_tests.adaptations.adaptation import Adaptation, Learnt, Node, Place, Proposal
from contract_tests.observations.exchange import Exchange, Request, operation_id
from contract_tests.observations.write import read_write

_INSTEAD = ("PATCH", "POST")


@dataclass(frozen=True)
class Method(Adaptation):
    """`documented` is PUT."""

    kind = "method"
    rank = 2
    difference = "tickets are changed by {actual} instead of {documented}"
    consequence = "a client that sends {documented} is refused with 405"
    statement = "status.accepted"

    def outgoing(self, request: Request) -> Request:
        is_write = request.method == self.documented and read_write(request) is not None
        return replace(request, method=self.actual) if is_write else request

    def documented_form(self, request: Request) -> Request:
        documented = replace(request, method=self.documented)
        is_write = request.method == self.actual and operation_id(documented) is not None
        return documented if is_write else request

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        old, new = self.documented.lower(), self.actual.lower()
        return {
            ("paths", path): {new if name == old else name: node for name, node in item.items()}
            for path, item in document["paths"].items()
            if old in item
        }


def detect(exchange: Exchange) -> list[Proposal]:
    """Return the method that a 405 allows in place of PUT."""
    allowed = {part.strip().upper() for part in (exchange.header("Allow") or "").split(",")}
    refused = exchange.status == 405 and read_write(exchange.request) is not None
    if not refused or "PUT" in allowed:
        return []
    instead = next((method for method in _INSTEAD if method in allowed), None)
    return [] if instead is None else [(Method("PUT", instead),)]


def recorded(exchanges: Sequence[Exchange]) -> list[Learnt]:
    """Return the method by which tickets were changed, if none was by PUT."""
    found = {e.request.method for e in exchanges if e.successful and _changes_ticket(e)}
    if len(found) != 1 or not found & {*_INSTEAD}:
        return []
    refused = (e for e in exchanges if e.request.method == "PUT" and e.status == 405)
    return [(Method("PUT", found.pop()), next(refused, None))]


def _changes_ticket(exchange: Exchange) -> bool:
    return operation_id(replace(exchange.request, method="PUT")) is not None and (
        exchange.request.method not in ("GET", "HEAD")
    )
