"""Activity order: what lists sorted by the last activity tell of threads that were not read."""

from typing import TYPE_CHECKING

from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Detail, Row, moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta


def activity_pages(history: History) -> list[Page]:
    """Return the lists that are sorted by the last activity."""
    return [p for p in history.pages if p.query.plain and _key(p) == "last_activity_at"]


def longest_active(history: History) -> list[int]:
    """Return the tickets that were active after they came, those for longest first.

    One that stands behind a ticket of a later creation was active later than that.
    """
    spans: list[tuple[timedelta, int]] = []
    for page in activity_pages(history):
        latest: datetime | None = None
        for row in _oldest_first(page):
            born = moment(row.get("created_at"))
            if born is not None and latest is not None and latest > born:
                spans.append((latest - born, int(row["id"])))
            latest = max(filter(None, (latest, born)), default=None)
    return list(dict.fromkeys(ticket for _, ticket in sorted(spans, reverse=True)))


def contradicting(history: History) -> list[int]:
    """Return tickets that stand on the wrong side of one whose messages are known.

    One that was not even updated since its last message belongs before it, and one that was created
    since belongs behind it. Those that are furthest off come first.
    """
    found = [each for page in activity_pages(history) for each in _misplaced(history, page)]
    return [ticket for _, ticket in sorted(found, reverse=True)]


def _misplaced(history: History, page: Page) -> "Iterator[tuple[timedelta, int]]":
    """Yield each ticket on the wrong side of a known one, and by how much."""
    rows = _oldest_first(page)
    for place, known in enumerate(rows):
        detail = history.detail_of(known["id"])
        active = _last_message(detail) if detail is not None else None
        if active is None:
            continue
        for row in rows[place + 1 :]:
            updated = moment(row.get("updated_at"))
            if updated is not None and updated < active:
                yield active - updated, int(row["id"])
        for row in rows[:place]:
            born = moment(row.get("created_at"))
            if born is not None and born > active:
                yield born - active, int(row["id"])


def _last_message(detail: Detail) -> "datetime | None":
    times = (moment(message.get("created_at")) for message in detail.messages)
    return max((time for time in times if time is not None), default=None)


def discordant_with(history: History, known: set[int]) -> list[int]:
    """Return the ticket of each list whose update stands most against that of a known one."""
    pairs = (discordant(page, known) for page in activity_pages(history))
    return [ticket for pair in pairs for ticket in pair if ticket not in known]


def discordant(page: Page, among: set[int] | None = None) -> list[int]:
    """Return the two rows of a page whose updates stand most against the order, or its ends.

    One of the two is `among` some tickets, if these are given.
    """
    rows = _oldest_first(page)
    times = [(moment(row.get("updated_at")), row["id"]) for row in rows]
    known = [(time, ticket) for time, ticket in times if time is not None]
    pairs = [
        (early[0] - late[0], early[1], late[1])
        for i, early in enumerate(known)
        for late in known[i + 1 :]
        if early[0] > late[0] and (among is None or among & {early[1], late[1]})
    ]
    if pairs:
        _, first, second = max(pairs)
        return [first, second]
    return [rows[0]["id"], rows[-1]["id"]] if rows else []


def _key(page: Page) -> str:
    return page.query.sorts[0].key if page.query.sorts else ""


def _oldest_first(page: Page) -> list[Row]:
    return page.rows[::-1] if page.query.sorts[0].descending else page.rows
