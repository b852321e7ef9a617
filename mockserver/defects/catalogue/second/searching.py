"""Defects of the search: syntax, letters, and where a term is looked for."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from mockserver.defects.catalogue.lists.searches import (
    every_text,
    inside,
    message_texts,
    term,
    wildcard,
)
from mockserver.defects.changes.conditions import gives, value, when
from mockserver.defects.changes.exchange import Exchange, Row
from mockserver.defects.changes.filters import SEARCH, narrower, selecting, wider
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.requests import ignoring, param
from mockserver.defects.changes.responses import change_json, each_ticket
from mockserver.defects.defect import Behavior, Family

searching = Family("searching")
STOP_WORDS = ("a", "an", "and", "for", "is", "it", "my", "of", "the", "to")


def whole(ticket: Row, exchange: Exchange) -> Row:
    return exchange.ticket(ticket["id"]) or ticket | {"messages": []}


def also_in(texts: Callable[[Row], list[str]]) -> Behavior:
    """Find the term in other texts of a ticket's detail too."""

    def also(exchange: Exchange, row: Row) -> bool:
        wanted = term(exchange).strip().casefold()
        return any(wanted in text.casefold() for text in texts(whole(row, exchange)))

    return wider(SEARCH, also)


def nothing_for(hopeless: Callable[[str], Any]) -> Behavior:
    return when(value(SEARCH, lambda given: bool(hopeless(given))), listing(lambda _: []))


def bodies(ticket: Row) -> list[str]:
    return [message["body_html"] for message in ticket["messages"]]


def file_names(ticket: Row) -> list[str]:
    return [file["name"] for message in ticket["messages"] for file in message["attachments"]]


def any_word(exchange: Exchange, row: Row) -> bool:
    words = term(exchange).casefold().split()
    texts = every_text(whole(row, exchange))
    return len(words) > 1 and any(word in text.casefold() for word in words for text in texts)


def in_ascii_case(exchange: Exchange, row: Row) -> bool:
    wanted = lower_ascii(term(exchange).strip())
    return any(wanted in lower_ascii(text) for text in every_text(whole(row, exchange)))


def lower_ascii(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def with_id(exchange: Exchange) -> list[Row] | None:
    given = term(exchange)
    if not given.isdecimal():
        return None
    rows = exchange.rows(exchange.request.without(SEARCH))
    return [row for row in rows if str(row["id"]) == given]


def highlighted(row: Row, exchange: Exchange) -> None:
    if wanted := term(exchange):
        row["subject"] = row["subject"].replace(wanted, f"<em>{wanted}</em>")


def rounded_total(body: Any) -> Any:
    total = body["meta"]["total"]
    body["meta"]["total"] = round(total, -1) if total > 10 else total
    return body


def not_behind(exchange: Exchange, row: Row) -> bool:
    return not (row["status"] == "closed" and exchange.state.requests % 3 == 2)


DEFECTS = (
    searching(
        "search-quotes-dropped",
        "list.filter.search.literal",
        param(SEARCH, lambda given: given.replace('"', "") or None),
    ),
    searching(
        "search-cut-at-hyphen",
        "list.filter.search.literal",
        param(SEARCH, lambda given: given.split("-")[0].strip() or given),
    ),
    searching("search-asterisk-is-wildcard", "list.filter.search.literal", wildcard("*", ".*")),
    searching("search-decoded-twice", "list.filter.search.literal", param(SEARCH, unquote_plus)),
    searching(
        "search-colon-names-a-field", "list.filter.search.literal", nothing_for(lambda t: ":" in t)
    ),
    searching(
        "search-parentheses-group", "list.filter.search.literal", nothing_for(lambda t: "(" in t)
    ),
    searching(
        "search-slash-is-a-pattern", "list.filter.search.literal", nothing_for(lambda t: "/" in t)
    ),
    searching(
        "search-cut-at-apostrophe",
        "list.filter.search.literal",
        param(SEARCH, lambda given: given.split("'")[0] or given),
    ),
    searching("search-finds-markup", "list.filter.search", also_in(bodies)),
    searching(
        "search-compares-markup",
        "list.filter.search.messages",
        inside(lambda ticket: [ticket["subject"], *bodies(ticket)]),
    ),
    searching("search-finds-file-names", "list.filter.search", also_in(file_names)),
    searching(
        "search-finds-tag-names",
        "list.filter.search",
        also_in(lambda ticket: [tag["name"] for tag in ticket["tags"]]),
    ),
    searching(
        "search-finds-channel-names",
        "list.filter.search",
        also_in(lambda ticket: [ticket["channel"]["name"]]),
    ),
    searching(
        "search-accents-case-sensitive", "list.filter.search.case", narrower(SEARCH, in_ascii_case)
    ),
    searching(
        "search-stop-words-find-nothing",
        "list.filter.search",
        nothing_for(lambda t: t.lower() in STOP_WORDS),
    ),
    searching("search-any-word", "list.filter.search", wider(SEARCH, any_word)),
    searching(
        "search-term-cut-at-20", "list.filter.search", param(SEARCH, lambda given: given[:20])
    ),
    searching(
        "search-middle-messages-missed",
        "list.filter.search.messages",
        inside(lambda t: [t["subject"], *message_texts(t)[:1], *message_texts(t)[-1:]]),
    ),
    searching(
        "search-long-messages-cut",
        "list.filter.search.messages",
        inside(lambda t: [t["subject"], *(text[:60] for text in message_texts(t))]),
    ),
    searching(
        "search-total-estimated", "list.meta.total", when(gives(SEARCH), change_json(rounded_total))
    ),
    searching("search-page-ignored", "list.paginated", when(gives(SEARCH), ignoring("page"))),
    searching("search-highlights-subject", "detail.agrees", each_ticket(highlighted)),
    searching("search-number-is-an-id", "list.filter.search", listing(with_id)),
    searching(
        "search-emoji-dropped",
        "list.filter.search",
        param(SEARCH, lambda given: "".join(c for c in given if ord(c) < 0x10000) or None),
    ),
    searching(
        "search-capitals-find-nothing",
        "list.filter.search.case",
        nothing_for(lambda given: given != given.lower()),
    ),
    searching("search-replica-misses-closed", "list.filter.search", narrower(SEARCH, not_behind)),
    searching(
        "search-misses-untagged-rows",
        "list.filter.search",
        selecting(
            SEARCH, lambda exchange: [row for row in exchange.rows(exchange.request) if row["tags"]]
        ),
    ),
)
