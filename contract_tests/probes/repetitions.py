"""Requests that were sent before, once more: the answers must be the same."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from contract_tests.laws.lists.list_detail_agreement import lost_for_now
from contract_tests.laws.updates.untouched_tickets import changed_by_us, changed_unasked
from contract_tests.observations.exchange import LIST_PATH, Exchange, get
from contract_tests.observations.ticket import Row, moment
from contract_tests.observations.write import Write, read_write
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.lists import LISTS
from contract_tests.probes.plan import probe
from contract_tests.probes.writes import UPDATE
from contract_tests.writes.ticket_writer import open_ticket_writers

REPEATED = {"quick": 2, "standard": 5, "deep": 5}
"""How many requests are sent again at the end of the reading."""
REFUSED = {"quick": 2, "standard": 8, "deep": 20}
"""How many refused requests are sent again, where requests are left."""
STRANGERS = ("none", "other", "readonly")
"""Whose writes are sent again: tokens that are nearly ours wrote what stood there at the time."""
_TIMES = ("updated_at", "created_at")
_SIZES = (*range(25, 1, -1), *range(26, 101))
"""Page sizes, the usual ones first."""
LOST = 2
"""How many tickets that the list has lost are asked for."""


@probe(
    "GET /api/tickets?sort={a key}&per_page={a size} (two pages, between tickets of equal times,"
    " for each key that has some)",
    topics=LISTS,
)
def equal_times(explorer: Explorer) -> None:
    """Tickets of equal times have a fixed order too, else one is lost between two pages."""
    for key in _TIMES if explorer.history.whole else ():
        border = tie_border(explorer.rows(), key)
        if border is not None:
            size, page = border
            for number in (page, page + 1):
                explorer.list_tickets("between equal times", sort=key, per_page=size, page=number)


@probe(
    "GET /api/tickets once more, a detail, a search, a refusal and a missing ticket once more",
    phase="closing",
    topics=(*LISTS, "messages", "robustness", "access"),
    between=False,
)
def once_more(explorer: Explorer) -> None:
    """What comes only now and then, or after many requests, comes late in a run."""
    budget = explorer.target.budget
    for exchange in list(_worth_repeating(explorer))[: REPEATED[explorer.profile]]:
        budget.kept_back = max(0, budget.kept_back - 1)
        explorer.ask(replace(exchange.request, spelling=""))


@probe(
    "GET /api/tickets/{id} of tickets that were listed before, and are not any more",
    since="standard",
    phase="closing",
    topics=LISTS,
)
def lost_once_more(explorer: Explorer) -> None:
    """Others may have deleted a ticket that no list shows any more: then it is 404."""
    for ticket in lost_for_now(explorer.history)[:LOST]:
        if explorer.target.budget.allows():
            explorer.detail(ticket, "a ticket that the list has lost")


@probe(
    "GET /api/tickets/{id} of a ticket that changed though it was not written",
    phase="written",
    until="quick",
    topics=UPDATE,
)
def changed_beside(explorer: Explorer) -> None:
    """Where writes came between two walks, only a ticket's log tells who else changed it."""
    history = explorer.history
    history.changed_by_us = {before.row["id"] for before, _ in changed_unasked(history)}
    ask_after(explorer, 1)
    history.changed_by_us = changed_by_us(history)


def ask_after(explorer: Explorer, most: int) -> None:
    """Read tickets that changed unasked, or are not listed any more.

    The log tells whether others were at them; one that others deleted is 404.
    """
    history = explorer.history
    changed = [before.row["id"] for before, _ in changed_unasked(history)]
    unexplained = [] if history.changed_meanwhile else changed
    suspects = [t for t in (*unexplained, *lost_for_now(history)) if explorer.in_scope(t)]
    for ticket in suspects[:most]:
        with explorer.target.phase("writing", limits="run"):
            purpose = "a ticket that changed unasked, or that the list has lost"
            explorer.send(get(f"{LIST_PATH}/{ticket}", purpose=purpose))


