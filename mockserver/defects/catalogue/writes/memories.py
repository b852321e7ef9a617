"""Defects of memory: caches, replicas and indexes that a write does not reach."""

from typing import Any

from mockserver.defects.catalogue.lists.sorts import key_of
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
from mockserver.defects.changes.filters import MINE, STATUS, UNASSIGNED, asked
from mockserver.defects.changes.frequency import AFTER_A_CHANGE
from mockserver.defects.changes.other_tickets import not_found
from mockserver.defects.changes.responses import amended
from mockserver.defects.changes.time_formats import later
from mockserver.defects.changes.writes import (
    after_write,
    as_before,
    list_outdated,
    with_images,
)
from mockserver.defects.defect import Family

Images = dict[Any, Row]

memory = Family("memory", on=OPERATIONS, visible="writing", rarity=AFTER_A_CHANGE)
_LISTS = LISTED | WRITES
_DETAILS = DETAILED | WRITES


def _first_answer(exchange: Exchange) -> Reply:
    """Answer a request as it was first answered to this caller."""
    key = (exchange.request.token, exchange.request.path, exchange.request.query)
    if key not in exchange.state.kept:
        reply = exchange.send()
        if not reply.good:
            return reply
        exchange.state.kept[key] = reply
    kept: Reply = exchange.state.kept[key]
    return kept


def _first_total(exchange: Exchange) -> Reply:
    key = (exchange.request.token, exchange.request.without("page", "per_page", "sort").query)

    def amend(value: Any) -> Any:
        value["meta"]["total"] = exchange.state.kept.setdefault(key, value["meta"]["total"])
        return value

    return amended(exchange.send(), amend)


def _stale_once(exchange: Exchange, images: Images) -> Reply:
    """The first reading after a change meets a replica that has not heard of it."""

    def amend(value: Any) -> Any:
        before = images.pop(value["ticket"]["id"], None)
        return {"ticket": before or value["ticket"]}

    return amended(exchange.send(), amend)


def _spam_is_gone(exchange: Exchange, images: Images) -> Reply:
    reply = exchange.send()
    if not reply.good or exchange.request.operation != DETAIL:
        return reply
    ticket = reply.json["ticket"]
    gone = ticket["id"] in images and ticket["status"] == "spam"
    return not_found(exchange) if gone else reply


def _closed_is_gone(exchange: Exchange, images: Images) -> list[Row] | None:
    if not images:
        return None
    rows = exchange.rows(exchange.request)
    return [row for row in rows if row["id"] not in images or row["status"] != "closed"]


def _by_old_status(exchange: Exchange, images: Images) -> list[Row] | None:
    wanted = asked(exchange.request, STATUS)
    if not images or not wanted:
        return None
    rows = exchange.rows(exchange.request.without(STATUS))
    return [row for row in rows if _old(images, row)["status"] in wanted]


def _by_old_assignment(exchange: Exchange, images: Images) -> list[Row] | None:
    if not images or not asked(exchange.request, UNASSIGNED):
        return None
    rows = exchange.rows(exchange.request.without(UNASSIGNED))
    return [row for row in rows if _old(images, row)["assignee"] is None]


def _by_old_assignee(exchange: Exchange, images: Images) -> list[Row] | None:
    me = exchange.tokens.user(exchange.request.token)
    if not images or me is None or not asked(exchange.request, MINE):
        return None
    rows = exchange.rows(exchange.request.without(MINE))
    return [row for row in rows if _assignee_id(_old(images, row)) == me]


def _old(images: Images, row: Row) -> Row:
    return images.get(row["id"], row)


def _assignee_id(row: Row) -> Any:
    return row["assignee"] and row["assignee"]["id"]


def _in_old_order(exchange: Exchange, images: Images) -> list[Row] | None:
    key = key_of(exchange.request)
    if not images or key.removeprefix("-") != "updated_at":
        return None
    return sorted(
        exchange.rows(exchange.request),
        key=lambda row: (_old(images, row)["updated_at"], row["id"]),
        reverse=key.startswith("-"),
    )


