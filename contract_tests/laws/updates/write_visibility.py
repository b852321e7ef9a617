"""Where a written ticket must be found again: by its id, and in the lists that it belongs in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from contract_tests.laws.finding import Finding, violated
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.expected_state import State
from contract_tests.observations.filter_semantics import Reading, belongs, filter_of
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, moment
from contract_tests.observations.write import Write


@dataclass
class PendingViolations:
    """Answers without the ticket, which count once a later one shows that it was there.

    `lists`: until the next change, when nobody else touched the ticket; `details`: whenever it is
    seen again, because tickets do not come back.
    """

    lists: list[Finding] = field(default_factory=list)
    details: list[Finding] = field(default_factory=list)

    def take(
        self, state: State, ticket: int, exchange: Exchange, page: Page | None, me: int | None
    ) -> None:
        """Take note of an answer that does not show the ticket."""
        if not state.accepted or state.write is None or state.last is None:
            return
        if page is not None and _must_hold(page, state, me):
            message = f"after {state.write.words}, ticket {ticket} is not in a list it belongs in"
            requirement = f"{state.write.field}.listed"
            self.lists.append(violated(requirement, message, state.last, exchange))
        if exchange.status == 404 and _asks_for(exchange, ticket):
            message = f"after {state.write.words}, ticket {ticket} is not found"
            requirement = f"{state.write.field}.stored"
            self.details.append(violated(requirement, message, state.last, exchange))

    def confirm(self, state: State, row: Row) -> Iterator[Finding]:
        """Yield what a sighting turns into violations."""
        yield from self.found_again()
        if state.shows(row) and moment(row.get("updated_at")) == state.answered:
            yield from self.lists
        self.lists.clear()

    def found_again(self) -> Iterator[Finding]:
        """Yield the answers that denied a ticket which is there."""
        yield from self.details
        self.details.clear()

    def answered(self, write: Write, exchange: Exchange) -> Iterator[Finding]:
        """Yield what a later write proves; what lists said before a change cannot be checked."""
        if not exchange.refused:
            self.lists.clear()
        if exchange.successful and write.valid:
            yield from self.found_again()


def _must_hold(page: Page, state: State, me: int | None) -> bool:
    """True when a list must hold the ticket as it was written, on this very page."""
    query = page.query
    if not query.plain or query.page != 1 or not _are_known(query.filter_names):
        return False
    if any(value == "false" for _, value in query.filters):
        return False
    reading = Reading(every_tag=True, me=me)
    if belongs(query.filters, state.row, state.detail, reading) is not True or not page.complete:
        return False
    return page.reaches_end or _comes_early(page, state)


def _are_known(names: Iterable[str]) -> bool:
    """True for filters whose tickets are known, and which the last write is the reason to ask."""
    return all(filter_of(name) for name in names)


def _comes_early(page: Page, state: State) -> bool:
    """True when the ticket was changed after the last ticket of a page that shows changes first."""
    last = moment(page.rows[-1].get("updated_at")) if page.rows else None
    if str(page.query.sorts[0]) != "-updated_at" or last is None or state.answered is None:
        return False
    return state.answered > last


def _asks_for(exchange: Exchange, ticket: int) -> bool:
    request = exchange.request
    mine = request.method == "GET" and request.who == "main"
    return mine and request.path == f"{LIST_PATH}/{ticket}"
