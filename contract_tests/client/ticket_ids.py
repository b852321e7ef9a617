"""Ticket ids in paths: documented as integers, but some deployments accept ULIDs only.

Everywhere else in the suite a ticket is its integer id; only what leaves is spelled otherwise.
"""

import re
from dataclasses import dataclass, replace

from contract_tests.observations.exchange import LIST_PATH, Exchange, Request
from contract_tests.observations.history import History

NOTE = "ticket paths take ULIDs only, where the page shows integers; everything else went on so"
TRIES = 2
"""How often a refused integer is tried as a ULID before integers are taken as settled."""
_PATH = re.compile(rf"^{LIST_PATH}/([1-9]\d{{0,14}})(/status|/assignee)?$")
_ULID = re.compile(r"[0-9A-Za-z]{26}")


@dataclass
class TicketIds:
    """What was learnt of the names; until something was, tickets are named by integers."""

    history: History
    by_ulid: bool = False
    settled: bool = False
    tried: int = 0

    def spelled(self, request: Request) -> Request:
        """Return a request as the deployment takes it."""
        match = _PATH.match(request.path)
        if not self.by_ulid or match is None:
            return request
        ticket = int(match[1])
        name = self.ulid_of(ticket) or f"{ticket:026d}"  # a well-formed ULID that no ticket has
        return replace(request, spelling=f"{LIST_PATH}/{name}{match[2] or ''}")

    def pair(self, request: Request) -> tuple[str, int]:
        """Return the name in a spelled path, and the ticket that it stands for."""
        match = _PATH.match(request.path)
        assert match
        return request.spelling.split("/")[3], int(match[1])

    def doubted(self, exchange: Exchange) -> int | None:
        """Return the ticket that was not found by its integer, while integers are not settled."""
        if self.settled or exchange.request.method != "GET" or exchange.request.who != "main":
            return None
        match = _PATH.match(exchange.request.path)
        if match is None or match[2] or exchange.status not in (200, 404):
            return None
        self.settled = exchange.status == 200
        return None if self.settled else int(match[1])

    def learn(self, exchange: Exchange) -> None:
        """Take into account what a ULID in place of an integer was answered."""
        self.tried += 1
        self.by_ulid = exchange.status == 200
        self.settled = self.by_ulid or self.tried == TRIES

    def ulid_of(self, ticket: int) -> str | None:
        observations = self.history.observations.get(ticket)
        ulid = observations[-1].row.get("ulid") if observations else None
        return ulid if isinstance(ulid, str) and _ULID.fullmatch(ulid) else None
