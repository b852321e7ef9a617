"""Defects of order: ties, column types, time zones and pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mockserver.defects.catalogue.lists.pages import stretch
from mockserver.defects.catalogue.lists.searches import term
from mockserver.defects.catalogue.lists.sorts import default, grouped, key_of, ordered
from mockserver.defects.changes.conditions import Condition, gives, repeated, size, value, when
from mockserver.defects.changes.exchange import Exchange, Row
from mockserver.defects.changes.filters import SEARCH, TAGS
from mockserver.defects.changes.frequency import PAGE_2_ON
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.requests import ignoring, last_of, param
from mockserver.defects.changes.responses import change_json
from mockserver.defects.defect import Behavior, Family

order = Family("order")
UNSORTED = value("sort", lambda key: not key)
DESCENDING = value("sort", lambda key: key.startswith("-"))
ASCENDING = value("sort", lambda key: key[:1] not in ("", "-"))


def ranked(
    condition: Condition, rank: Callable[[Row], Any], *, descending: bool = True
) -> Behavior:
    """Order lists by a value of each ticket where the request meets a condition."""
    return when(
        condition,
        listing(
            lambda exchange: sorted(exchange.rows(exchange.request), key=rank, reverse=descending)
        ),
    )


def sorted_by(name: str) -> Condition:
    return lambda exchange: key_of(exchange.request).removeprefix("-") == name


def rearranged(arrange: Callable[[list[Row], Exchange], list[Row]]) -> Behavior:
    return listing(lambda exchange: arrange(exchange.rows(exchange.request), exchange))


def local_time(row: Row) -> Any:
    """The wall clock of the assignee."""
    zone = ZoneInfo((row["assignee"] or {}).get("timezone") or "UTC")
    return datetime.fromisoformat(row["updated_at"]).astimezone(zone).replace(tzinfo=None)


def last_page_by_id(body: Any) -> Any:
    if body["meta"]["current_page"] == body["meta"]["last_page"]:
        body["data"].sort(key=lambda row: row["id"])
    return body


def twelve_hours(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%d %I:%M:%S %p}"


def days_then_times(rows: list[Row], exchange: Exchange) -> list[Row]:
    """The newest day first, and within a day the oldest ticket."""
    if key_of(exchange.request) != "-created_at":
        return rows
    rows = sorted(rows, key=lambda row: row["created_at"])
    return sorted(rows, key=lambda row: row["created_at"][:10], reverse=True)


def subject_hits_first(rows: list[Row], exchange: Exchange) -> list[Row]:
    wanted = term(exchange).strip().casefold()
    return sorted(rows, key=lambda row: wanted not in row["subject"].casefold())


def by_id_after_ten(rows: list[Row], _: Exchange) -> list[Row]:
    return rows[:10] + sorted(rows[10:], key=lambda row: row["id"], reverse=True)


DEFECTS = (
    order(
        "created-by-id", "list.sort.created_at", ranked(sorted_by("created_at"), lambda r: r["id"])
    ),
    order("updated-without-year", "list.sort.updated_at", ordered("updated_at", lambda t: t[5:])),
    order("created-by-twelve-hours", "list.sort.created_at", ordered("created_at", twelve_hours)),
    order("descending-days-ascending-times", "list.sort.descending", rearranged(days_then_times)),
    order(
        "activity-of-unassigned-last",
        "list.sort.last_activity_at",
        when(sorted_by("last_activity_at"), grouped(lambda _, row: row["assignee"] is None)),
    ),
    order(
        "default-puts-unassigned-first",
        "list.sort.default",
        when(UNSORTED, grouped(lambda _, row: row["assignee"] is not None)),
    ),
    order(
        "default-by-relevance-when-searching",
        "list.sort.default",
        when(
            lambda exchange: UNSORTED(exchange) and gives(SEARCH)(exchange),
            rearranged(subject_hits_first),
        ),
    ),
    order(
        "sort-lost-when-searching",
        "list.sort.updated_at",
        when(gives(SEARCH), ignoring("sort")),
    ),
    order(
        "default-newest-when-filtered",
        "list.sort.default",
        when(gives("filter[status]"), default("-created_at")),
    ),
    order("sort-lost-with-tag", "list.sort.created_at", when(gives(TAGS), ignoring("sort"))),
    order(
        "sort-lost-on-large-pages",
        "list.sort.created_at",
        when(size(lambda asked_for: asked_for > 50), ignoring("sort")),
    ),
    order(
        "minus-lost-later",
        "list.sort.descending",
        param("sort", lambda key: key.removeprefix("-")),
        PAGE_2_ON,
    ),
    order("last-page-by-id", "list.sort.updated_at", change_json(last_page_by_id)),
    order("sorted-to-the-tenth-only", "list.sort.updated_at", rearranged(by_id_after_ten)),
    order(
        "newest-at-the-end",
        "list.sort.created_at",
        when(DESCENDING, rearranged(lambda rows, _: rows[1:] + rows[:1])),
    ),
    order(
        "updated-by-local-time",
        "list.sort.updated_at",
        when(DESCENDING, ranked(sorted_by("updated_at"), local_time)),
    ),
    order(
        "updated-of-closed-by-creation",
        "list.sort.updated_at",
        when(
            DESCENDING,
            ranked(
                sorted_by("updated_at"),
                lambda row: row["created_at" if row["status"] == "closed" else "updated_at"],
            ),
        ),
    ),
    order("several-last-key-only", "list.sort.several", param("sort", last_of)),
    order(
        "several-not-sorted",
        "list.sort.several",
        when(value("sort", lambda key: "," in key), ranked(gives("sort"), lambda row: row["id"])),
    ),
    order(
        "ascending-pages-overlap",
        "list.paginated",
        when(ASCENDING, stretch(lambda number, rows: ((number - 1) * rows - 1, number * rows - 1))),
        PAGE_2_ON,
    ),
    order(
        "second-time-reversed",
        "list.sort.created_at",
        when(repeated, change_json(lambda body: body | {"data": body["data"][::-1]})),
    ),
)
