"""The lag of reads: a list or ticket that does not show a write yet is requested again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contract_tests.client.target import Target
from contract_tests.client.waits import Backoff
from contract_tests.laws.lists.page_bounds import Candidate, ends_list, inside, place, window
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request
from contract_tests.observations.expected_state import State, after, detail_in, first_state
from contract_tests.observations.filter_semantics import UnknownFilter, belongs, readings
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, moment, shown
from contract_tests.observations.write import read_write

_SECOND = timedelta(seconds=1)
MAX_GIVEN_UP = 2
"""Reads that may never show what was written: an automation may have changed it once more."""


@dataclass
class ReadLag:
    """`seconds` is the longest time after which a read showed the writes before it.

    `given_up` counts the reads that did not show them within the time that --settle allows. After
    MAX_GIVEN_UP of them reads are judged as they are.
    """

    history: History
    seconds: float = 0.0
    given_up: int = 0
    beyond_budget: bool = True
    """Whether one read may be requested again beyond the requests of the profile."""

    def ask(self, target: Target, request: Request) -> Exchange:
        """Send a request; repeat a read that is behind the writes, within `target.settle`."""
        if not self._may_lag(request):
            return target.ask(request)
        return self.follow(target, request, self.history.writes[-1], self.is_behind)

    def follow(
        self,
        target: Target,
        request: Request,
        write: Exchange,
        is_behind: Callable[[Exchange], bool],
    ) -> Exchange:
        """Request a list or ticket until it follows the last write, as long as it may do so."""
        if self.given_up >= MAX_GIVEN_UP:
            return target.ask(request)
        written = write.started + write.elapsed
        self._pause(target, written)
        exchange = target.ask(request)
        wait, behind = Backoff(target.settle), False
        while is_behind(exchange):
            behind = True
            target.journal[-1] = replace(exchange, stale=True)
            if wait.over:
                self.given_up += 1
                target.journal[-1] = exchange
                return exchange
            if target.budget.allows() or target.transport.context.limits == "none":
                wait.next(target.transport.waits.rest)
                exchange = target.ask(request)
            elif self.beyond_budget:
                self.beyond_budget = False
                wait.to_the_end(target.transport.waits.rest)
                with target.phase(target.transport.context.phase, limits="run"):
                    exchange = target.ask(request)
            else:
                return target.journal[-1]
        if behind:
            self.seconds = max(self.seconds, exchange.started - written)
        return exchange

    def is_behind(self, exchange: Exchange) -> bool:
        """Return whether an answer shows a written ticket as it was before."""
        if exchange.status != 200 or not isinstance(exchange.document, dict):
            return False
        if exchange.request.path != LIST_PATH:
            return any(_is_before(state, exchange) for state in self._states())
        page = Page(exchange, self.history.reader.read(exchange.request.query))
        return any(self._misses(page, state) for state in self._states())

    def _may_lag(self, request: Request) -> bool:
        is_read = request.method == "GET" and request.who == "main"
        return is_read and bool(self.history.writes)

    def _pause(self, target: Target, written: float) -> None:
        """Wait for as long as reads lagged before: their totals, too, follow the writes."""
        due = written + 1.5 * self.seconds - time.time()
        if self.seconds and due > 0:
            target.transport.waits.rest(due)

    def _states(self) -> Iterator[State]:
        """Yield each written ticket as its last detail and the writes since then make it."""
        writes = [(found, e) for e in self.history.writes if (found := read_write(e.request))]
        for ticket in {write.ticket for write, _ in writes}:
            detail = self.history.detail_of(ticket)
            if detail is None:
                continue
            state = first_state(detail.ticket, detail.exchange)
            for write, exchange in writes:
                is_later = write.ticket == ticket and exchange.number > detail.number
                if is_later and exchange.answered:
                    state = after(state, write, exchange, shown(exchange, ticket))
            yield state

    def _misses(self, page: Page, state: State) -> bool:
        """Return whether a page shows a ticket otherwise, or keeps it in or out of a filter."""
        row = next((row for row in page.rows if row["id"] == state.row["id"]), None)
        if row is None:
            return self._belongs(page, state) is True and _has_room_for(page, state)
        if _is_newer(state, row):  # others changed it since
            return False
        return _is_older(state, row) or not state.shows(row) or self._belongs(page, state) is False

    def _belongs(self, page: Page, state: State) -> bool | None:
        """Return whether a ticket belongs in a list, None where that is open."""
        me, filters = who_am_i(self.history), page.query.filters
        try:
            answers = {belongs(filters, state.row, state.detail, each) for each in readings(me)}
        except (UnknownFilter, ValueError):
            return None
        return answers.pop() if len(answers) == 1 else None


def notes(lag: ReadLag, allowed: float) -> Iterator[str]:
    """Yield how long reads were behind writes; `allowed` are the seconds of --settle."""
    if lag.seconds:
        yield f"reads lag {lag.seconds:.1f} s behind writes"
    if lag.given_up:
        yield f"reads did not show a write within {allowed:g} s (--settle)"


def _is_before(state: State, exchange: Exchange) -> bool:
    """Return whether a detail shows a ticket, its log included, as it was before a write."""
    row, detail = shown(exchange, state.row["id"]), detail_in(exchange)
    if row is None or detail is None or state.last is None or _is_newer(state, row):
        return False
    if state.detail is not None and state.changed:
        entries = len(detail.activities) - len(state.detail.activities)
        if entries >= len(state.changed):  # it tells of the writes
            return False
    return _is_older(state, row) or not state.shows(row)


def _is_newer(state: State, row: Row) -> bool:
    updated, due = moment(row.get("updated_at")), _updated(state)
    return bool(updated and due and updated > due)


def _is_older(state: State, row: Row) -> bool:
    updated, due = moment(row.get("updated_at")), _updated(state)
    return bool(updated and due and updated < due)


def _has_room_for(page: Page, state: State) -> bool:
    """Return whether a page must contain a ticket that was written just now.

    By updated_at, others that were written in the same second may stand before it.
    """
    if not page.query.plain:
        return False
    key, ticket = place(state.row, page), int(state.row["id"])
    keys = (key, key)
    if page.query.sorts[0].key == "updated_at":
        due = _updated(state)
        keys = (due, due + _SECOND if due else None)
    low, high = window(page)
    ends = ends_list(page, {})
    candidates = (Candidate(ticket, state.row, key) for key in keys)
    return all(inside(each, page, low, high, ends=ends) for each in candidates)


def _updated(state: State) -> datetime | None:
    """Return updated_at after the last write, to the second."""
    known = [state.answered, moment(state.row.get("updated_at"))]
    times = [when.replace(microsecond=0) for when in known if when]
    return max(times, default=None)
