"""The explorer of the extension: its exchanges are kept apart from those of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_tests.laws.extension.extension_writes import replied_ticket, shows_ticket
from contract_tests.laws.extension.history import ExtensionHistory, has_rows
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, Who, get
from contract_tests.observations.ticket import Row
from contract_tests.probes.explorer import Explorer


@dataclass
class ExtensionExplorer(Explorer):
    """Sends requests after the run of the page; `main` knows what that observed.

    `tickets` are those that get messages, tags and a team.
    """

    main: Explorer = field(kw_only=True)
    tickets: tuple[int, ...] = ()

    @property
    def known(self) -> ExtensionHistory:
        assert isinstance(self.history, ExtensionHistory)
        return self.history

    def in_scope(self, ticket: int) -> bool:
        return self.main.in_scope(ticket)

    def send(self, request: Request) -> Exchange:
        """Send a request as it is: no ticket is looked up, and none requested by ULID."""
        return self._send(request)

    def receive(self, request: Request) -> Exchange:
        """Send a request; a search that does not find a new reply yet is repeated."""
        ticket, replies = replied_ticket(request), self.known.sent("replyToTicket")
        if ticket is None or not replies or not replies[-1].successful:
            return self.target.ask(request)

        def is_behind(exchange: Exchange) -> bool:
            return has_rows(exchange) and not shows_ticket(exchange, ticket)

        return self.main.read_lag.follow(self.target, request, replies[-1], is_behind)

    def read(
        self,
        path: str,
        purpose: str = "",
        *,
        who: Who = "main",
        filters: Mapping[str, str] | None = None,
        **query: object,
    ) -> Exchange:
        """Send a GET request of a path below /api."""
        given = {f"filter[{name}]": term for name, term in (filters or {}).items()} | query
        return self.ask(get(f"/api/{path}", given, purpose, who=who))

    def ticket(self, id: int) -> Row:
        """Read a ticket whole; empty if it cannot be read."""
        document = self.ask(get(f"{LIST_PATH}/{id}", purpose="the ticket itself")).document
        found = document.get("ticket") if isinstance(document, dict) else None
        return found if isinstance(found, dict) else {}
