"""Safety: which requests may be sent, and which tickets may be read whole or written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

READING_METHODS = frozenset({"GET", "HEAD"})
_TICKET_PATH = re.compile(r"^/api/tickets/(\d+)(?:/|$)", re.ASCII)
_WRITE_PATH = re.compile(r"^/api/tickets/(\w+)/(status|assignee)$", re.ASCII)
_EXTENSION_PATH = re.compile(r"^/api/tickets/(\d+)/(reply|forward|note|team|tags/\d+)$", re.ASCII)


class NotAllowed(Exception):
    """The guard does not allow a request."""


@dataclass(frozen=True)
class TicketScope:
    """The tickets that may be read whole: all but `skipped`, and of `channels` alone if any."""

    skipped: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()

    def includes(self, ticket: int, channel: int | None) -> bool:
        """Return whether a ticket of a channel may be requested alone."""
        return ticket not in self.skipped and (not self.channels or channel in self.channels)


@dataclass
class Guard:
    """Lets GET and HEAD requests pass, and writes to the named tickets, and nothing else."""

    origin: str
    """Scheme, host and port; nothing is sent elsewhere, because every request has a token."""
    tickets: frozenset[int] = frozenset()
    """Tickets whose status and assignee may be written."""
    extension: frozenset[int] = frozenset()
    """Tickets that may get messages, tags and a team."""
    names: dict[str, int] = field(default_factory=dict)
    """Ticket ids by other names: by ULID, as lists showed them, where paths take ULIDs; and by
    names of no ticket that a faulty deployment may take for a written one."""
    may_read: Callable[[int], bool] = lambda ticket: True  # noqa: ARG005 - the signature
    """Whether a ticket may be requested alone."""

    def check(self, method: str, origin: str, path: str) -> None:
        """Raise NotAllowed for a request that must not be sent."""
        if origin != self.origin:
            raise NotAllowed(f"{method} {origin}: only {self.origin} is checked")
        match = _TICKET_PATH.match(path)
        ticket = int(match[1]) if match else None
        written = self.tickets | self.extension
        if ticket is not None and ticket not in written and not self.may_read(ticket):
            raise NotAllowed(f"{method} {path}: kept out by --skip-tickets or --only-channels")
        if method in READING_METHODS:
            return
        if not self.may_write(method, path):
            raise NotAllowed(
                f"{method} {path}: only tickets named by --write-tickets or "
                "--write-extension are written"
            )

    def may_write(self, method: str, path: str) -> bool:
        extended = _EXTENSION_PATH.match(path)
        if extended is not None and method in ("POST", "PUT", "DELETE"):
            return int(extended[1]) in self.extension
        match = _WRITE_PATH.match(path)
        if method != "PUT" or match is None:
            return False
        known = self.names.get(match[1], match[1])
        return (int(known) if str(known).isdigit() else None) in self.tickets
