"""The plan of a run: its requests, the tickets written, and what the writes leave behind."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from contract_tests.client.budget import (
    EXTENSION,
    EXTENSION_WRITING,
    Pace,
    limit_of,
)
from contract_tests.observations.exchange import Exchange
from contract_tests.probes import chosen, plan
from contract_tests.run.options import RunOptions
from contract_tests.run.phase_limits import reads_less
from contract_tests.writes.ticket_writer import MAX_TICKETS
from contract_tests.writes.undo import UNDO_REQUESTS

_EXACT = re.compile(r"(GET|HEAD) (/[^\s{]+)( without a token)?")
_PER = {1.0: "a second", 60.0: "a minute", 3600.0: "an hour"}
_EXTENSION: tuple[plan.Phases, ...] = (("extension",), ("extension writing",))
CHOSEN = "{count}: an open one that is unassigned, one that is neither, changed long ago"
REMAINS = (
    "the new entries of the activity log, one for each change and for each one undone",
    "updated_at, and the place in lists that are sorted by it",
    "notifications that the deployment sends, for example to an assignee",
)
"""What a write leaves behind although the status and the assignee are restored."""
NOT_UNDONE = (
    "Tickets {tickets} each get a reply, a forwarded message and a note, and lose their team. "
    "This cannot be undone; the messages name the recipient contract-tests@example.com, and "
    "members may be notified."
)


@dataclass(frozen=True)
class PlannedRun:
    """`writes` are the tickets that may be written, none for any; None in a run that only reads.

    `to_the_mock` is what each probe sent to the mock.
    """

    run_options: RunOptions
    pace: Pace
    writes: tuple[int, ...] | None = None
    to_the_mock: Mapping[str, Sequence[Exchange]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the plan as a JSON value."""
        limit = self.limit()
        seconds = self.seconds(limit)
        return {
            "profile": self.run_options.profile,
            "seed": self.run_options.seed,
            "requests_at_most": limit,
            "minutes_at_most": round(seconds / 60, 1) if seconds else None,
            "undo_requests_for_each_ticket": 0 if self.writes is None else UNDO_REQUESTS,
            "probes": [self._probe(probe) for probe in self.probes()],
            "tickets_written": self.tickets(),
            "remains": [] if self.writes is None else list(REMAINS),
        }

    def lines(self) -> Iterator[str]:
        """Yield the plan as text."""
        yield "What stands in braces depends on the data; ~ is the number of requests to the mock."
        for probe in self.probes():
            number = self._number(probe)
            for shown in probe.shown:
                yield f"{probe.phase.removeprefix('extension '):9} {number:>4} {shown}"
                number = ""
        limit = self.limit()
        yield f"In all: at most {limit} requests." if limit else "In all: as many as it takes."
        if seconds := self.seconds(limit):
            rate = f"{self.pace.count} {_PER.get(self.pace.window, f'in {self.pace.window:g} s')}"
            yield f"Time: at most {_duration(seconds)}, at {rate}."
        if self.writes is not None:
            tickets = self.tickets()
            words = tickets if isinstance(tickets, str) else ", ".join(map(str, tickets))
            yield f"Tickets written: {words}."
            undo = f"about {UNDO_REQUESTS} requests for each, sent even when a limit is reached"
            yield f"Undo: {undo}."
            yield f"What remains on them: {'; '.join(REMAINS)}."
        if self.run_options.extension_tickets:
            yield NOT_UNDONE.format(tickets=", ".join(map(str, self.run_options.extension_tickets)))

    def probes(self) -> Iterator[plan.Probe]:
        """Yield the probes in the order in which they are sent."""
        phases = plan.phases(self.run_options.profile, writes=self.writes is not None)
        few = reads_less(self.run_options, writes=self.writes is not None)
        if self.run_options.extension:
            phases += _EXTENSION if self.run_options.extension_tickets else _EXTENSION[:1]
        for together in phases:
            topics = self.run_options.topics()
            yield from chosen(self.run_options.profile, together, topics, few=few)

    def limit(self) -> int | None:
        """Return how many requests are sent at most; None without a limit."""
        profile, most = self.run_options.profile, self.run_options.max_requests
        planned = limit_of(profile, writes=self.writes is not None)
        limit = None if planned is None else planned + self._of_extension()
        if most is None or limit is None:
            return most or limit
        return min(most, limit)

    def _of_extension(self) -> int:
        if not self.run_options.extension:
            return 0
        written = EXTENSION_WRITING * len(self.run_options.extension_tickets)
        return (EXTENSION[self.run_options.profile] or 0) + written

    def seconds(self, limit: int | None) -> float:
        """Return how long `limit` requests take at the rate; 0 without a limit or a rate."""
        return (limit or 0) * self.pace.window / self.pace.count if self.pace.count else 0.0

    def tickets(self) -> str | list[int]:
        """Return the tickets that are written, or how they are chosen."""
        if self.writes is None:
            return []
        return list(self.writes) or CHOSEN.format(count=MAX_TICKETS[self.run_options.profile])

    def notes(self, exchanges: list[Exchange]) -> Iterator[str]:
        """Yield which requests that do not depend on the data were planned and not sent."""
        sent = {(e.request.method, e.request.target, e.request.who) for e in exchanges}
        shown = (line for probe in self.probes() for line in probe.shown)
        missing = [line for line in shown if (request := exact(line)) and request not in sent]
        if missing:
            yield f"planned, but not sent: {'; '.join(missing)}"

    def _probe(self, probe: plan.Probe) -> dict[str, Any]:
        return {
            "phase": probe.phase,
            "name": probe.name,
            "requests": [{"request": shown, "exact": bool(exact(shown))} for shown in probe.shown],
            "requests_to_the_mock": [
                f"{exchange.request.method} {exchange.request.target}"
                for exchange in self.to_the_mock.get(probe.name, ())
            ],
        }

    def _number(self, probe: plan.Probe) -> str:
        """Return how many requests a probe sends; ~ when that depends on the data."""
        count = len(self.to_the_mock.get(probe.name, ()))
        certain = len(probe.shown) == count and all(map(exact, probe.shown))
        return str(count) if certain else f"~{count}"


def exact(shown: str) -> tuple[str, str, str] | None:
    """Return method, target and token of a request that does not depend on the data."""
    match = _EXACT.fullmatch(shown)
    return match and (match[1], match[2], "none" if match[3] else "main")


def _duration(seconds: float) -> str:
    """Return a time in seconds, or from two minutes on in minutes, rounded up."""
    return f"{ceil(seconds)} seconds" if seconds < 120 else f"{ceil(seconds / 60)} minutes"
