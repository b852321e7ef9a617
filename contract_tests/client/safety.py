"""Safety: allows GET and HEAD requests, and writes to the named tickets, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

READING_METHODS = frozenset({"GET", "HEAD"})
_WRITE_PATH = re.compile(r"^/api/tickets/(\w+)/(status|assignee)$", re.ASCII)


class NotAllowed(Exception):
    """The guard kept a request from leaving."""


@dataclass(frozen=True)
class Guard:
    """`tickets` are the ids that may be written to; none: the run only reads.

    `names` are the ids by ULID, as lists showed them, where paths take ULIDs.
    `origin` is the deployment's scheme, host and port: nothing is sent elsewhere, because
    every request carries a token.
    """

    origin: str
    tickets: frozenset[int] = frozenset()
    names: Mapping[str, int] = field(default_factory=dict)

    def check(self, method: str, origin: str, path: str) -> None:
        """Raise NotAllowed for a request that must not leave."""
        if origin != self.origin:
            raise NotAllowed(f"{method} {origin}: only {self.origin} is checked")
        if method in READING_METHODS:
            return
        if not self.may_write(method, path):
            raise NotAllowed(f"{method} {path}: only tickets named by --write-tickets are written")

    def may_write(self, method: str, path: str) -> bool:
        match = _WRITE_PATH.match(path)
        if method != "PUT" or match is None:
            return False
        known = self.names.get(match[1])
        return (int(match[1]) if match[1].isdigit() else known) in self.tickets
