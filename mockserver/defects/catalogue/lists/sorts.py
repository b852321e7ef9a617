"""Defects of order."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import ClientRequest, Exchange, Reply, Row
from mockserver.defects.changes.frequency import EVERY_20TH, ONE_ROW_IN_30, PAGE_2_ON
from mockserver.defects.changes.lists import listing, paged
from mockserver.defects.changes.requests import change_request, ignoring, param
from mockserver.defects.changes.responses import amended, change_json
from mockserver.defects.changes.time_formats import day_first, without_time
from mockserver.defects.defect import Behavior, Family

sort = Family("sort")

_DEFAULT = "-updated_at"


def key_of(request: ClientRequest) -> str:
    """Return the first sort key, with its sign."""
    return (request.param("sort") or _DEFAULT).partition(",")[0]


def default(key: str) -> Behavior:
    def sorted_(request: ClientRequest) -> ClientRequest:
        return request if request.param("sort") else request.with_param("sort", key)

    return change_request(sorted_)


def column(wrong: str, right: str) -> Behavior:
    """Sort by a wrong column where this one was asked for."""
    swap = {right: wrong, f"-{right}": f"-{wrong}"}
    return param("sort", lambda given: swap.get(given, given))


def ordered(field: str, rank: Callable[[str], Any]) -> Behavior:
    """Sort by what `rank` makes of a time, where a sort by this field was asked for."""

    def select(exchange: Exchange) -> list[Row] | None:
        key = key_of(exchange.request)
        if key.removeprefix("-") != field:
            return None
        rows = sorted(exchange.rows(exchange.request), key=lambda row: row["id"])
        return sorted(rows, key=lambda row: rank(row[field]), reverse=key.startswith("-"))

    return listing(select)


def grouped(comes_late: Callable[[Exchange, Row], bool]) -> Behavior:
    """Put some tickets behind all others."""
    return listing(
        lambda exchange: sorted(
            exchange.rows(exchange.request), key=lambda row: comes_late(exchange, row)
        )
    )


def _unless(condition: Callable[[ClientRequest], bool]) -> Behavior:
    return change_request(
        lambda request: request.without("sort") if condition(request) else request
    )


def _filtered(request: ClientRequest) -> bool:
    return any(name.startswith("filter") for name, _ in request.query)


def _within_the_page(exchange: Exchange) -> Reply:
    """Cut pages first, by id, and sort each alone."""
    rows = exchange.rows(exchange.request)
    rank = {row["id"]: place for place, row in enumerate(rows)}

    def amend(value: Any) -> Any:
        value["data"].sort(key=lambda row: rank[row["id"]])
        return value

    by_id = sorted(rows, key=lambda row: row["id"], reverse=True)
    reply = exchange.send()
    return amended(paged(reply, by_id), amend) if reply.good else reply


def _reversed(value: Any) -> Any:
    value["data"].reverse()
    return value


def _swapped(value: Any) -> Any:
    value["data"][:2] = value["data"][1::-1]
    return value


def _flipped(given: str) -> str:
    return given.removeprefix("-") if given.startswith("-") else f"-{given}"


DEFECTS = (
    sort("sort-ignored", "list.sort.created_at", ignoring("sort")),
    sort("sort-inverted", "list.sort.descending", param("sort", _flipped)),
    sort(
        "sort-minus-ignored",
        "list.sort.descending",
        param("sort", lambda key: key.removeprefix("-")),
    ),
    sort(
        "sort-always-descending",
        "list.sort.descending",
        param("sort", lambda key: f"-{key.removeprefix('-')}"),
    ),
    sort("sort-default-ascending", "list.sort.default", default("updated_at")),
    sort("sort-default-newest", "list.sort.default", default("-created_at")),
    sort("sort-created-by-updated", "list.sort.created_at", column("updated_at", "created_at")),
    sort("sort-updated-by-created", "list.sort.updated_at", column("created_at", "updated_at")),
    sort(
        "sort-activity-by-created",
        "list.sort.last_activity_at",
        column("created_at", "last_activity_at"),
    ),
    sort(
        "sort-activity-ignored",
        "list.sort.last_activity_at",
        _unless(lambda request: "activity" in key_of(request)),
    ),
    sort("sort-created-by-day", "list.sort.created_at", ordered("created_at", without_time)),
    sort("sort-created-by-written-date", "list.sort.created_at", ordered("created_at", day_first)),
    sort("sort-within-the-page", "list.paginated", _within_the_page),
    sort("sort-lost-later", "list.paginated", ignoring("sort"), PAGE_2_ON),
    sort("sort-page-reversed-later", "list.paginated", change_json(_reversed), PAGE_2_ON),
    sort("sort-lost-when-filtered", "list.sort.created_at", _unless(_filtered)),
    sort(
        "sort-closed-last",
        "list.sort.created_at",
        grouped(lambda _, row: row["status"] == "closed"),
    ),
    sort(
        "sort-some-rows-last",
        "list.sort.created_at",
        grouped(lambda exchange, row: exchange.picks(row)),
        ONE_ROW_IN_30,
    ),
    sort("sort-neighbours-swapped", "list.sort.created_at", change_json(_swapped), EVERY_20TH),
)
