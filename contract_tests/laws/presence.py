"""Presence: what a list shows can be read, and what can be read is listed."""

from collections.abc import Iterator

from contract_tests.exchange import Exchange
from contract_tests.seen import LIST_PATH, Seen
from contract_tests.verdict import Finding, holds, law, unseen, violated
from contract_tests.views import Detail, moment
from contract_tests.window import around

_PARDONED = (401, 429)
"""Refusals that say nothing about the ticket; other laws judge them."""


@law("detail.answer")
def listed_is_readable(seen: Seen) -> Iterator[Finding]:
    """A ticket that was listed before and after is not refused in between."""
    for exchange in seen.exchanges:
        ticket = _asked_for(seen, exchange)
        status = exchange.status or 0
        if ticket is None or not 400 <= status < 500 or status in _PARDONED:
            continue
        if _is_known(seen, ticket, exchange.number):
            message = f"ticket {ticket} is listed, but answers {status}"
            before, after = around(seen, ticket, exchange.number)
            yield violated("detail.answer", message, before, exchange, after)


@law("list.paginated")
def readable_is_listed(seen: Seen) -> Iterator[Finding]:
    """A ticket at rest since before the first walk stands on some page of two whole walks."""
    whole = [walk for walk in seen.walks if walk.whole]
    if len(whole) < 2:
        yield unseen("list.paginated", "the whole list was not read twice")
        return
    listed = {row["id"] for page in seen.pages for row in page.rows}
    for detail in seen.details:
        if detail.id in listed:
            yield holds("list.paginated", detail.exchange)
        elif _at_rest(seen, detail):
            message = f"ticket {detail.id} can be read, but no page of the whole list shows it"
            ends = (seen.exchange(walk.last) for walk in whole[:2])
            yield violated("list.paginated", message, detail.exchange, *ends)


def _asked_for(seen: Seen, exchange: Exchange) -> int | None:
    """Return the listed ticket that a detail was asked of, by the name that the paths take."""
    request = exchange.request
    folder, _, name = request.path.rpartition("/")
    if (request.method, request.who, folder) != ("GET", "main", LIST_PATH):
        return None
    if seen.by_ulid and not request.spelling:
        return None
    known = name.isascii() and name.isdigit() and len(name) < 16
    return int(name) if known and int(name) in seen.sightings else None


def _is_known(seen: Seen, ticket: int, number: int) -> bool:
    """True when a ticket was seen both before and after an exchange."""
    numbers = [sighting.number for sighting in seen.sightings[ticket]]
    return numbers[0] < number < numbers[-1]


def _at_rest(seen: Seen, detail: Detail) -> bool:
    updated = moment(detail.ticket.get("updated_at"))
    return updated is not None and seen.horizon is not None and updated < seen.horizon
