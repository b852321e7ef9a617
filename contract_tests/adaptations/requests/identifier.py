"""The form of ids in paths: ULIDs, where the documentation shows integers.

`observations/ticket_ids.py` spells the paths; this names the difference.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from contract_tests.adaptations.adaptation import Adaptation, Node, Place
from contract_tests.observations.exchange import Request


@dataclass(frozen=True)
class Identifier(Adaptation):
    """The documentation shows integers in paths; nothing states that ULIDs are wrong."""

    documented: str = "integer"
    actual: str = "ULID"

    kind = "identifier"
    severe = False

    @property
    def words(self) -> str:
        return "paths name a ticket by its ULID only, where the documentation shows its integer id"

    @property
    def breaks(self) -> str:
        return "a client that asks for /api/tickets/42 is answered 404"

    def requirement(self, _operations: Collection[str]) -> str:
        return "detail.answer"

    def amended(self, _document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        schema = {"type": "string", "pattern": "^[0-9A-Za-z]{26}$"}
        return {("components", "parameters", "TicketId", "schema"): schema}

    def concerns(self, request: Request) -> bool:
        return bool(request.spelling)
