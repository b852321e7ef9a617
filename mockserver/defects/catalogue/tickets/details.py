"""Defects of one ticket's detail."""

from typing import Any

from mockserver.defects.changes.exchange import DETAILED, Exchange, Reply, Row
from mockserver.defects.changes.frequency import (
    ASSIGNED_ONLY,
    CLOSED_ONLY,
    EVERY_20TH,
    LONG_LOGS_ONLY,
    LONG_THREADS_ONLY,
    ONE_ROW_IN_10,
    ONE_ROW_IN_30,
)
from mockserver.defects.changes.other_tickets import not_found, other_ticket
from mockserver.defects.changes.responses import (
    amended,
    becomes,
    each,
    each_ticket,
    field,
    null,
    preview_of,
)
from mockserver.defects.changes.time_formats import later
from mockserver.defects.defect import Behavior, Family

detail = Family("detail", on=DETAILED)


def messages(arrange: Any) -> Behavior:
    return field("messages", becomes(arrange))


def missing_ticket(answer: Any) -> Behavior:
    """Answer otherwise that a ticket is not there."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        answered: Reply = answer(reply) if reply.status == 404 else reply
        return answered

    return behavior


def _hidden(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if not reply.good or not exchange.picks(reply.json["ticket"]):
        return reply
    return not_found(exchange)


def _foreign_message(row: Row, exchange: Exchange) -> None:
    other = other_ticket(exchange, row["id"])
    thread = other and exchange.ticket(other["id"])
    row["messages"] += thread["messages"][:1] if thread else []


def _other_ticket(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if not reply.good or not exchange.picks(reply.json["ticket"]):
        return reply
    other = other_ticket(exchange, reply.json["ticket"]["id"])
    return reply.with_json({"ticket": exchange.ticket(other["id"])}) if other else reply


def _preview_with_markup(row: Row) -> None:
    if row["messages"]:
        row["latest_message_preview"] = preview_of(row["messages"][-1]["body_html"], r"(?!)")


def _all_from_contact(row: Row) -> None:
    for message in row["messages"]:
        message["sender"] |= {
            "type": "contact",
            **{name: row["contact"][name] for name in ("id", "name", "email")},
        }


def _message_ids_of_ticket(row: Row) -> None:
    for message in row["messages"]:
        message["id"] = row["id"]


def _updated_is_created(row: Row) -> None:
    row["updated_at"] = row["created_at"]


def _doubled_by_attachments(thread: list[Row]) -> list[Row]:
    return [each for each in thread for _ in each["attachments"] or "1"]


def _touched(exchange: Exchange) -> Reply:
    """Reading a ticket saves it: each reading moves its time of change."""
    read = exchange.state.kept

    def amend(value: Any) -> Any:
        row = value["ticket"]
        row["updated_at"] = later(row["updated_at"], read.get(row["id"], 0))
        read[row["id"]] = read.get(row["id"], 0) + 1
        return value

    return amended(exchange.send(), amend)


DEFECTS = (
    detail("messages-newest-first", "detail.messages.order", messages(lambda thread: thread[::-1])),
    detail("messages-latest-missing", "detail.messages", messages(lambda thread: thread[:-1])),
    detail("messages-latest-only", "detail.messages", messages(lambda thread: thread[-1:])),
    detail(
        "messages-first-page-only",
        "detail.messages",
        messages(lambda thread: thread[:5]),
        LONG_THREADS_ONLY,
    ),
    detail(
        "messages-inbound-only",
        "detail.messages",
        messages(lambda thread: [each for each in thread if each["type"] == "inbound"]),
    ),
    detail(
        "messages-doubled-by-attachments",
        "detail.messages",
        messages(_doubled_by_attachments),
    ),
    detail(
        "messages-foreign",
        "detail.messages.own",
        each_ticket(_foreign_message),
        ONE_ROW_IN_10,
    ),
    detail("messages-ids-of-ticket", "detail.messages", each(_message_ids_of_ticket)),
    detail("messages-all-from-contact", "detail.messages.sender", each(_all_from_contact)),
    detail(
        "messages-two-hours-late",
        "detail.messages.times",
        field("messages[].created_at", becomes(lambda time: later(time, 7200))),
    ),
    detail("messages-none", "detail.messages", messages(lambda _: []), CLOSED_ONLY),
    detail(
        "activities-out-of-order",
        "detail.activities.order",
        field("activities", becomes(lambda log: [*log[1:-1], log[0], log[-1]])),
        LONG_LOGS_ONLY,
    ),
    detail(
        "activities-before-ticket",
        "detail.activities.times",
        field("activities[].created_at", becomes(lambda time: later(time, -86_400 * 3650))),
    ),
    detail("detail-other-ticket", "detail.asked", _other_ticket, ONE_ROW_IN_30),
    detail(
        "detail-status-always-open",
        "detail.agrees",
        field("status", becomes(lambda _: "open")),
        CLOSED_ONLY,
    ),
    detail(
        "detail-assignee-not-loaded",
        "detail.agrees",
        field("assignee", null),
        ASSIGNED_ONLY,
    ),
    detail(
        "detail-updated-at-is-created-at",
        "detail.agrees",
        each(_updated_is_created),
    ),
    detail("detail-preview-with-markup", "detail.preview", each(_preview_with_markup)),
    detail("detail-reading-touches", "detail.agrees", _touched),
    detail("detail-closed-is-missing", "detail.answer", _hidden, CLOSED_ONLY),
    detail("detail-missing-now-and-then", "detail.answer", not_found, EVERY_20TH),
    detail(
        "missing-ticket-null",
        "detail.missing",
        missing_ticket(lambda reply: reply.with_status(200).with_json({"ticket": None})),
    ),
    detail(
        "missing-ticket-200-message",
        "detail.missing",
        missing_ticket(lambda reply: reply.with_status(200)),
    ),
    detail(
        "missing-ticket-204",
        "detail.missing",
        missing_ticket(lambda reply: reply.with_status(204).with_body(b"")),
    ),
    detail(
        "missing-ticket-500", "detail.missing", missing_ticket(lambda reply: reply.with_status(500))
    ),
)
