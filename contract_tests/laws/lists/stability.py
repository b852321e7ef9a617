"""Stability: the same list request shows the same order, and its pages do not overlap."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.history import History
from contract_tests.observations.page import Page

_PAGINATED = "list.paginated"


@law(_PAGINATED)
def same_order(history: History) -> Iterator[Finding]:
    """The same page twice, with nothing changed between, holds the same tickets in one order."""
    for pages in _grouped(history, lambda page: page.exchange.request.target):
        for before, after in pairwise(pages):
            if _something_changed(history, before, after):
                continue
            if [row["id"] for row in before.rows] == [row["id"] for row in after.rows]:
                yield holds(_PAGINATED, before.exchange, after.exchange)
            else:
                message = "the same request shows other tickets, or another order"
                yield violated(_PAGINATED, message, before.exchange, after.exchange, fragile=True)


@law(_PAGINATED)
def no_overlap(history: History) -> Iterator[Finding]:
    """Two neighboring pages of a list have no ticket in common."""
    for pages in _grouped(history, _list_of):
        for before, after in pairwise(pages):
            if before.query.page == after.query.page or _something_changed(history, before, after):
                continue
            twice = _ids(before) & _ids(after)
            if twice:
                message = (
                    f"ticket {min(twice)} stands on page {before.query.page} "
                    f"and on page {after.query.page}"
                )
                yield violated(_PAGINATED, message, before.exchange, after.exchange, fragile=True)
            elif before.rows and after.rows:
                yield holds(_PAGINATED, before.exchange, after.exchange)


def _grouped(history: History, key: Callable[[Page], object]) -> list[list[Page]]:
    """Return the pages of documented queries, those of one key together, in the order sent."""
    groups: dict[object, list[Page]] = {}
    for page in history.pages:
        if page.query.plain:
            groups.setdefault(key(page), []).append(page)
    return list(groups.values())


def _list_of(page: Page) -> object:
    """Return what two pages of one list have in common."""
    query = page.query
    return query.filters, query.sorts, query.per_page


def _something_changed(history: History, before: Page, after: Page) -> bool:
    """True when a write of ours, another total or another row says that the list moved."""
    between = range(before.number + 1, after.number)
    if before.total != after.total or any(write.number in between for write in history.writes):
        return True
    known = {row["id"]: row for row in before.rows}
    return any(known.get(row["id"], row) != row for row in after.rows)


def _ids(page: Page) -> set[int]:
    return {row["id"] for row in page.rows}
