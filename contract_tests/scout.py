"""The scout asks, remembers, and knows what is worth asking next."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from contract_tests.budget import Exhausted
from contract_tests.exchange import Exchange, Request, Who, get
from contract_tests.naming import NOTE, Naming
from contract_tests.seen import LIST_PATH, Seen, Walk
from contract_tests.target import Target
from contract_tests.views import Page, Row

if TYPE_CHECKING:
    from contract_tests.desk import Desk

LARGEST_WALK = {"quick": 3, "standard": 10, "deep": 200}
"""How many pages of 100 a walk over the whole list may take."""


@dataclass
class Scout:
    """Sends requests for the probes; `rng` is seeded, so a run can be repeated."""

    target: Target
    seen: Seen
    rng: Random
    profile: str
    added: int = 0
    notes: list[str] = field(default_factory=list)
    desk: "Desk | None" = None
    """Where writes happen; None: this run only reads."""
    forbidden: bool = False
    """True once the deployment said that the token may not write."""

    def __post_init__(self) -> None:
        self.naming = Naming(self.seen)

    def ask(self, request: Request) -> Exchange:
        """Send a planned request; raises Exhausted when the plan must end here."""
        if not self.target.door.now.free and not self.target.budget.allows():
            raise Exhausted("the requests of this profile are spent")
        return self.send(request)

    def send(self, request: Request) -> Exchange:
        """Send a request that the plan kept something back for."""
        exchange = self._send(self.naming.spelled(request))
        ticket = self.naming.doubted(exchange)
        if ticket is None:
            return exchange
        if not self.seen.pages:
            self._look_up(ticket)
        return exchange if self.naming.ulid_of(ticket) is None else self._by_ulid(exchange)

    def _look_up(self, ticket: int) -> None:
        """Look for a ticket in lists, when its integer is refused before any list was read."""
        for number in range(1, LARGEST_WALK[self.profile] + 1):
            query = {"sort": "created_at", "per_page": 100, "page": number}
            page = self.page_of(self._send(get(LIST_PATH, query, "how tickets are named")))
            if page is None or page.reaches_end or ticket in self.seen.sightings:
                return

    def _by_ulid(self, refused: Exchange) -> Exchange:
        """Ask by ULID for what was refused by integer, and go on so if that is answered."""
        self.naming.by_ulid = True
        exchange = self._send(self.naming.spelled(refused.request))
        self.naming.learn(exchange)
        if not self.naming.by_ulid:
            return refused
        self.note(NOTE)
        return exchange

    def note(self, words: str) -> None:
        """Say something about the run in its report, once."""
        if words not in self.notes:
            self.notes.append(words)

    def _send(self, request: Request) -> Exchange:
        if request.spelling and request.method == "PUT":
            self.target.door.name(*self.naming.pair(request))
        try:
            return self.target.ask(request)
        finally:
            self.catch_up()

    def catch_up(self) -> None:
        """Take into account what left through the door, whoever sent it."""
        for exchange in self.target.journal[self.added :]:
            self.seen.add(exchange)
        self.added = len(self.target.journal)

    def list_tickets(self, purpose: str = "", *, who: Who = "main", **query: Any) -> Page | None:
        """Ask for a page of the list; keyword names stand for the parameters."""
        return self.page_of(self.ask(get(LIST_PATH, spell(query), purpose, who=who)))

    def page_of(self, exchange: Exchange) -> Page | None:
        last = self.seen.pages[-1] if self.seen.pages else None
        return last if last is not None and last.exchange is exchange else None

    def detail(self, ticket: int, purpose: str = "", *, who: Who = "main") -> Exchange:
        return self.ask(get(f"{LIST_PATH}/{ticket}", purpose=purpose, who=who))

    def walk(self, sort: str) -> Walk:
        """Walk over the whole list in pages of 100, as far as the profile goes.

        It is whole when it found as many tickets as there were when it began.
        """
        limit, number = LARGEST_WALK[self.profile], 1
        first = last = len(self.target.journal) + 1
        found: set[int] = set()
        due, whole = 0, False
        while number <= limit:
            page = self.list_tickets("walk over every ticket", sort=sort, per_page=100, page=number)
            if page is None:
                break
            last, due = page.number, due or page.total
            found.update(row["id"] for row in page.rows)
            whole = page.complete and page.reaches_end and len(found) >= due
            if page.reaches_end or not page.rows:
                break
            number += 1
        walk = Walk(first, last, whole=whole)
        self.seen.walks.append(walk)
        return walk

    def rows(self) -> list[Row]:
        """Return every ticket known, oldest id first."""
        return sorted(self.seen.rows(), key=lambda row: int(row["id"]))

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


def ids_of(row: Row, name: str) -> Iterator[int]:
    """Yield the ids of a row's channel, assignee or tags."""
    node = row.get(name)
    for item in node if isinstance(node, list) else [node]:
        if isinstance(item, dict) and isinstance(item.get("id"), int):
            yield item["id"]


_FILTERS = ("status", "channel_ids", "tag_ids", "search", "assigned_to_me", "unassigned")


def spell(query: Mapping[str, Any]) -> dict[str, str]:
    """Return query parameters under their names on the wire."""
    return {f"filter[{k}]" if k in _FILTERS else k: _value(v) for k, v in query.items()}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)
