"""The history of a run: its pages, details, and the observations of each ticket over time."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.page import Page
from contract_tests.observations.query import QueryReader
from contract_tests.observations.schema.documented_row import DocumentedRow
from contract_tests.observations.ticket import Detail, Row, has_id, moment
from contract_tests.observations.ticket_states import (
    Change,
    Observation,
    answered_row,
    certain_row,
    latest_row,
    may_change,
)
from contract_tests.observations.walks import (
    Walk,
    changed_between,
    changed_since,
    deleted_between,
)
from contract_tests.observations.workspaces import foreign_rows, is_one_workspace
from contract_tests.observations.write import read_write
from mockserver.contract.operations import Contract


@dataclass
class History:
    """What a run has observed; laws read it, only the run adds to it."""

    contract: Contract
    exchanges: list[Exchange] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    writes: list[Exchange] = field(default_factory=list)
    observations: dict[int, list[Observation]] = field(default_factory=dict)
    changes: dict[int, list[Change]] = field(default_factory=dict)
    """The writes to each ticket, but for those that were refused."""
    others: frozenset[str] = frozenset()
    """Which further tokens were given: other, readonly; other only if it is of other tickets."""
    changed_by_us: set[int] = field(default_factory=set)
    """Tickets that changed beside those that were written, and that nobody else was at."""
    why_not_written: str = "nothing was written"
    """In words, why no write was sent, if none was."""

    def __post_init__(self) -> None:
        self.reader = QueryReader(self.contract)
        self.documented = DocumentedRow(self.contract)
        self.fields = self.documented.fields
        self._of_detail: dict[int, list[Detail]] = {}
        self._rows: dict[str, Row] = {}  # equal rows are kept once: they compare at a glance
        self._kept_for: dict[int, tuple[Row, Row]] = {}  # by identity: a row that was read before
        self._threads: dict[int, Detail] = {}
        self._texts: dict[int, Detail] = {}
        self.by_ulid = False
        self.one_workspace = False
        self._given = self.others

    def add(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        request = exchange.request
        if exchange.superseded:
            return
        if request.who == "other":
            self.one_workspace = is_one_workspace(self.exchanges, self.pages)
            self.others = self._given - {"other"} if self.one_workspace else self._given
        if request.method == "PUT":
            self.writes.append(exchange)
            self._add_write(exchange)
        self.by_ulid |= bool(request.spelling) and exchange.status == 200
        if request.method != "GET" or exchange.status != 200 or request.who != "main":
            return
        if exchange.stale or not isinstance(exchange.document, dict):
            return
        if request.path == LIST_PATH:
            self._add_page(self._page(exchange))
        elif has_id(exchange.document.get("ticket")):
            self._add_detail(Detail(exchange))

    def with_exchange(self, exchange: Exchange) -> "History":
        """Return a history with one exchange more, which its number puts before or after others."""
        more = copy(self)
        more.exchanges, more.pages, more.details = [*self.exchanges], [*self.pages], [*self.details]
        more.changes = {ticket: [*changes] for ticket, changes in self.changes.items()}
        more.observations = {ticket: [*seen] for ticket, seen in self.observations.items()}
        more.add(exchange)
        for seen in more.observations.values():
            seen.sort(key=lambda observation: observation.number)
        return more

    def _add_write(self, exchange: Exchange) -> None:
        """Keep the ticket that the answer to a write shows, with what it leaves out as before."""
        write = read_write(exchange.request)
        if (
            write is None
            or write.ticket not in self.observations
            or not may_change(write, exchange)
        ):
            return
        seen, changes = self.observations[write.ticket], self.changes.setdefault(write.ticket, [])
        row = answered_row(write, exchange)
        if row is not None:
            before = latest_row(seen, changes)
            row = self._kept({**before, **row})
            self._keep_texts(before, row)
        changes.append(Change(exchange.number, write.field, row))

    def _keep_texts(self, before: Row, row: Row) -> None:
        """Remember that a write has left a ticket's thread as it was."""
        detail = self._threads.get(id(before)) or self._texts.get(id(before))
        name = "latest_message_preview"
        if detail is not None and before.get(name) == row.get(name):
            self._texts.setdefault(id(row), detail)

    def _page(self, exchange: Exchange) -> Page:
        meta = exchange.document.get("meta")
        size = meta.get("per_page") if isinstance(meta, dict) else None
        return Page(exchange, self.reader.as_answered(exchange.request.query, size))

    def _add_page(self, page: Page) -> None:
        self.pages.append(page)
        for row in page.rows:
            self._see(page.number, row, detail=False)

    def _add_detail(self, detail: Detail) -> None:
        asked = detail.exchange.request.path.rpartition("/")[2]
        self.details.append(detail)
        if asked == str(detail.id):
            row = self._see(detail.number, detail.ticket, detail=True)
            self._threads.setdefault(id(row), detail)
            self._of_detail.setdefault(detail.id, []).append(detail)

    def _see(self, number: int, row: Row, *, detail: bool) -> Row:
        known = self._kept(row)
        self.observations.setdefault(row["id"], []).append(Observation(number, known, detail))
        return known

    def _kept(self, row: Row) -> Row:
        """Return a row's list fields, as the one object that stands for all equal rows."""
        if id(row) not in self._kept_for:
            read = self.documented.of(row)
            fields = {name: read[name] for name in self.fields if name in read}
            known = self._rows.setdefault(json.dumps(fields, sort_keys=True), fields)
            for each in (row, known):
                self._kept_for[id(each)] = each, known  # alive, so that no other has its id
        return self._kept_for[id(row)][1]

    def foreign_rows(self) -> Iterator[Row]:
        """Return the tickets of the other workspace, as answers to its token show them."""
        return iter(()) if self.one_workspace else foreign_rows(self.exchanges)

    def exchange(self, number: int) -> Exchange:
        """Return an exchange by its number."""
        return next(e for e in reversed(self.exchanges) if e.number == number)

    def unchanged_around(self, ticket: int, number: int) -> Row | None:
        """Return the ticket as it certainly was at an exchange: alike right before and after."""
        seen, changes = self.observations.get(ticket, []), self.changes.get(ticket, [])
        return certain_row(seen, changes, number)

    def around(self, ticket: int, number: int) -> tuple[Exchange, Exchange]:
        """Return the exchanges that tell what a ticket was right before and after another."""
        events = [*self.observations[ticket], *self.changes.get(ticket, ())]
        numbers = [event.number for event in events]
        before, after = max(n for n in numbers if n < number), min(n for n in numbers if n > number)
        return self.exchange(before), self.exchange(after)

    def thread(self, ticket: int, row: Row) -> Detail | None:
        """Return a detail that shows the ticket just as `row` does."""
        if ticket not in self._of_detail:
            return None
        return self._threads.get(id(self._kept(row)))

    def texts(self, ticket: int, row: Row) -> Detail | None:
        """Return a detail that shows the same texts as `row`, though writes came between."""
        return self.thread(ticket, row) or self._texts.get(id(self._kept(row)))

    def detail_of(self, ticket: int) -> Detail | None:
        """Return the latest detail of a ticket."""
        found = self._of_detail.get(ticket)
        return found[-1] if found else None

    def rows(self) -> Iterator[Row]:
        """Yield every known ticket as it was seen last, in the order first seen."""
        return (
            latest_row(seen, self.changes.get(ticket, []))
            for ticket, seen in self.observations.items()
        )

    def last_listed(self) -> list[Row] | None:
        """Return the tickets that the last whole walk found, and later ones; None without one."""
        first = next((walk.first for walk in reversed(self.walks) if walk.whole), None)
        if first is None:
            return None
        latest = (observations[-1] for observations in self.observations.values())
        return [observation.row for observation in latest if observation.number >= first]

    @property
    def whole(self) -> bool:
        """True when a walk saw every ticket of the workspace."""
        return any(walk.whole for walk in self.walks)

    def covers(self, number: int) -> bool:
        """True when every ticket that existed at an exchange is known: a whole walk came after."""
        return any(walk.whole and walk.first > number for walk in self.walks)

    @property
    def changed_meanwhile(self) -> bool:
        """True when tickets changed, arrived or were deleted: others are at work."""
        written = {w.ticket for e in self.writes if (w := read_write(e.request))}
        others = {t: seen for t, seen in self.observations.items() if t not in written}
        if len(self.walks) < 2:
            begun = bool(self.walks and self.writes)
            return begun and changed_since(self.walks[0], others, self.horizon)
        first, second = self.walks[0], self.walks[1]
        changed = changed_between(first, second, others, self.horizon)
        return bool(changed - self.changed_by_us) or deleted_between(
            first, second, self.observations, self.pages
        )

    @property
    def horizon(self) -> datetime | None:
        """The latest update found on arrival, less a margin: older ones are history."""
        first = self.pages[0] if self.pages else None
        walk = self.walks[0] if self.walks else None
        rows = [
            row
            for page in self.pages
            if page is first or (walk and walk.first <= page.number <= walk.last)
            for row in page.rows
        ]
        moments = [found for row in rows if (found := moment(row.get("updated_at")))]
        return max(moments) - timedelta(seconds=2) if moments else None


def who_am_i(history: History) -> int | None:
    """Return the user whom nearly every ticket "assigned to me" belongs to."""
    pages = [p for p in history.pages if p.query.plain and p.asks_assigned_to_me]
    users = Counter(user for page in pages for user in page.assignee_ids if user is not None)
    if not users:
        return None
    user, count = users.most_common(1)[0]
    return user if count * 2 > users.total() else None
