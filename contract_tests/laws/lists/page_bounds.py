"""Page bounds: the sort keys between which a page must contain every matching ticket."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from contract_tests.observations.filter_semantics import Answer, Reading, belongs
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.query import Sort
from contract_tests.observations.ticket import Row, moment


@dataclass(frozen=True)
class Candidate:
    """A known ticket that was the same before and after an exchange, and its place."""

    id: int
    row: Row
    key: datetime | None


def candidates(history: History, page: Page) -> list[Candidate]:
    """Return the tickets known to have been the same right before and after a page."""
    found = (
        (ticket, history.unchanged_around(ticket, page.number)) for ticket in history.observations
    )
    return [Candidate(ticket, row, place(row, page)) for ticket, row in found if row is not None]


def place(row: Row, page: Page) -> datetime | None:
    """Return the value that orders a row on a page; None when rows do not show it."""
    key = page.query.sorts[0].key
    return None if key == "last_activity_at" else moment(row.get(key))


def window(page: Page) -> tuple[datetime | None, datetime | None]:
    """Return the sort keys of the first and the last row, the smaller first."""
    keys = [place(row, page) for row in page.rows]
    if not keys or None in keys or not in_order(page):
        return None, None
    known = [key for key in keys if key is not None]
    return min(known), max(known)


def in_order(page: Page) -> bool:
    keys = [(place(row, page),) for row in page.rows]
    return first_fault(list(keys), page.query.sorts[:1]) is None


Members = dict[int, Answer]
"""Whether tickets that were the same before and after a page belong in its list."""


def members_of(
    history: History, page: Page, reading: Reading, known: Iterable[Candidate]
) -> Members:
    """Return which of the known tickets belong in the list of a page."""
    return {
        each.id: belongs(page.query.filters, each.row, history.texts(each.id, each.row), reading)
        for each in known
    }


def due_total(history: History, page: Page, members: Members) -> tuple[int, int]:
    """Return the fewest and the most tickets that the total of a page may count."""
    sure = sum(member is True for member in members.values())
    possible = len(history.observations) - sum(member is False for member in members.values())
    return sure, possible if history.covers(page.number) else max(sure, page.total)


def ends_list(page: Page, members: Members) -> bool:
    """Return whether a list ends on a page; of a full one only its total tells, if it is right."""
    sure = sum(member is True for member in members.values())
    is_full = len(page.rows) >= page.query.per_page
    return page.complete and page.reaches_end and not (is_full and sure > page.total)


def is_all(page: Page, *, ends: bool) -> bool:
    return page.query.page == 1 and ends


def inside(
    candidate: Candidate,
    page: Page,
    low: datetime | None,
    high: datetime | None,
    *,
    ends: bool,
) -> bool:
    """True when a ticket of this key must stand on the page if it belongs in the list.

    `ends` says whether the list ends on the page.
    """
    if is_all(page, ends=ends):
        return True
    if candidate.key is None or low is None or high is None:
        return False
    open_low, open_high = page.query.page == 1, ends
    if page.query.sorts[0].descending:
        open_low, open_high = open_high, open_low
    above = open_low or candidate.key > low
    below = open_high or candidate.key < high
    return above and below


def follows(key: datetime, first: datetime, page: Page) -> bool:
    return key < first if page.query.sorts[0].descending else key > first


Keys = tuple[datetime | None, ...]


def first_fault(keys: list[Keys], sorts: tuple[Sort, ...]) -> int | None:
    """Return the index of the first row that should stand before its predecessor."""
    for index, (before, after) in enumerate(pairwise(keys), start=1):
        for sort, left, right in zip(sorts, before, after, strict=True):
            if left == right or left is None or right is None:
                continue
            if (left < right) == sort.descending:
                return index
            break
    return None
