"""Defects of rare cases and unusual spellings of a request."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.catalogue.lists.pages import stretch
from mockserver.defects.changes.conditions import (
    after,
    refused,
    repeated,
    size,
    stands_before,
    value,
    when,
)
from mockserver.defects.changes.error_pages import server_error, unavailable
from mockserver.defects.changes.exchange import (
    DETAILED,
    LISTED,
    READS,
    ClientRequest,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.filters import SEARCH, STATUS
from mockserver.defects.changes.frequency import EVERY_7TH
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.other_tickets import not_found, other_ticket
from mockserver.defects.changes.requests import change_request, ignoring, param
from mockserver.defects.changes.responses import change_json, each
from mockserver.defects.defect import Behavior, Family

lists = Family("rare", on=LISTED)
details = Family("rare", on=DETAILED)
reads = Family("rare", on=READS)


def shown(fits: Callable[[Row], Any], answer: Callable[[Exchange, Reply], Reply]) -> Behavior:
    """Answer otherwise for tickets that fit."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return answer(exchange, reply) if reply.good and fits(reply.json["ticket"]) else reply

    return behavior


def id_read(read: Callable[[str], str | None]) -> Behavior:
    """Read an id out of a path that names no ticket."""

    def answer(exchange: Exchange, reply: Reply) -> Reply:
        id = read(exchange.request.ticket)
        return exchange.get(f"/api/tickets/{id}") if id else reply

    return refused(404, answer)


def newest_for_zero(exchange: Exchange, reply: Reply) -> Reply:
    newest = other_ticket(exchange, "0") if exchange.request.ticket == "0" else None
    return exchange.get(f"/api/tickets/{newest['id']}") if newest else reply


def leading_digits(given: str) -> str | None:
    digits = given[: len(given) - len(given.lstrip("0123456789"))]
    return digits if digits and digits != given else None


def positive(given: str) -> str | None:
    return given[1:] if given.startswith("-") else None


def at_least(least: int) -> Callable[[str], str]:
    return lambda given: str(max(int(given), least)) if readable(given) else given


