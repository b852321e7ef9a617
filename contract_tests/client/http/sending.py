"""A request on its way, and how often it may be sent again."""

from dataclasses import dataclass, field
from typing import Any

import requests

from contract_tests.observations.exchange import UNAVAILABLE, Request

MAX_WAITS = 5
IDEMPOTENT = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
"""Methods that may be repeated; a POST without an answer may have sent its message (RFC 9110)."""


@dataclass
class Sending:
    """A request on its way; `notes` say why it got no answer so far."""

    request: requests.PreparedRequest
    meant: Request
    options: dict[str, Any]
    max_retries: int
    notes: list[str] = field(default_factory=list)

    @property
    def retries(self) -> int:
        return self.max_retries if self.request.method in IDEMPOTENT else 0

    @property
    def is_over(self) -> bool:
        """Whether every try was in vain."""
        return len(self.notes) > self.retries

    def give_up(self) -> None:
        """Count the tries that are left as in vain, too."""
        self.notes += [self.notes[-1]] * (self.retries + 1 - len(self.notes))

    def repetitions(self, status: int) -> int:
        """Return how often the request is sent again because of a status."""
        if status == 429:
            return MAX_WAITS
        return self.retries if status in UNAVAILABLE else 0
