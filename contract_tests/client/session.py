"""A session with the deployment: sends requests and adds every exchange to the history."""

from dataclasses import dataclass, field

from contract_tests.adaptations.requests.base_path import BasePath
from contract_tests.adaptations.requests.identifier import Identifier
from contract_tests.client.budget import Exhausted
from contract_tests.client.errors import CannotRun
from contract_tests.client.recognition import may_be_elsewhere, require_accepted, require_api
from contract_tests.client.safety import TicketScope
from contract_tests.client.target import Target
from contract_tests.client.ticket_ids import NOTE, TicketIds
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, Who, get
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row

LARGEST_WALK = {"quick": 3, "standard": 10, "deep": 200}
"""Maximum number of pages of 100 tickets that a walk over the whole list requests."""


@dataclass
class Session:
    """Sends requests to `target`, within its budget, and records the exchanges in `history`."""

    target: Target
    history: History
    profile: str
    added: int = 0
    notes: list[str] = field(default_factory=list)
    recognized: bool = False
    scope: TicketScope = field(default_factory=TicketScope)

    def __post_init__(self) -> None:
        self.ticket_ids = TicketIds(self.history)
        self.target.transport.guard.may_read = self.in_scope

    def in_scope(self, ticket: int) -> bool:
        """Return whether a ticket may be requested alone.

        With --only-channels, a ticket that no list has shown is out of scope, unless its id is
        beyond all known ones.
        """
        seen = self.history.observations
        if ticket in seen:
            channel = seen[ticket][-1].row.get("channel")
            return self.scope.includes(
                ticket, channel.get("id") if isinstance(channel, dict) else None
            )
        elsewhere = not self.scope.channels or not 0 < ticket <= max(seen, default=0)
        return elsewhere and ticket not in self.scope.skipped

    def ask(self, request: Request) -> Exchange:
        """Send a planned request; raises Exhausted when the budget of the plan is spent."""
        if self.target.transport.context.limits == "plan" and not self.target.budget.allows():
            raise Exhausted("the requests of this profile are spent")
        return self.send(request)

    def send(self, request: Request) -> Exchange:
        """Send a request for which the plan has reserved budget."""
        exchange = self._send(self.ticket_ids.spelled(request))
        ticket = self.ticket_ids.doubted(exchange)
        if ticket is None:
            return exchange
        if not self.history.pages:
            before = self._base_path
            self._look_up(ticket)
            if self._base_path != before:
                self._supersede(exchange)
                return self.send(request)
        return exchange if self.ticket_ids.ulid_of(ticket) is None else self._by_ulid(exchange)

    @property
    def _base_path(self) -> str:
        """The base path of the operations; empty if it is the documented one."""
        active = self.target.transport.adaptations.active
        return next((a.actual for a in active if isinstance(a, BasePath)), "")

    def _supersede(self, exchange: Exchange) -> None:
        """Mark an exchange of the history as not judged."""
        place = self.history.exchanges.index(exchange)
        self.history.exchanges[place] = self.target.supersede(exchange)

    def _look_up(self, ticket: int) -> None:
        """Read lists until one shows a ticket, to learn its ULID."""
        for number in range(1, LARGEST_WALK[self.profile] + 1):
            query = {"sort": "created_at", "per_page": 100, "page": number}
            page = self.page_of(self._send(get(LIST_PATH, query, "how tickets are named")))
            if page is None or page.reaches_end or ticket in self.history.observations:
                return

    def _by_ulid(self, refused: Exchange) -> Exchange:
        """Repeat a request with the ticket's ULID; use ULIDs from now on if that succeeds."""
        self.ticket_ids.by_ulid = True
        exchange = self._send(self.ticket_ids.spelled(refused.request))
        self.ticket_ids.learn(exchange)
        if not self.ticket_ids.by_ulid:
            return refused
        self.note(NOTE)
        self.target.transport.adaptations.adopt((Identifier(),), refused)
        return exchange

    def note(self, words: str) -> None:
        """Add a note to the report, once."""
        if words not in self.notes:
            self.notes.append(words)

    def _send(self, request: Request) -> Exchange:
        """Send a request; raises CannotRun if the first response shows that this is not the API."""
        if request.spelling and request.method == "PUT":
            ulid, ticket = self.ticket_ids.pair(request)
            self.target.transport.guard.names[ulid] = ticket
        try:
            exchange = self.receive(request)
        except Exhausted as end:
            if not self.recognized and self.target.budget.closed:
                raise CannotRun(str(end)) from None
            raise
        finally:
            self.catch_up()
        if not self.recognized and request.who == "main" and not may_be_elsewhere(exchange):
            require_api(self.target, exchange)
            self.recognized = True
        require_accepted(self.target, exchange)
        return exchange

    def receive(self, request: Request) -> Exchange:
        """Send a request as it is; subclasses may repeat it."""
        return self.target.ask(request)

    def catch_up(self) -> None:
        """Add the exchanges that the transport has recorded since the last call to the history."""
        for exchange in self.target.journal[self.added :]:
            self.history.add(exchange)
        self.added = len(self.target.journal)

    def page_of(self, exchange: Exchange) -> Page | None:
        last = self.history.pages[-1] if self.history.pages else None
        return last if last is not None and last.exchange is exchange else None

    def detail(self, ticket: int, purpose: str = "", *, who: Who = "main") -> Exchange | None:
        """Request a ticket; returns None for one that is out of scope."""
        if not self.in_scope(ticket):
            return None
        return self.ask(get(f"{LIST_PATH}/{ticket}", purpose=purpose, who=who))

    def rows(self) -> list[Row]:
        """Return every ticket known, oldest id first."""
        return sorted(self.history.rows(), key=lambda row: int(row["id"]))

    def rows_in_scope(self) -> list[Row]:
        """Return the tickets that may be requested alone, oldest id first."""
        return [row for row in self.rows() if self.in_scope(int(row["id"]))]

    def tickets_in_scope(self) -> list[int]:
        """Return the ids of the tickets that may be requested alone, in the order first seen."""
        return [ticket for ticket in self.history.observations if self.in_scope(ticket)]
