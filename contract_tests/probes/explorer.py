"""The explorer knows what was observed and which requests are worth sending next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from contract_tests.client.session import LARGEST_WALK, Session
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request, Who, get
from contract_tests.observations.filter_semantics import spell
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, ids_of
from contract_tests.observations.walks import Walk
from contract_tests.probes.queries.list_forms import Forms
from contract_tests.writes.read_lag import ReadLag
from contract_tests.writes.ticket_writer import WriteSession


@dataclass
class Explorer(Session):
    """A session that walks lists and chooses tickets; `rng` is seeded, so a run can be repeated."""

    rng: Random = field(kw_only=True)
    write_session: WriteSession | None = None
    """The tickets that may be written; None in a run that only reads."""
    writes_forbidden: bool = False
    """True once the deployment answered that the token may not write."""
    told: set[tuple[str, str, bool]] = field(default_factory=set)
    """What combinations of filters have told; see probes/queries/filter_combinations.py."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.forms = Forms(self.rng)
        self.read_lag = ReadLag(self.history)

    @property
    def writes_between(self) -> bool:
        """True for a run that writes between its reading requests."""
        return self.profile == "quick" and self.write_session is not None

    def receive(self, request: Request) -> Exchange:
        """Send a request; a read that does not show a write yet is repeated."""
        return self.read_lag.ask(self.target, request)

    def list_tickets(self, purpose: str = "", *, who: Who = "main", **query: Any) -> Page | None:
        """Ask for a page of the list; keyword names stand for the parameters."""
        return self.page_of(self.ask(get(LIST_PATH, spell(query), purpose, who=who)))

    def walk(self, sort: str) -> Walk:
        """Walk over the whole list in pages of 100, as far as the profile goes.

        It is whole when it found as many tickets as there were when it began.
        """
        limit, number = LARGEST_WALK[self.profile], 1
        first = last = len(self.target.journal) + 1
        found: set[int] = set()
        due, whole = 0, False
        query: dict[str, Any] = {"sort": sort, "per_page": 100}
        try:
            while number <= limit:
                page = self.list_tickets("walk over every ticket", **query, page=number)
                if page is None:
                    break
                last, due = page.number, due or page.total
                found.update(row["id"] for row in page.rows)
                whole = page.complete and page.reaches_end and len(found) >= due
                if page.reaches_end or not page.rows:
                    break
                number += 1
        finally:  # also when the requests are spent: a part tells who else was at work
            walk = Walk(first, last, whole=whole)
            self.history.walks.append(walk)
        return walk

    def pick(self, rows: list[Row], wanted: Callable[[Row], Any]) -> list[Row]:
        """Return the rows that satisfy `wanted`, in a seeded order."""
        found = [row for row in rows if wanted(row)]
        self.rng.shuffle(found)
        return found

    def counts(self, name: str) -> dict[int, int]:
        """Return how many known tickets each channel, tag or assignee id has, most first."""
        counts: dict[int, int] = {}
        for row in self.rows():
            for found in ids_of(row, name):
                counts[found] = counts.get(found, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
