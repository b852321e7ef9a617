"""Defects of links and counts: on empty, full, last and far pages."""

import re
from collections.abc import Callable
from typing import Any

from mockserver.defects.catalogue.lists.links import link, rewritten
from mockserver.defects.catalogue.lists.pages import counted
from mockserver.defects.changes.conditions import gives, when
from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.changes.filters import STATUS, TAGS, given_filters
from mockserver.defects.changes.frequency import PAGE_2_ON
from mockserver.defects.changes.requests import change_request, to_page
from mockserver.defects.changes.responses import amended, change_json
from mockserver.defects.defect import Behavior, Family

counts = Family("counts")
Page = dict[str, Any]


def pages(fits: Callable[[Page], bool], amend: Callable[[Page], object]) -> Behavior:
    """Change the pages that fit, in place."""

    def change(body: Page) -> Page:
        if fits(body):
            amend(body)
        return body

    return change_json(change)


def answered(fits: Callable[[Page], bool], answer: Callable[[Reply], Reply]) -> Behavior:
    """Answer the requests of pages that fit in another way."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return answer(reply) if reply.good and fits(reply.json) else reply

    return behavior


def empty(body: Page) -> bool:
    return bool(body["meta"]["total"] == 0)


def beyond(body: Page) -> bool:
    return bool(body["meta"]["current_page"] > body["meta"]["last_page"])


def exact(body: Page) -> bool:
    """Whether the last page of the list is full."""
    meta = body["meta"]
    return bool(meta["total"] and meta["total"] % meta["per_page"] == 0)


def full_last(body: Page) -> bool:
    return exact(body) and body["meta"]["current_page"] == body["meta"]["last_page"]


def single(body: Page) -> bool:
    return len(body["data"]) == 1


def full_hundred(body: Page) -> bool:
    return len(body["data"]) == 100


def sets(part: str, **values: Any) -> Callable[[Page], object]:
    return lambda body: body[part].update(values)


def without_parameters(name: str) -> Callable[[str], str]:
    """Remove the query parameters whose name, percent-encoded or not, fits a pattern."""
    return lambda url: re.sub(rf"(?<=[?&]){name}=[^&]*&", "", url)


def last_page_instead(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if not reply.good or not beyond(reply.json):
        return reply
    return exchange.send(exchange.request.with_param("page", reply.json["meta"]["last_page"]))


def first_page_instead(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if not reply.good or not beyond(reply.json):
        return reply
    return exchange.send(exchange.request.with_param("page", 1))


def tag_rows_counted(exchange: Exchange) -> Reply:
    """A join counts a ticket once for each tag that was asked for."""
    wanted = (exchange.request.param(TAGS) or "").split(",")
    rows = exchange.rows(exchange.request)
    found = sum(str(tag["id"]) in wanted for row in rows for tag in row["tags"])
    return counted("total", lambda _: found)(exchange)


def next_by_unfiltered_total(exchange: Exchange) -> Reply:
    """Whether there is a next page is worked out of all tickets."""
    filters = given_filters(exchange.request)
    everything = exchange.send(exchange.request.without(*filters))
    if not everything.good:
        return exchange.send()
    last = everything.json["meta"]["last_page"]
    return link("next", lambda number, _: number + 1 if number < last else None)(exchange)


def total_left(meta: dict[str, Any]) -> int:
    return max(int(meta["total"] - (meta["current_page"] - 1) * meta["per_page"]), 0)


def shifted_links(exchange: Exchange) -> Reply:
    """The links were made when there was one ticket more on a page."""

    def amend(body: Page) -> Page:
        last = body["meta"]["last_page"]
        body["links"]["last"] = to_page(body["links"]["first"], max(last - 1, 1))
        return body

    return amended(exchange.send(), amend)


DEFECTS = (
    counts(
        "links-at-root-path",
        "list.links.query",
        rewritten(lambda url: url.replace("/api/tickets?", "/?")),
    ),
    counts(
        "links-of-other-resource",
        "list.links.pages",
        rewritten(lambda url: url.replace("/api/tickets", "/api/ticket-views")),
    ),
    counts(
        "links-with-doubly-encoded-filters",
        "list.links.query",
        rewritten(lambda url: url.replace("%5B", "%255B").replace("%5D", "%255D")),
    ),
    counts(
        "links-without-filters",
        "list.links.query",
        rewritten(without_parameters("filter(?:%5B|\\[)[a-z_]+(?:%5D|\\])")),
    ),
    counts("links-without-sort", "list.links.query", rewritten(without_parameters("sort"))),
    counts(
        "links-with-first-value-only",
        "list.links.query",
        rewritten(lambda url: re.sub(r"(=[^&,%]+)(?:,|%2C)[^&]*", r"\1", url)),
    ),
    counts(
        "links-without-host-or-path", "list.links.pages", rewritten(lambda url: url.split("?")[-1])
    ),
    counts("links-last-null-when-empty", "list.links", pages(empty, sets("links", last=None))),
    counts("links-first-null-beyond", "list.links", pages(beyond, sets("links", first=None))),
    counts("links-last-one-under", "list.links.pages", shifted_links),
    counts(
        "next-on-full-last-page",
        "list.links.pages",
        pages(
            full_last,
            lambda body: body["links"].update(
                next=to_page(body["links"]["first"], body["meta"]["current_page"] + 1)
            ),
        ),
    ),
    counts("next-by-unfiltered-total", "list.links.pages", next_by_unfiltered_total),
    counts(
        "prev-null-on-page-2",
        "list.links.pages",
        link("prev", lambda number, _: number - 1 if number > 2 else None),
    ),
    counts("last-page-null-when-empty", "list.meta", pages(empty, sets("meta", last_page=None))),
    counts("total-of-what-is-left", "list.meta.total", counted("total", total_left), PAGE_2_ON),
    counts(
        "per-page-is-rows-of-last-page",
        "list.meta.per_page",
        pages(
            lambda body: not beyond(body) and not empty(body),
            lambda body: body["meta"].update(per_page=len(body["data"])),
        ),
    ),
    counts("beyond-shows-last-page", "list.page.beyond", last_page_instead),
    counts("beyond-shows-first-page", "list.page.beyond", first_page_instead),
    counts(
        "beyond-total-zero", "list.meta.total", pages(beyond, sets("meta", total=0, last_page=1))
    ),
    counts(
        "beyond-404",
        "list.page.beyond",
        answered(
            beyond, lambda reply: reply.with_status(404).with_json({"message": "Invalid page."})
        ),
    ),
    counts(
        "beyond-data-null",
        "list.data",
        pages(beyond, lambda body: body.update(data=None)),
    ),
    counts("total-counts-tag-rows", "list.meta.total", when(gives(TAGS), tag_rows_counted)),
    counts(
        "last-page-of-filtered-at-25",
        "list.meta.last_page",
        when(gives(STATUS), counted("last_page", lambda meta: max(1, -(-meta["total"] // 25)))),
    ),
    counts(
        "empty-204", "list.answer", answered(empty, lambda r: r.with_status(204).with_body(b""))
    ),
    counts("empty-data-object", "list.data", pages(empty, lambda body: body.update(data={}))),
    counts("empty-without-data", "list.data", pages(empty, lambda body: body.pop("data"))),
    counts(
        "single-ticket-not-in-list",
        "list.data",
        pages(single, lambda body: body.update(data=body["data"][0])),
    ),
    counts(
        "hundredth-ticket-missing",
        "list.paginated",
        pages(full_hundred, lambda body: body["data"].pop()),
    ),
    counts(
        "page-first-parameter-lost",
        "list.meta.current_page",
        change_request(
            lambda request: (
                request.without("page")
                if request.query[:1] and request.query[0][0] == "page"
                else request
            )
        ),
    ),
)
