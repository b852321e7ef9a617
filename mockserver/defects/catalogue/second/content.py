"""Defects of what a response contains: types, times, encodings, and list against detail."""

import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mockserver.defects.catalogue.errors.damage import damaged, typed
from mockserver.defects.changes.conditions import refused
from mockserver.defects.changes.exchange import (
    DETAILED,
    LISTED,
    OPERATIONS,
    READS,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.frequency import ONE_ROW_IN_30, SPAM_ONLY, TAGGED_ONLY
from mockserver.defects.changes.responses import (
    Change,
    becomes,
    change_json,
    each,
    field,
    missing_when,
    null,
    null_becomes,
)
from mockserver.defects.changes.time_formats import later
from mockserver.defects.defect import Behavior, Family

listed = Family("content", on=LISTED)
detailed = Family("content", on=DETAILED)
read = Family("content", on=READS)


def text(path: str, form: Callable[[str], Any]) -> Behavior:
    return field(path, becomes(form))


def null_when(value: Any) -> Change:
    def change(holder: dict[str, Any], key: str) -> None:
        if holder[key] == value:
            holder[key] = None

    return change


def mojibake(given: str) -> str:
    """UTF-8 that was read as Windows-1252 or Latin-1."""
    return given.encode().decode("latin-1")


def decomposed(given: str) -> str:
    return unicodedata.normalize("NFD", given)


def escapes(given: str) -> str:
    """Letters as JSON escapes that were themselves written as text."""
    return given.encode("ascii", "backslashreplace").decode()


def ascii_only(given: str) -> str:
    return unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode()


def summer_time(time: str) -> str:
    """The hour of summer time is added although the offset says UTC."""
    return later(time, 3600) if 4 <= datetime.fromisoformat(time).month <= 9 else time


def week_year(time: str) -> str:
    """The year of the week, a wrong letter in a format, differs about the turn of a year."""
    return f"{datetime.fromisoformat(time).isocalendar().year}{time[4:]}"


def twelve_hours(time: str) -> str:
    return f"{datetime.fromisoformat(time):%Y-%m-%dT%I:%M:%S}+00:00"


def rounded_to_minute(time: str) -> str:
    moment = datetime.fromisoformat(time) + timedelta(seconds=30)
    return moment.replace(second=0).isoformat()


def western(time: str) -> str:
    return time.replace("+00:00", "-05:00")


def tags_by_name(row: Row) -> None:
    row["tags"] = [dict(tag, color=f"#{tag['color']}") for tag in row["tags"]]


def old_email(row: Row) -> None:
    if row["assignee"]:
        row["assignee"]["email"] = row["assignee"]["email"].replace("@", "+old@")


def grouped_by_type(row: Row) -> None:
    row["messages"].sort(key=lambda message: message["type"])


def types_swapped(row: Row) -> None:
    swapped = {"inbound": "outbound", "outbound": "inbound", "note": "note"}
    for message in row["messages"]:
        message["type"] = swapped[message["type"]]


def latest_at_the_top(row: Row) -> None:
    row["messages"] = row["messages"][-1:] + row["messages"][:-1]


def with_sql(_: Exchange, reply: Reply) -> Reply:
    words = "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'name' in 'order clause'"
    return reply.with_json({"message": f"{words} (Connection: mysql)"})


def with_trace(_: Exchange, reply: Reply) -> Reply:
    frame = {"file": "/var/www/html/vendor/laravel/framework/Router.php", "line": 716}
    return reply.with_json({**reply.json, "exception": "NotFoundHttpException", "trace": [frame]})


def as_html(_: Exchange, reply: Reply) -> Reply:
    return reply.with_header("Content-Type", "text/html; charset=UTF-8")


def with_queries(value: Any) -> Any:
    return value | {"_debug": {"queries": ["select * from `tickets` where `workspace_id` = 1"]}}


def success_as(status: int) -> Behavior:
    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return reply.with_status(status) if reply.status == 200 else reply

    return behavior


def not_modified(exchange: Exchange) -> Reply:
    """The second equal request is answered 304, although it gave no ETag."""
    reply, kept = exchange.send(), exchange.state.kept
    key = (exchange.request.token, exchange.request.path, exchange.request.query)
    if not reply.good or kept.setdefault(key, 0) == 0:
        kept[key] = int(reply.good)
        return reply
    return reply.with_status(304).with_body(b"")


def first_of_three(exchange: Exchange) -> Reply:
    """A cache answers each list as it was answered two requests before."""
    reply = exchange.send()
    kept: list[Reply] = exchange.state.kept.setdefault("pages", [])
    kept.append(reply)
    return kept.pop(0) if len(kept) > 2 and reply.good else reply


DEFECTS = (
    read(
        "created-at-plus-is-blank",
        "ticket.created_at",
        text("created_at", lambda t: t.replace("+", " ")),
    ),
    read(
        "updated-at-without-seconds",
        "ticket.updated_at",
        text("updated_at", lambda t: t[:16] + t[19:]),
        SPAM_ONLY,
    ),
    detailed("detail-created-at-western", "detail.agrees", text("created_at", western)),
    listed("list-updated-at-summer-time", "detail.agrees", text("updated_at", summer_time)),
    listed("list-created-at-twelve-hours", "detail.agrees", text("created_at", twelve_hours)),
    listed("list-created-at-week-year", "detail.agrees", text("created_at", week_year)),
    detailed("detail-updated-at-rounded", "detail.agrees", text("updated_at", rounded_to_minute)),
    detailed(
        "message-created-at-western",
        "detail.messages.times",
        text("messages[].created_at", lambda t: later(t, -18_000)),
    ),
    read("tag-id-text", "ticket.tags", text("tags[].id", str), TAGGED_ONLY),
    detailed("message-sender-id-text", "detail.messages", text("messages[].sender.id", str)),
    detailed(
        "attachment-size-text",
        "detail.messages",
        text("messages[].attachments[].size", lambda size: f"{size} B"),
    ),
    detailed("activity-user-id-text", "detail.activities", text("activities[].user.id", str)),
    detailed(
        "message-is-forward-null-when-false",
        "detail.messages",
        field("messages[].is_forward", null_when(value=False)),
    ),
    read(
        "contact-avatar-missing-when-null",
        "ticket.contact",
        field("contact.avatar_url", missing_when(None)),
    ),
    read(
        "assignee-avatar-missing-when-null",
        "ticket.assignee",
        field("assignee.avatar_url", missing_when(None)),
        on=LISTED,
    ),
    read("tag-color-null-for-some", "ticket.tags", field("tags[].color", null), ONE_ROW_IN_30),
    listed(
        "list-avatar-empty-when-null",
        "detail.agrees",
        field("contact.avatar_url", null_becomes("")),
    ),
    detailed("detail-summary-empty-when-null", "detail.agrees", field("summary", null_becomes(""))),
    listed("list-subject-mojibake", "detail.agrees", text("subject", mojibake)),
    detailed("detail-contact-mojibake", "detail.agrees", text("contact.name", mojibake)),
    listed("list-subject-decomposed", "detail.agrees", text("subject", decomposed)),
    listed("list-assignee-ascii", "detail.agrees", text("assignee.name", ascii_only)),
    listed("list-subject-json-escapes", "detail.agrees", text("subject", escapes)),
    detailed("detail-subject-trimmed-to-100", "detail.agrees", text("subject", lambda s: s[:100])),
    listed("list-contact-name-cut", "detail.agrees", text("contact.name", lambda s: s[:12])),
    listed("list-tag-colors-as-hex", "detail.agrees", each(tags_by_name)),
    listed("list-assignee-old-email", "detail.agrees", each(old_email)),
    detailed("detail-channel-type-capital", "detail.agrees", text("channel.type", str.title)),
    listed("list-tags-in-capitals", "detail.agrees", text("tags[].name", str.upper)),
    detailed("messages-grouped-by-type", "detail.messages.order", each(grouped_by_type)),
    detailed("messages-types-swapped", "detail.messages.sender", each(types_swapped)),
    detailed("messages-latest-at-the-top", "detail.messages.order", each(latest_at_the_top)),
    listed("unknown-sort-shows-sql", "answer.no_internals", refused(400, with_sql)),
    detailed("missing-ticket-shows-trace", "answer.no_internals", refused(404, with_trace)),
    read("refusals-as-html", "answer.json", refused(404, as_html), on=DETAILED),
    read("unauthorized-as-html", "answer.json", refused(401, as_html), on=OPERATIONS),
    listed("list-shows-queries", "answer.no_internals", change_json(with_queries)),
    read(
        "json-in-parentheses",
        "answer.json",
        damaged(lambda body: b"callback(" + body + b")"),
        on=LISTED,
    ),
    read("content-type-plain-text", "answer.json", typed("text/plain; charset=UTF-8"), on=DETAILED),
    read("content-type-octets", "answer.json", typed("application/octet-stream"), on=LISTED),
    detailed("detail-203", "detail.answer", success_as(203)),
    read("second-time-304", "answer.status", not_modified),
    listed("list-two-requests-old", "list.paginated", first_of_three),
)
