"""Defects of the log, the times and the lists after a change."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import (
    DETAIL,
    DETAILED,
    LISTED,
    OPERATIONS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.filters import asked
from mockserver.defects.changes.frequency import AFTER_A_CHANGE
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.responses import amended
from mockserver.defects.changes.time_formats import later
from mockserver.defects.changes.writes import after_write, as_before, list_outdated, with_images
from mockserver.defects.defect import Behavior, Family

LISTS = LISTED | WRITES
DETAILS = DETAILED | WRITES
effects = Family("logs", on=OPERATIONS, visible="writing", rarity=AFTER_A_CHANGE)
Images = dict[Any, Row]


def new_in_log(row: Row, before: Row) -> list[Row]:
    known = before["activities"]
    return [activity for activity in row.get("activities", ()) if activity not in known]


def logged(change: Callable[[Row, Row], object]) -> Behavior:
    """Change each new activity in place."""

    def amend(row: Row, before: Row) -> None:
        for activity in new_in_log(row, before):
            change(activity, row)

    return after_write(amend)


def log_doubled(row: Row, before: Row) -> None:
    if "activities" in row:
        row["activities"] = row["activities"] + new_in_log(row, before)


def log_of_new_only(row: Row, before: Row) -> None:
    if "activities" in row:
        row["activities"] = new_in_log(row, before)


def assignment_not_logged(row: Row, before: Row) -> None:
    new = [each for each in new_in_log(row, before) if each["type"] == "assignee_changed"]
    if new:
        row["activities"] = [each for each in row["activities"] if each not in new]


def kept_at(part: str) -> Callable[[Row, Row], None]:
    """Keep a time where one part of the ticket changed."""

    def change(row: Row, before: Row) -> None:
        if row[part] != before[part]:
            row["updated_at"] = before["updated_at"]

    return change


def to_midnight(row: Row, _: Row) -> None:
    row["updated_at"] = row["updated_at"][:11] + "00:00:00+00:00"


def hidden_for_three(exchange: Exchange, images: Images) -> Reply:
    """The search index is written again: the ticket is missing from the next three lists."""
    left: Any = images.setdefault("left", {})
    gone = [id for id in images if id != "left" and left.setdefault(id, 3) > 0]
    for id in gone:
        left[id] -= 1
    select = listing(
        lambda seen: (
            [row for row in seen.rows(seen.request) if row["id"] not in gone] if gone else None
        )
    )
    return select(exchange)


def old_and_new(exchange: Exchange, images: Images) -> list[Row] | None:
    """The old entry of the index stays beside the new one."""
    if not images:
        return None
    rows = exchange.rows(exchange.request)
    return [each for row in rows for each in (row, images.get(row["id"])) if each]


def still_counted(exchange: Exchange, images: Images) -> Reply:
    """The counter of the status that a ticket has left is not decremented."""
    wanted = asked(exchange.request, "filter[status]")
    here = {row["id"] for row in exchange.rows(exchange.request)} if images and wanted else set()
    gone = sum(row["status"] in wanted and id not in here for id, row in images.items())

    def amend(value: Any) -> Any:
        value["meta"]["total"] += gone
        return value

    return amended(exchange.send(), amend)


def unchanged_logged(exchange: Exchange) -> Reply:
    """The present value is logged as a change."""
    extra = exchange.state.kept
    id = exchange.request.ticket
    if exchange.request.operation != DETAIL:
        before = exchange.ticket(id)
        reply = exchange.send()
        if before and reply.good and exchange.ticket(id) == before:
            extra[id] = extra.get(id, 0) + 1
        return reply

    def amend(value: Any) -> Any:
        log = value["ticket"]["activities"]
        value["ticket"]["activities"] = log + log[-1:] * extra.get(id, 0)
        return value

    return amended(exchange.send(), amend)


DEFECTS = (
    effects("updated-at-is-a-day", "update.updated_at", after_write(to_midnight)),
    effects("updated-at-kept-on-assignment", "update.updated_at", after_write(kept_at("assignee"))),
    effects("list-updated-at-kept", "status.listed", as_before("updated_at"), on=LISTS),
    effects("list-assignee-kept", "assignee.listed", as_before("assignee"), on=LISTS),
    effects("detail-assignee-kept", "assignee.stored", as_before("assignee"), on=DETAILS),
    effects("log-doubled", "status.activity", after_write(log_doubled)),
    effects("log-begins-anew", "update.alone", after_write(log_of_new_only)),
    effects(
        "log-by-nobody", "status.activity", logged(lambda activity, _: activity.update(user=None))
    ),
    effects(
        "log-an-hour-ahead",
        "status.activity",
        logged(lambda activity, _: activity.update(created_at=later(activity["created_at"], 3600))),
    ),
    effects("assignment-not-logged", "assignee.activity", after_write(assignment_not_logged)),
    effects("unchanged-value-logged", "update.same", unchanged_logged, on=DETAILS),
    effects(
        "ticket-missing-from-three-lists", "status.listed", with_images(hidden_for_three), on=LISTS
    ),
    effects("ticket-listed-old-and-new", "list.paginated", list_outdated(old_and_new), on=LISTS),
    effects("old-status-still-counted", "list.meta.total", with_images(still_counted), on=LISTS),
)
