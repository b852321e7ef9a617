"""The limits of a run's phases: how many requests its reading and its writing may send."""

from math import ceil

from contract_tests.client.budget import READING, READING_ALONE, WRITING
from contract_tests.probes.explorer import Explorer
from contract_tests.run.options import RunOptions
from contract_tests.writes.ticket_writer import MAX_TICKETS
from contract_tests.writes.undo import UNDO_REQUESTS

LOG_READINGS = 2
"""How many tickets that changed without a write of ours are read, to see who changed them."""
REREAD_REQUESTS = {"quick": 0, "standard": 4, "deep": None}
"""Requests to confirm violations with, while others are at work, before they are reported."""


class PhaseLimits:
    """How many requests each phase may send; --max-requests limits both together."""

    def __init__(self, explorer: Explorer, run_options: RunOptions) -> None:
        self._explorer = explorer
        self._profile = run_options.profile
        self._maximum = run_options.max_requests
        self.lowered = ""
        """Set once --max-requests allows a phase less than the profile does."""

    def reading(self) -> int | None:
        """Return the limit of the reading phases; None for no limit."""
        writes = self._explorer.write_session is not None
        limit = (READING if writes else READING_ALONE)[self._profile]
        if self._maximum is None:
            return limit
        apart = writes and WRITING[self._profile] != 0
        return self._lower(limit, ceil(self._maximum * (2 / 3 if apart else 1)))

    def writing(self) -> int | None:
        """Return the limit of the writing phase; None for no limit."""
        limit = WRITING[self._profile]
        if limit is not None:
            limit -= self.afterwards()
        if self._maximum is None:
            return limit
        return self._lower(limit, max(0, self._maximum - self._explorer.target.budget.spent))

    def afterwards(self) -> int:
        """Return how many requests the undo and the last walk take after the writes."""
        write_session, walks = self._explorer.write_session, self._explorer.history.walks
        named = write_session.tickets if write_session else ()
        undoing = UNDO_REQUESTS * (len(named) or MAX_TICKETS[self._profile])
        pages = walks[0].last - walks[0].first + 1 if walks else 0
        others = self._explorer.history.changed_meanwhile
        return undoing + pages + ((REREAD_REQUESTS[self._profile] or 0) if others else LOG_READINGS)

    def _lower(self, limit: int | None, left: int) -> int:
        if limit is not None and limit <= left:
            return limit
        requests = "1 request" if self._maximum == 1 else f"{self._maximum} requests"
        self.lowered = f"the limit of {requests} left no room for the rest"
        return left


def reads_less(run_options: RunOptions, *, writes: bool) -> bool:
    """Return whether a run only reads, and --max-requests allows less than its profile sends."""
    if writes or run_options.max_requests is None:
        return False
    limit = READING_ALONE[run_options.profile]
    return limit is None or run_options.max_requests < limit
