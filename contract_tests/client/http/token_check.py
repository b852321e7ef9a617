"""Detects that the main token is no longer accepted, so that the run ends."""

import re
from collections import Counter
from dataclasses import dataclass, field

import requests

from contract_tests.observations.exchange import Exchange, Request

CHECKS = 2
"""How often a refusal of one kind of request is followed by a check."""


@dataclass
class TokenCheck:
    """After a 401, decides whether a request that was accepted before is repeated.

    If it is accepted again, the 401 concerns the refused request alone.
    """

    accepted: requests.PreparedRequest | None = None
    checked: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused_from: int | None = None
    """The number of the exchange from which on the token was refused."""

    def learn(self, meant: Request, request: requests.PreparedRequest, status: int | None) -> None:
        """Remember the first reading request that was accepted."""
        if self.accepted is None and meant.who == "main" and status == 200:
            self.accepted = request.copy() if meant.method == "GET" else None

    def is_due(self, journal: list[Exchange]) -> bool:
        """Return whether the last response is a 401 for which the token has to be checked."""
        if self.accepted is None or not journal:
            return False
        meant = journal[-1].request
        if meant.who != "main" or journal[-1].status != 401:
            return False
        kind = (meant.method, re.sub(r"/tickets/[^/]+", "/tickets/{ticket}", meant.path))
        self.checked[kind] += 1
        return self.checked[kind] <= CHECKS