def _without_activity(row: Row, before: Row) -> None:
    if "activities" in row and row["status"] != before["status"]:
        row["activities"] = before["activities"]


def _new_activities(row: Row, before: Row) -> list[Row]:
    known = before["activities"]
    return [activity for activity in row.get("activities", ()) if activity not in known]


def _activity_at_creation(row: Row, before: Row) -> None:
    for activity in _new_activities(row, before):
        activity["created_at"] = row["created_at"]


def _activity_by_contact(row: Row, before: Row) -> None:
    for activity in _new_activities(row, before):
        activity["user"] = {"id": row["contact"]["id"], "name": row["contact"]["name"] or ""}


def _activity_of_other_type(row: Row, before: Row) -> None:
    for activity in _new_activities(row, before):
        if activity["type"] == "status_changed":
            activity["type"] = "updated"


def _other_ulid(row: Row, _: Row) -> None:
    row["ulid"] = row["ulid"][:-1] + ("1" if row["ulid"].endswith("0") else "0")


def _created_when_updated(row: Row, _: Row) -> None:
    row["created_at"] = row["updated_at"]


def _updated_late(row: Row, _: Row) -> None:
    row["updated_at"] = later(row["updated_at"], 7200)


def _without_thread(row: Row, _: Row) -> None:
    if "messages" in row:
        row["messages"] = []


def _without_tags(row: Row, _: Row) -> None:
    row["tags"] = []


DEFECTS = (
    memory("list-shows-ticket-as-it-was", "status.listed", as_before(), on=_LISTS),
    memory("list-shows-old-status", "status.listed", as_before("status"), on=_LISTS),
    memory("list-cached", "status.listed", _first_answer, on=LISTED),
    memory("detail-shows-ticket-as-it-was", "status.stored", as_before(), on=_DETAILS),
    memory("detail-shows-old-status", "status.stored", as_before("status"), on=_DETAILS),
    memory("detail-cached", "status.stored", _first_answer, on=DETAILED),
    memory("detail-stale-once", "status.stored", with_images(_stale_once), on=_DETAILS),
    memory(
        "filter-status-by-old-status",
        "status.listed",
        list_outdated(_by_old_status),
        on=_LISTS,
    ),
    memory(
        "filter-unassigned-by-old-assignee",
        "assignee.listed",
        list_outdated(_by_old_assignment),
        on=_LISTS,
    ),
    memory(
        "filter-mine-by-old-assignee",
        "assignee.listed",
        list_outdated(_by_old_assignee),
        on=_LISTS,
    ),
    memory("total-cached", "list.meta.total", _first_total, on=LISTED),
    memory(
        "sort-by-old-updated-at",
        "list.sort.updated_at",
        list_outdated(_in_old_order),
        on=_LISTS,
    ),
    memory(
        "closed-ticket-leaves-lists",
        "status.listed",
        list_outdated(_closed_is_gone),
        on=_LISTS,
    ),
    memory("spam-ticket-is-missing", "status.stored", with_images(_spam_is_gone), on=_DETAILS),
    memory("updated-at-does-not-move", "update.updated_at", as_before("updated_at")),
    memory("updated-at-two-hours-late", "update.updated_at", after_write(_updated_late)),
    memory("created-at-moves", "update.alone", after_write(_created_when_updated)),
    memory("ulid-changes", "update.alone", after_write(_other_ulid)),
    memory("tags-lost-on-change", "update.alone", after_write(_without_tags)),
    memory("messages-lost-on-change", "update.alone", after_write(_without_thread)),
    memory("activity-not-logged", "status.activity", after_write(_without_activity)),
    memory("activity-at-creation-time", "status.activity", after_write(_activity_at_creation)),
    memory("activity-by-contact", "status.activity", after_write(_activity_by_contact)),
    memory("activity-of-other-type", "status.activity", after_write(_activity_of_other_type)),
)
