"""What a list shows can be read, and what can be read is listed."""

from collections.abc import Iterator
from itertools import islice

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Detail, Row, moment
from contract_tests.observations.ticket_states import Observation
from contract_tests.observations.walks import Walk


@law("detail.answer")
def listed_is_readable(history: History) -> Iterator[Finding]:
    """A ticket that was listed before and after is not refused in between."""
    for exchange in history.exchanges:
        ticket = _asked_for(history, exchange)
        if ticket is None or not exchange.denied:
            continue
        if _is_known(history, ticket, exchange.number):
            message = f"ticket {ticket} is listed, but answers {exchange.status}"
            before, after = history.around(ticket, exchange.number)
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


@law("list.paginated")
def found_again(history: History) -> Iterator[Finding]:
    """A ticket that was listed, and is there afterwards, stands on some page of a whole walk.

    One that is gone afterwards may have been deleted by others.
    """
    for walk, lost in lost_tickets(history):
        for before in lost:
            ticket = before.row["id"]
            later = next((s for s in history.observations[ticket] if s.number > walk.last), None)
            if later is not None:
                message = f"ticket {ticket} was listed and can be read, but the whole list lost it"
                numbers = (before.number, walk.first, walk.last, later.number)
                evidence = [history.exchange(number) for number in numbers]
                yield violated("list.paginated", message, *evidence)


@law("list.paginated")
def in_the_whole_list(history: History) -> Iterator[Finding]:
    """What a list shows between two whole walks stands in one of them, unless it is new.

    A ticket that only a filter or a search brings up is not of this list at all.
    """
    whole = [walk for walk in history.walks if walk.whole]
    if len(whole) < 2:
        return
    first, last = whole[0], whole[-1]
    walked = {row["id"] for page in history.pages for row in page.rows
              if any(walk.first <= page.number <= walk.last for walk in whole)}  # fmt: skip
    between = (page for page in history.pages if first.last < page.number < last.first)
    strange = (
        (page, row) for page in between for row in page.rows
        if row["id"] not in walked and _is_old(history, row)
    )  # fmt: skip
    for page, row in islice(strange, 1):
        message = f"ticket {row['id']} is listed, but no page of the whole list shows it"
        ends = (history.exchange(walk.last) for walk in (first, last))
        yield violated("list.paginated", message, page.exchange, *ends)


def lost_for_now(history: History) -> list[int]:
    """Return the tickets that the last whole walk lost, and that were not asked for since."""
    last = list(lost_tickets(history))[-1:]
    return [
        row.row["id"]
        for walk, lost in last
        for row in lost
        if not any(_asks_for(e, row.row["id"], walk) for e in history.exchanges)
    ]


def _asks_for(exchange: Exchange, ticket: int, walk: Walk) -> bool:
    return exchange.number > walk.last and exchange.request.path == f"{LIST_PATH}/{ticket}"


def lost_tickets(history: History) -> Iterator[tuple[Walk, list[Observation]]]:
    """Yield each whole walk with the earlier rows of tickets that it does not show.

    While tickets come and go, one may slip from a page that is still to come to one before it.
    """
    for walk in history.walks:
        pages = [p for p in history.pages if walk.first <= p.number <= walk.last]
        if not walk.whole or len({page.total for page in pages}) != 1:
            continue
        shown = {row["id"] for page in pages for row in page.rows}
        missing = history.observations.keys() - shown
        rows = (
            next((s for s in history.observations[ticket] if not s.detail), None)
            for ticket in sorted(missing)
        )
        yield walk, [row for row in rows if row is not None and row.number < walk.first]


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
    return _is_past(history, detail.ticket.get("updated_at"))


def _is_old(history: History, row: Row) -> bool:
    """True for a ticket that was created before the run."""
    return _is_past(history, row.get("created_at"))


def _is_past(history: History, value: object) -> bool:
    """True for a time before the run began."""
    time = moment(value)
    return time is not None and history.horizon is not None and time < history.horizon
