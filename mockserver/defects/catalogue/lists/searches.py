"""Defects of the search."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from mockserver.contract.html_text import text_of
from mockserver.defects.changes.exchange import Exchange, Row
from mockserver.defects.changes.filters import SEARCH, narrower, selecting, wider
from mockserver.defects.changes.frequency import ONE_ROW_IN_10, PAGE_2_ON
from mockserver.defects.changes.requests import ignoring, param
from mockserver.defects.defect import Behavior, Family

search = Family("search")

Texts = Callable[[Row], list[str]]


def term(exchange: Exchange) -> str:
    return exchange.request.param(SEARCH) or ""


def inside(texts: Texts) -> Behavior:
    """Look for the term only in some texts of a ticket's detail."""

    def keeps(exchange: Exchange, row: Row) -> bool:
        wanted = term(exchange).strip().casefold()
        ticket = exchange.ticket(row["id"]) or row | {"messages": []}
        return any(wanted in text.casefold() for text in texts(ticket))

    return narrower(SEARCH, keeps)


def wildcard(sign: str, pattern: str) -> Behavior:
    """Take a sign in the term for any text, or any letter, as a database would."""

    def also(exchange: Exchange, row: Row) -> bool:
        written = re.escape(term(exchange)).replace(re.escape(sign), pattern)
        ticket = exchange.ticket(row["id"]) or row | {"messages": []}
        texts = every_text(ticket)
        return any(re.search(written, text, re.IGNORECASE | re.DOTALL) for text in texts)

    behavior = wider(SEARCH, also)
    return lambda exchange: behavior(exchange) if sign in term(exchange) else exchange.send()


def every_text(ticket: Row) -> list[str]:
    return [ticket["subject"], *message_texts(ticket)]


def message_texts(ticket: Row) -> list[str]:
    return [text_of(message["body_html"]) for message in ticket["messages"]]


def texts_of(kind: str) -> Texts:
    """Return the subject, and the texts of one type of messages."""
    return lambda ticket: [
        ticket["subject"],
        *(text_of(each["body_html"]) for each in ticket["messages"] if each["type"] == kind),
    ]


def _same_case(exchange: Exchange, row: Row) -> bool:
    ticket = exchange.ticket(row["id"]) or row | {"messages": []}
    return any(term(exchange).strip() in text for text in every_text(ticket))


def _nothing_when(hopeless: Callable[[str], bool]) -> Behavior:
    return selecting(
        SEARCH,
        lambda exchange: [] if hopeless(term(exchange)) else exchange.rows(exchange.request),
    )


def _of_90_days(exchange: Exchange) -> list[Row]:
    rows = exchange.rows(exchange.request)
    newest = max((datetime.fromisoformat(row["created_at"]) for row in rows), default=None)
    return [row for row in rows if newest and _since(row, newest - timedelta(days=90))]


def _since(row: Row, start: datetime) -> bool:
    return datetime.fromisoformat(row["created_at"]) >= start


DEFECTS = (
    search("search-ignored", "list.filter.search", ignoring(SEARCH)),
    search(
        "search-subject-only",
        "list.filter.search.messages",
        inside(lambda ticket: [ticket["subject"]]),
    ),
    search("search-messages-only", "list.filter.search.subject", inside(message_texts)),
    search(
        "search-first-message-only",
        "list.filter.search.messages",
        inside(lambda ticket: [ticket["subject"], *message_texts(ticket)[:1]]),
    ),
    search(
        "search-latest-message-only",
        "list.filter.search.messages",
        inside(lambda ticket: [ticket["subject"], *message_texts(ticket)[-1:]]),
    ),
    search("search-inbound-only", "list.filter.search.messages", inside(texts_of("inbound"))),
    search(
        "search-preview-only",
        "list.filter.search.messages",
        inside(lambda ticket: [ticket["subject"], ticket["latest_message_preview"] or ""]),
    ),
    search("search-case-sensitive", "list.filter.search.case", narrower(SEARCH, _same_case)),
    search("search-percent-is-wildcard", "list.filter.search.literal", wildcard("%", ".*")),
    search("search-underscore-is-wildcard", "list.filter.search.literal", wildcard("_", ".")),
    search(
        "search-first-word-only",
        "list.filter.search",
        param(SEARCH, lambda given: given.split(" ")[0]),
    ),
    search(
        "search-zero-ignored",
        "list.filter.search",
        param(SEARCH, lambda given: None if given == "0" else given),
    ),
    search(
        "search-short-words-find-nothing",
        "list.filter.search",
        _nothing_when(lambda given: len(given) < 4),
    ),
    search(
        "search-ascii-only", "list.filter.search", _nothing_when(lambda given: not given.isascii())
    ),
    search(
        "search-ten-results-at-most",
        "list.filter.search",
        selecting(SEARCH, lambda exchange: exchange.rows(exchange.request)[:10]),
    ),
    search(
        "search-open-only",
        "list.filter.search",
        narrower(SEARCH, lambda _, row: row["status"] == "open"),
    ),
    search("search-last-90-days-only", "list.filter.search", selecting(SEARCH, _of_90_days)),
    search("search-lost-later", "list.filter.search", ignoring(SEARCH), PAGE_2_ON),
    search(
        "search-misses-rows",
        "list.filter.search",
        narrower(SEARCH, lambda exchange, row: not exchange.picks(row)),
        ONE_ROW_IN_10,
    ),
)
