"""Defects of the answer to a change, and of other methods."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from mockserver.defects.changes.exchange import (
    ASSIGNEE,
    DETAIL,
    ELSEWHERE,
    LIST,
    STATUS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.responses import amended, tickets
from mockserver.defects.changes.time_formats import later
from mockserver.defects.defect import Behavior, Family

TO_STATUS = frozenset({STATUS})
TO_ASSIGNEE = frozenset({ASSIGNEE})
writes = Family("answers", on=WRITES, visible="writing")
details = Family("answers", on=frozenset({DETAIL}), visible="writing")
lists = Family("content", on=frozenset({LIST}))
methods = Family("answers", on=frozenset({ELSEWHERE}), visible="writing")


def answered(change: Callable[[Row], object]) -> Behavior:
    """Change the ticket in the answer to a write in place."""

    def behavior(exchange: Exchange) -> Reply:
        def amend(value: Any) -> Any:
            for row in tickets(value):
                change(row)
            return value

        return amended(exchange.send(), amend)

    return behavior


def replied(change: Callable[[Reply], Reply]) -> Behavior:
    """Answer a successful write in another way."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return change(reply) if reply.good else reply

    return behavior


def put_instead(exchange: Exchange) -> Reply:
    """Take another method for the PUT of the same path, if there is one."""
    if exchange.request.method not in ("POST", "PATCH"):
        return exchange.send()
    if not exchange.request.path.endswith(("/status", "/assignee")):
        return exchange.send()
    return exchange.send(exchange.request.with_method("PUT"))


def detail_instead(method: str, status: int) -> Behavior:
    """Answer a method that a ticket does not have as a success."""

    def behavior(exchange: Exchange) -> Reply:
        shown = exchange.get(exchange.request.path)
        if exchange.request.method != method or not shown.good:
            return exchange.send()
        return shown.with_status(status).with_body(b"" if status == 204 else shown.body)

    return behavior


def tagged(header: str, value: Callable[[Row], str]) -> Behavior:
    """Give a detail a validator that is made of some of its fields only."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        ticket = reply.json.get("ticket") if reply.good else None
        return reply.with_header(header, value(ticket)) if ticket else reply

    return behavior


def tag_without_assignee(ticket: Row) -> str:
    return f'"{ticket["id"]}-{ticket["status"]}-{len(ticket["messages"])}"'


def creation_date(ticket: Row) -> str:
    return format_datetime(
        datetime.fromisoformat(ticket["created_at"]).astimezone(UTC), usegmt=True
    )


DEFECTS = (
    details("etag-without-assignee", "answer.validators", tagged("ETag", tag_without_assignee)),
    details(
        "last-modified-is-creation", "answer.validators", tagged("Last-Modified", creation_date)
    ),
    lists(
        "list-kept-by-shared-caches",
        "answer.shared_caches",
        lambda exchange: exchange.send().with_header("Cache-Control", "public, max-age=60"),
    ),
    writes(
        "answer-updated-at-ahead",
        "update.answer",
        answered(lambda row: row.update(updated_at=later(row["updated_at"], 1))),
    ),
    writes(
        "answer-without-tags",
        "update.answer",
        answered(lambda row: row.update(tags=[])),
        on=TO_STATUS,
    ),
    writes(
        "answer-without-assignee",
        "update.answer",
        answered(lambda row: row.update(assignee=None)),
        on=TO_STATUS,
    ),
    writes(
        "answer-status-open",
        "update.answer",
        answered(lambda row: row.update(status="open")),
        on=TO_ASSIGNEE,
    ),
    writes(
        "answer-204", "update.answer", replied(lambda reply: reply.with_status(204).with_body(b""))
    ),
    writes("answer-201", "update.answer", replied(lambda reply: reply.with_status(201))),
    writes(
        "answer-success-only",
        "update.answer",
        replied(lambda reply: reply.with_json({"success": True})),
    ),
    writes(
        "answer-bare", "update.answer", replied(lambda reply: reply.with_json(reply.json["ticket"]))
    ),
    writes(
        "answer-under-data",
        "update.answer",
        replied(lambda reply: reply.with_json({"data": reply.json["ticket"]})),
        on=TO_ASSIGNEE,
    ),
    writes(
        "answer-null",
        "update.answer",
        replied(lambda reply: reply.with_json({"ticket": None})),
        on=TO_ASSIGNEE,
    ),
    methods("other-methods-taken-for-put", "method.unknown", put_instead),
    methods("delete-answers-204", "method.unknown", detail_instead("DELETE", 204)),
    methods("patch-answers-ticket", "method.unknown", detail_instead("PATCH", 200)),
)
