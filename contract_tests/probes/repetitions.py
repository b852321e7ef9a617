"""Requests that were sent before, once more: the answers must be the same."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.ticket import moment
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.lists import LISTS
from contract_tests.probes.plan import probe

REPEATED = {"quick": 2, "standard": 5, "deep": 5}
"""How many requests are sent again at the end of the reading."""


@probe(
    "GET /api/tickets?sort={a key}&per_page={a size} (two pages, between tickets of equal times)",
    topics=LISTS,
)
def equal_times(explorer: Explorer) -> None:
    """Tickets of equal times have a fixed order too, else one is lost between two pages."""
    border = _border(explorer)
    if border is None:
        return
    key, size, page = border
    for number in (page, page + 1):
        explorer.list_tickets("between equal times", sort=key, per_page=size, page=number)


@probe(
    "GET /api/tickets once more, a detail, a search, a refusal and a missing ticket once more",
    phase="closing",
    topics=(*LISTS, "messages", "robustness", "access"),
)
def once_more(explorer: Explorer) -> None:
    """What comes only now and then, or after many requests, comes late in a run."""
    budget = explorer.target.budget
    for exchange in list(_worth_repeating(explorer))[: REPEATED[explorer.profile]]:
        budget.kept_back = max(0, budget.kept_back - 1)
        explorer.ask(replace(exchange.request, spelling=""))


def _worth_repeating(explorer: Explorer) -> Iterator[Exchange]:
    """Yield the first plain list, the longest thread, a search, a refused and a missing one."""
    history = explorer.history
    yield from [page.exchange for page in history.pages if not page.exchange.request.query][:1]
    threads = sorted(history.details, key=lambda detail: -len(detail.messages))
    yield from [detail.exchange for detail in threads[:1]]
    searches = (p for p in history.pages if "filter[search]" in p.query.filter_names and p.rows)
    yield from [page.exchange for page in searches][:1]
    for status in (401, 404):
        yield from [e for e in history.exchanges if e.status == status and _is_read(e)][:1]


def _is_read(exchange: Exchange) -> bool:
    request = exchange.request
    return exchange.answered and request.method == "GET" and request.path.startswith(LIST_PATH)


def _border(explorer: Explorer) -> tuple[str, int, int] | None:
    """Return a sort key, a page size and a page that ends between two tickets of equal times."""
    if not explorer.history.whole:
        return None
    for key in ("updated_at", "created_at"):
        times = sorted(t for row in explorer.rows() if (t := moment(row.get(key))))
        if len(times) < len(explorer.rows()):
            continue
        end = 0
        for _, group in groupby(times):
            start, end = end, end + len(list(group))
            for place in range(start + 1, end):
                size = next((n for n in (25, 20, 10, 7, 5, 3, 2) if place % n == 0), None)
                if size is not None:
                    return key, size, place // size
    return None
