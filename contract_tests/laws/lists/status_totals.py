"""Status totals: what is counted status by status adds up to the count of the whole list."""

from collections.abc import Iterator
from itertools import combinations

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.write import STATUSES

_STATUS = "filter[status]"


@law("list.meta.total")
def add_up(history: History) -> Iterator[Finding]:
    """Each ticket has one status; this needs no walk, so it holds for lists of any length."""
    for span in _quiet_spans(history):
        whole = span[0]
        inside = range(whole.number, span[-1].number)
        counted = {s: p for p in history.pages if p.number in inside and (s := _statuses(p))}
        for parts in _partitions(counted):
            pages = [counted[part] for part in parts]
            total = sum(page.total for page in pages)
            evidence = [page.exchange for page in (whole, *pages, span[-1])]
            if total == whole.total:
                yield holds("list.meta.total", *evidence)
            else:
                message = f"total is {whole.total} where its statuses add up to {total}"
                yield violated("list.meta.total", message, *evidence, fragile=True)


def _quiet_spans(history: History) -> Iterator[list[Page]]:
    """Yield pages between which nothing changed.

    They are beginnings of the whole list, newest update first, and alike: a change of any ticket
    would have come first.
    """
    span: list[Page] = []
    for page in filter(_is_newest_first, history.pages):
        if span and not _is_quiet(history, span[-1], page):
            yield span
            span = []
        span.append(page)
    if span:
        yield span


def _is_newest_first(page: Page) -> bool:
    query = page.query
    first = query.plain and not query.filters and query.page == 1
    return first and page.complete and [str(sort) for sort in query.sorts] == ["-updated_at"]


def _is_quiet(history: History, before: Page, after: Page) -> bool:
    if any(before.number < write.number < after.number for write in history.writes):
        return False
    shown = min(len(before.rows), len(after.rows))
    return before.total == after.total and before.rows[:shown] == after.rows[:shown]


def _statuses(page: Page) -> frozenset[str]:
    """Return the statuses that a list is filtered by, if by nothing else."""
    query = page.query
    alone = query.plain and query.filter_names == (_STATUS,) and page.meta is not None
    return frozenset(dict(query.filters)[_STATUS].split(",")) if alone else frozenset()


def _partitions(counted: dict[frozenset[str], Page]) -> Iterator[tuple[frozenset[str], ...]]:
    """Yield the sets of statuses that together name each status once."""
    for size in range(1, len(STATUSES) + 1):
        for parts in combinations(counted, size):
            if sorted(status for part in parts for status in part) == sorted(STATUSES):
                yield parts
