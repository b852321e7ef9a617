"""Defects of a list that shows a ticket otherwise than its detail does."""

import html
from typing import Any

from mockserver.defects.changes.exchange import READS, Exchange, Row
from mockserver.defects.changes.frequency import (
    ALWAYS,
    ONE_ROW_IN_10,
    TAGGED_ONLY,
)
from mockserver.defects.changes.responses import (
    amended,
    becomes,
    each,
    each_ticket,
    field,
    preview_of,
)
from mockserver.defects.changes.time_formats import later
from mockserver.defects.defect import Behavior, Family

listed = Family("detail")


def shifted(noun: str) -> Behavior:
    """Give each ticket of a page what the next one has, as a batch out of step would."""

    def amend(value: Any) -> Any:
        nouns = [row[noun] for row in value["data"]]
        for row, other in zip(value["data"], nouns[1:] + nouns[:1], strict=True):
            row[noun] = other
        return value

    return lambda exchange: amended(exchange.send(), amend)


def _first_preview(row: Row, exchange: Exchange) -> None:
    thread = (exchange.ticket(row["id"]) or {"messages": []})["messages"]
    if len(thread) > 1:
        row["latest_message_preview"] = preview_of(thread[0]["body_html"], r"<[^>]*>")


def _tag_ids_of_ticket(row: Row) -> None:
    for tag in row["tags"]:
        tag["id"] = row["id"]


def _contact_id_of_ticket(row: Row) -> None:
    row["contact"]["id"] = row["id"]


def _three_bytes(text: str) -> str:
    """What a table without four-byte characters keeps of a text."""
    return "".join(letter if ord(letter) < 0x10000 else "?" for letter in text)


DEFECTS = (
    listed("list-contacts-shifted", "detail.agrees", shifted("contact")),
    listed("list-tags-shifted", "detail.agrees", shifted("tags")),
    listed("list-assignees-shifted", "detail.agrees", shifted("assignee")),
    listed("list-preview-of-first-message", "detail.preview", each_ticket(_first_preview)),
    listed(
        "list-created-at-two-hours-late",
        "detail.agrees",
        field("created_at", becomes(lambda time: later(time, 7200))),
    ),
    listed(
        "list-subject-escaped",
        "detail.agrees",
        field("subject", becomes(html.escape)),
    ),
    listed(
        "list-subject-cut",
        "detail.agrees",
        field("subject", becomes(lambda subject: subject[:20])),
    ),
    listed(
        "list-subject-three-byte-characters",
        "detail.agrees",
        field("subject", becomes(_three_bytes)),
    ),
    listed(
        "list-status-open-for-some",
        "detail.agrees",
        field("status", becomes(lambda _: "open")),
        ONE_ROW_IN_10,
    ),
    listed(
        "tag-ids-of-ticket", "list.filter.tag_ids", each(_tag_ids_of_ticket), TAGGED_ONLY, on=READS
    ),
    listed("contact-id-of-ticket", "detail.agrees", each(_contact_id_of_ticket), ALWAYS, on=READS),
)
