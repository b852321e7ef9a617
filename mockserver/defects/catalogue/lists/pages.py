"""Defects of page arithmetic: sizes, stretches and counts."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.catalogue.tickets.envelope import part
from mockserver.defects.changes.exchange import ClientRequest, Exchange, Reply, Row
from mockserver.defects.changes.frequency import ONE_ROW_IN_30, PAGE_2_ON
from mockserver.defects.changes.lists import listing, renumber
from mockserver.defects.changes.requests import change_request, ignoring, param
from mockserver.defects.changes.responses import amended, becomes, change_json
from mockserver.defects.defect import Behavior, Family

paging = Family("paging")

Stretch = Callable[[int, int], tuple[int, int]]


def stretch(place: Stretch) -> Behavior:
    """Show the tickets from one place up to another, worked out of page number and size."""

    def behavior(exchange: Exchange) -> Reply:
        def amend(value: Any) -> Any:
            meta = value["meta"]
            start, end = place(meta["current_page"], meta["per_page"])
            value["data"] = exchange.rows(exchange.request)[max(start, 0) : end]
            return value

        return amended(exchange.send(), amend)

    return behavior


def counted(number: str, count: Callable[[dict[str, Any]], int]) -> Behavior:
    """Write another number in meta, worked out of the whole of it."""
    return part("meta", becomes(lambda meta: meta | {number: count(meta)}))


def default_size(size: int) -> Behavior:
    def sized(request: ClientRequest) -> ClientRequest:
        return request if request.param("per_page") else request.with_param("per_page", size)

    return change_request(sized)


def _at_most_50(given: str) -> str:
    return str(min(int(given), 50)) if given.isdecimal() else given


def _unlimited(exchange: Exchange) -> Reply:
    """The size that was asked for, however large."""
    asked = exchange.request.param("per_page") or ""

    def amend(value: Any) -> Any:
        size, number = int(asked), value["meta"]["current_page"]
        rows = exchange.rows(exchange.request)
        value["data"] = rows[(number - 1) * size : number * size]
        value["meta"]["per_page"] = size
        renumber(value, total=len(rows), last=max(1, -(-len(rows) // size)))
        return value

    reply = exchange.send()
    return amended(reply, amend) if asked.isdecimal() and 100 < int(asked) < 10_000 else reply


def _asked_size(exchange: Exchange) -> Reply:
    asked = exchange.request.param("per_page") or ""
    if not asked.isdecimal() or not 100 < int(asked) < 10_000:
        return exchange.send()
    return counted("per_page", lambda _: int(asked))(exchange)


def _unfiltered_total(exchange: Exchange) -> Reply:
    filters = [name for name, _ in exchange.request.query if name.startswith("filter")]
    everything = exchange.send(exchange.request.without(*filters, "page"))
    if not everything.good:
        return exchange.send()
    return counted("total", lambda _: int(everything.json["meta"]["total"]))(exchange)


def _without_picked(exchange: Exchange) -> list[Row]:
    return [row for row in exchange.rows(exchange.request) if not exchange.picks(row)]


def _picked_twice(exchange: Exchange) -> list[Row]:
    rows = exchange.rows(exchange.request)
    return [row for each in rows for row in ([each, each] if exchange.picks(each) else [each])]


def _picked_lost(exchange: Exchange) -> Reply:
    def amend(value: Any) -> Any:
        value["data"] = [row for row in value["data"] if not exchange.picks(row)]
        return value

    return amended(exchange.send(), amend)


def _last_page(value: Any) -> Any:
    meta = value["meta"]
    if meta["current_page"] == meta["last_page"]:
        value["data"] = value["data"][:-1]
    return value


DEFECTS = (
    paging("per-page-ignored", "list.per_page", ignoring("per_page")),
    paging("per-page-default-15", "list.per_page.default", default_size(15)),
    paging("per-page-default-50", "list.per_page.default", default_size(50)),
    paging("per-page-at-most-50", "list.per_page.max", param("per_page", _at_most_50)),
    paging("per-page-unlimited", "list.per_page.max", _unlimited),
    paging("per-page-reported-unclamped", "list.meta.per_page", _asked_size),
    paging("per-page-reported-as-25", "list.meta.per_page", counted("per_page", lambda _: 25)),
    paging(
        "page-one-row-over",
        "list.per_page",
        stretch(lambda n, size: ((n - 1) * size, n * size + 1)),
    ),
    paging(
        "page-one-row-short",
        "list.paginated",
        stretch(lambda n, size: ((n - 1) * size, n * size - 1)),
        PAGE_2_ON,
    ),
    paging("page-ignored", "list.paginated", ignoring("page")),
    paging(
        "page-overlaps",
        "list.paginated",
        stretch(lambda n, size: ((n - 1) * size - 1, n * size - 1)),
        PAGE_2_ON,
    ),
    paging(
        "page-skips-a-ticket",
        "list.paginated",
        stretch(lambda n, size: ((n - 1) * size + 1, n * size + 1)),
        PAGE_2_ON,
    ),
    paging(
        "page-offset-in-rows",
        "list.paginated",
        stretch(lambda n, size: (n - 1, n - 1 + size)),
        PAGE_2_ON,
    ),
    paging(
        "page-first-rows-again", "list.paginated", stretch(lambda _, size: (0, size)), PAGE_2_ON
    ),
    paging(
        "page-nothing-after-50-rows",
        "list.paginated",
        stretch(lambda n, size: ((n - 1) * size, min(n * size, 50))),
    ),
    paging("page-last-row-missing", "list.paginated", change_json(_last_page)),
    paging("row-lost", "list.paginated", _picked_lost, ONE_ROW_IN_30),
    paging("row-lost-and-uncounted", "list.paginated", listing(_without_picked), ONE_ROW_IN_30),
    paging("row-twice", "list.paginated", listing(_picked_twice), ONE_ROW_IN_30),
    paging("total-one-over", "list.meta.total", counted("total", lambda meta: meta["total"] + 1)),
    paging(
        "total-of-the-page",
        "list.meta.total",
        change_json(lambda value: value | {"meta": value["meta"] | {"total": len(value["data"])}}),
    ),
    paging("total-unfiltered", "list.meta.total", _unfiltered_total),
    paging(
        "total-at-most-100",
        "list.meta.total",
        counted("total", lambda meta: min(meta["total"], 100)),
    ),
    paging(
        "last-page-rounded-down",
        "list.meta.last_page",
        counted("last_page", lambda meta: meta["total"] // meta["per_page"]),
    ),
    paging(
        "last-page-at-default-size",
        "list.meta.last_page",
        counted("last_page", lambda meta: max(1, -(-meta["total"] // 25))),
    ),
    paging(
        "current-page-always-1",
        "list.meta.current_page",
        counted("current_page", lambda _: 1),
        PAGE_2_ON,
    ),
    paging(
        "current-page-from-zero",
        "list.meta.current_page",
        counted("current_page", lambda meta: meta["current_page"] - 1),
    ),
)