@probe(
    "the same requests without a valid token, once more",
    topics=("access", "responses"),
)
def refusals_once_more(explorer: Explorer) -> None:
    """Who is turned away once may get in at the second try, as where answers are cached."""
    refused = [e for e in explorer.history.exchanges if _must_be_refused(e)]
    for exchange in refused[: REFUSED[explorer.profile]]:
        if not explorer.target.budget.allows():
            return
        explorer.ask(replace(exchange.request, spelling=""))


def _must_be_refused(exchange: Exchange) -> bool:
    """True for a request of a stranger to read that was turned away."""
    return exchange.status == 401 and exchange.request.who != "main" and _is_read(exchange)


@probe(
    "PUT of one refused write of each kind, once more, then each detail",
    since="standard",
    phase="writing",
    topics=UPDATE,
)
def refused_writes_again(explorer: Explorer) -> None:
    """What is refused must be refused each time, and have no effect the second time either."""
    if explorer.write_session is None or explorer.writes_forbidden:
        return
    writers = {
        writer.ticket: writer for writer in open_ticket_writers(explorer, explorer.write_session)
    }
    tried: list[int] = []
    for write, exchange in _refused_writes(explorer, set(writers)):
        writer = writers[write.ticket]
        if not explorer.target.budget.allows(1 + len({*tried, write.ticket})):
            break  # what was tried must still be read
        writer.note(write.field, write.value)
        explorer.ask(replace(exchange.request, spelling=""))
        tried.append(write.ticket)
    for ticket in dict.fromkeys(tried):
        writers[ticket].read()


def _refused_writes(explorer: Explorer, tickets: set[int]) -> list[tuple[Write, Exchange]]:
    """Return the first refused write of each kind: of each stranger, and of each invalid body."""
    kinds: dict[tuple[object, ...], tuple[Write, Exchange]] = {}
    for exchange in explorer.history.writes:
        write, who = read_write(exchange.request), exchange.request.who
        if write is None or exchange.status not in (400, 401, 403, 422):
            continue
        if write.ticket not in tickets or write.free:
            continue
        if who in STRANGERS:
            kinds.setdefault((who,), (write, exchange))
        elif who == "main" and not write.valid:
            kinds.setdefault((write.field, write.malformed), (write, exchange))
    return list(kinds.values())


def _worth_repeating(explorer: Explorer) -> Iterator[Exchange]:
    """Yield the first plain list, the longest thread, a search, a refused and a missing one."""
    history = explorer.history
    yield from [page.exchange for page in history.pages if not page.exchange.request.query][:1]
    threads = sorted(history.details, key=lambda detail: -len(detail.messages))
    yield from [detail.exchange for detail in threads[:1]]
    searches = (p for p in history.pages if "filter[search]" in p.query.filter_names and p.rows)
    yield from [page.exchange for page in searches][:1]
    read = [e for e in history.exchanges if _is_read(e)]
    asked = Counter((e.request.who, e.request.target) for e in read)
    for status in (401, 404):
        refused = (e for e in read if e.status == status)
        once = (e for e in refused if asked[e.request.who, e.request.target] == 1)
        yield from [*once][:1]


def _is_read(exchange: Exchange) -> bool:
    request = exchange.request
    return exchange.answered and request.method == "GET" and request.path.startswith(LIST_PATH)


def tie_border(rows: list[Row], key: str) -> tuple[int, int] | None:
    """Return a page size and a page that ends between two tickets of equal times.

    The two pages hold so many of them that one comes twice if the other page turns their order.
    """
    times = sorted(t for row in rows if (t := moment(row.get(key))))
    end = 0
    for _, group in groupby(times if len(times) == len(rows) else ()):
        start, end = end, end + len(list(group))
        middle = (start + end) / 2
        for place in sorted(range(start + 1, end), key=lambda place: abs(place - middle)):
            for size in (size for size in _SIZES if place % size == 0):
                before, after = min(size, place - start), min(size, end - place)
                if 2 * before + after > end - start:
                    return size, place // size
    return None
