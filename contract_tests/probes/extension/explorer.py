"""The explorer of the extension: its exchanges are kept apart from those of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_tests.laws.extension.history import ExtensionHistory
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