def to_tens(given: str) -> str:
    return str(-(-int(given) // 10) * 10) if readable(given) else given


def readable(given: str) -> bool:
    return given.isdecimal() and 0 < int(given[:9]) <= 100


def failing(exchange: Exchange) -> Reply:
    return server_error(exchange.send())


def says(status: int, body: Any) -> Callable[[Exchange, Reply], Reply]:
    return lambda _, reply: reply.with_status(status).with_json(body)


def busy(exchange: Exchange) -> Reply:
    return unavailable(exchange.send())


def without_last(exchange: Exchange) -> list[Row]:
    return exchange.rows(exchange.request)[:-1]


def third_tag_lost(row: Row) -> None:
    row["tags"] = row["tags"][:2]


def four_parameters(exchange: Exchange) -> bool:
    return len(exchange.request.query) > 3


def same_page_again(exchange: Exchange) -> Reply:
    """A cursor of the session, not the page number, says where a page begins."""
    kept, request = exchange.state.kept, exchange.request
    base = request.without("page").query
    previous, kept["list"] = kept.get("list"), (base, request.page)
    if previous is None or previous[0] != base or request.page <= previous[1] + 1:
        return exchange.send()
    return stretch(lambda _, rows: (previous[1] * rows, (previous[1] + 1) * rows))(exchange)


def first_request(exchange: Exchange) -> bool:
    return exchange.state.requests == 0


def without_blank(request: ClientRequest) -> ClientRequest:
    """An empty parameter ends the reading of the query."""
    names = [name for name, _ in request.query]
    blank = next((place for place, (_, given) in enumerate(request.query) if not given), None)
    return request if blank is None else request.without(*names[blank:])


DEFECTS = (
    lists("per-page-at-least-5", "list.per_page", param("per_page", at_least(5))),
    lists("per-page-1-ignored", "list.per_page", when(size((1).__eq__), ignoring("per_page"))),
    lists("per-page-to-tens", "list.per_page", param("per_page", to_tens)),
    lists(
        "per-page-99-at-most",
        "list.per_page.max",
        param("per_page", lambda given: "99" if given == "100" else given),
    ),
    lists(
        "page-lost-before-page-size",
        "list.paginated",
        when(stands_before("page", "per_page"), ignoring("page")),
    ),
    lists(
        "page-size-lost-after-filter",
        "list.per_page",
        when(stands_before(STATUS, "per_page"), ignoring("per_page")),
    ),
    lists(
        "sort-lost-before-page-size",
        "list.sort.created_at",
        when(stands_before("sort", "per_page"), ignoring("sort")),
    ),
    lists(
        "filters-lost-after-blank-parameter", "list.filter.status", change_request(without_blank)
    ),
    lists(
        "sort-lost-with-four-parameters",
        "list.sort.created_at",
        when(four_parameters, ignoring("sort")),
    ),
    lists(
        "page-size-lost-when-searching-numbers",
        "list.per_page",
        when(value(SEARCH, str.isdecimal), ignoring("per_page")),
    ),
    details("ticket-id-leading-digits", "detail.missing", id_read(leading_digits)),
    details("ticket-id-negative-is-positive", "detail.missing", id_read(positive)),
    details(
        "ticket-id-zero-shows-newest",
        "detail.missing",
        refused(404, newest_for_zero),
    ),
    details("missing-ticket-410", "detail.missing", refused(404, says(410, {"message": "Gone"}))),
    details(
        "missing-ticket-400", "detail.missing", refused(404, says(400, {"message": "Bad Request"}))
    ),
    details("missing-ticket-empty-object", "answer.error", refused(404, says(404, {}))),
    details(
        "missing-ticket-message-object",
        "answer.error",
        refused(404, says(404, {"message": {"en": "Not found."}})),
    ),
    lists(
        "unknown-sort-200-message",
        "list.sort.unknown",
        refused(400, says(200, {"message": "Unknown sort."})),
    ),
    lists("unknown-sort-bare-text", "answer.error", refused(400, says(400, "Unknown sort."))),
    lists(
        "unknown-sort-404", "list.sort.unknown", refused(400, says(404, {"message": "Not found."}))
    ),
    details(
        "longest-thread-500",
        "answer.no_server_error",
        shown(lambda t: len(t["messages"]) > 20, lambda _, r: server_error(r)),
    ),
    details(
        "three-tags-500",
        "answer.no_server_error",
        shown(lambda t: len(t["tags"]) > 2, lambda _, r: server_error(r)),
    ),
    details(
        "attachments-500",
        "answer.no_server_error",
        shown(lambda t: any(m["attachments"] for m in t["messages"]), lambda _, r: server_error(r)),
    ),
    details(
        "ticket-of-someone-who-left-404",
        "detail.answer",
        shown(
            lambda t: t["assignee"] and t["assignee"]["timezone"] is None, lambda e, _: not_found(e)
        ),
    ),
    details(
        "ticket-with-foreign-letters-404",
        "detail.answer",
        shown(lambda t: not t["subject"].isascii(), lambda e, _: not_found(e)),
    ),
    lists("third-tag-missing-in-lists", "detail.agrees", each(third_tag_lost)),
    lists("every-7th-list-short", "list.paginated", listing(without_last), EVERY_7TH),
    reads("every-7th-request-503", "answer.no_server_error", busy, EVERY_7TH),
    reads("fails-after-25-requests", "answer.no_server_error", when(after(25), failing)),
    reads("first-request-fails", "answer.no_server_error", when(first_request, failing)),
    lists("second-equal-list-empty", "list.paginated", when(repeated, listing(lambda _: []))),
    details("second-equal-detail-404", "detail.answer", when(repeated, not_found)),
    lists("page-jump-shows-next-page", "list.paginated", same_page_again),
    lists(
        "total-null-after-25-requests",
        "list.meta",
        when(after(25), change_json(lambda body: body | {"meta": body["meta"] | {"total": None}})),
    ),
    lists(
        "filters-lost-after-25-requests", "list.filter.status", when(after(25), ignoring(STATUS))
    ),
)
