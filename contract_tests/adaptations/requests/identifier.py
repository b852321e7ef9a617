"""The form of ids in paths: ULIDs, where the documentation shows integers.

`client/ticket_ids.py` spells the paths; this names the difference.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from contract_tests.adaptations.adaptation import Adaptation, Learnt, Node, Place
from contract_tests.adaptations.requests.effect import rows_of
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request
from contract_tests.observations.ticket import has_id

_NAMED = re.compile(r"/tickets/([0-9A-Za-z]{26})(?=/|$)")


@dataclass(frozen=True)
class Identifier(Adaptation):
    """The documentation shows integers in paths; nothing states that ULIDs are wrong."""

    documented: str = "integer"
    actual: str = "ULID"

    kind = "identifier"
    severe = False
    difference = (
        "paths name a ticket by its ULID only, where the documentation shows its integer id"
    )
    consequence = "a client that asks for /api/tickets/42 is answered 404"
    statement = "detail.answer"

    def amended(self, _document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        schema = {"type": "string", "pattern": "^[0-9A-Za-z]{26}$"}
        return {("components", "parameters", "TicketId", "schema"): schema}

    def concerns(self, request: Request) -> bool:
        return bool(request.spelling)


def recorded(exchanges: Iterable[Exchange], names: Mapping[str, int]) -> list[Learnt]:
    """Return the adaptation to ULIDs, if the integer id of a ticket was not found."""
    own = [e for e in exchanges if e.request.who == "main"]
    asked = {_ulid(e.request) for e in own if e.status == 200}
    paths = {f"{LIST_PATH}/{names[ulid]}" for ulid in asked if ulid in names}
    by_integer = [e for e in own if e.request.path in paths]
    missing = next((e for e in by_integer if e.status == 404), None)
    if missing is None or any(exchange.status == 200 for exchange in by_integer):
        return []
    return [(Identifier(), missing)]


def names_shown(exchanges: Iterable[Exchange]) -> dict[str, int]:
    """Return the ids of the tickets in the responses, by ULID."""
    found = {}
    for exchange in exchanges:
        for row in [*rows_of(exchange), exchange.member("ticket")]:
            if has_id(row) and isinstance(row.get("ulid"), str):
                found[row["ulid"]] = row["id"]
    return found


def by_integer(exchange: Exchange, names: Mapping[str, int]) -> Exchange:
    """Return an exchange with the integer id in its path in place of the ULID.

    Those that no ticket has stay as they are.
    """
    request = exchange.request
    ulid = _ulid(exchange.sent or request)
    if ulid not in names:
        return exchange
    end = request.path.removeprefix(f"{LIST_PATH}/").partition("/")[2]
    path, spelling = (f"{LIST_PATH}/{name}{end and '/'}{end}" for name in (str(names[ulid]), ulid))
    return replace(exchange, request=replace(request, path=path, spelling=spelling))


def _ulid(request: Request) -> str:
    match = _NAMED.search(request.path)
    return match[1] if match else ""
