"""Defects of links and counts: on empty, full, last and far pages."""

from mockserver.defects.catalogue.lists.links import link, rewritten
from mockserver.defects.catalogue.lists.pages import counted
from mockserver.defects.catalogue.second.counts import answered, counts, empty, exact, pages, sets
from mockserver.defects.changes.conditions import gives, value, when
from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.changes.filters import STATUS


def total_of_open(exchange: Exchange) -> Reply:
    opened = exchange.send(exchange.request.with_param(STATUS, "open"))
    if not opened.good:
        return exchange.send()
    return counted("total", lambda _: int(opened.json["meta"]["total"]))(exchange)


def page_before_query(url: str) -> str:
    """Keep the page of the request behind the page of the link."""
    return url + "&page=1" if "page=" in url else url


DEFECTS = (
    counts("links-with-second-page-number", "list.links.pages", rewritten(page_before_query)),
    counts(
        "next-null-when-sorted",
        "list.links.pages",
        when(gives("sort"), link("next", lambda *_: None)),
    ),
    counts("total-null-when-empty", "list.meta", pages(empty, sets("meta", total=None))),
    counts(
        "last-page-one-over-when-exact",
        "list.meta.last_page",
        pages(exact, lambda body: body["meta"].update(last_page=body["meta"]["last_page"] + 1)),
    ),
    counts(
        "total-of-open-only",
        "list.meta.total",
        when(value(STATUS, lambda given: not given), total_of_open),
    ),
    counts(
        "empty-404",
        "list.answer",
        answered(
            empty, lambda reply: reply.with_status(404).with_json({"message": "No tickets found."})
        ),
    ),
    counts(
        "total-one-over-when-filtered",
        "list.meta.total",
        when(gives(STATUS), counted("total", lambda meta: meta["total"] + 1)),
    ),
)
