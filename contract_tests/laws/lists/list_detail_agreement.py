"""Presence: what a list shows can be read, and what can be read is listed."""

from collections.abc import Iterator

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.history import History
from contract_tests.observations.page_bounds import around
from contract_tests.observations.ticket import Detail, moment


@law("detail.answer")
def listed_is_readable(history: History) -> Iterator[Finding]:
    """A ticket that was listed before and after is not refused in between."""
    for exchange in history.exchanges:
        ticket = _asked_for(history, exchange)
        if ticket is None or not exchange.denied:
            continue
        if _is_known(history, ticket, exchange.number):
            message = f"ticket {ticket} is listed, but answers {exchange.status}"
            before, after = around(history, ticket, exchange.number)
            yield violated("detail.answer", message, before, exchange, after)


@law("list.paginated")
def readable_is_listed(history: History) -> Iterator[Finding]:
    """A ticket at rest since before the first walk stands on some page of two whole walks."""
    whole = [walk for walk in history.walks if walk.whole]
    if len(whole) < 2:
        yield not_observed("list.paginated", "the whole list was not read twice")
        return
    listed = {row["id"] for page in history.pages for row in page.rows}
    for detail in history.details:
        if detail.id in listed:
            yield holds("list.paginated", detail.exchange)
        elif _at_rest(history, detail):
            message = f"ticket {detail.id} can be read, but no page of the whole list shows it"
            ends = (history.exchange(walk.last) for walk in whole[:2])
            yield violated("list.paginated", message, detail.exchange, *ends)


def _asked_for(history: History, exchange: Exchange) -> int | None:
    """Return the listed ticket that a detail was asked of, by the name that the paths take."""
    request = exchange.request
    folder, _, name = request.path.rpartition("/")
    if (request.method, request.who, folder) != ("GET", "main", LIST_PATH):
        return None
    if history.by_ulid and not request.spelling:
        return None
    known = name.isascii() and name.isdigit() and len(name) < 16
    return int(name) if known and int(name) in history.observations else None


def _is_known(history: History, ticket: int, number: int) -> bool:
    """True when a ticket was seen both before and after an exchange."""
    numbers = [sighting.number for sighting in history.observations[ticket]]
    return numbers[0] < number < numbers[-1]


def _at_rest(history: History, detail: Detail) -> bool:
    updated = moment(detail.ticket.get("updated_at"))
    return updated is not None and history.horizon is not None and updated < history.horizon
