"""Defects of the fields of a ticket itself."""

from mockserver.defects.catalogue.tickets.shape import shape
from mockserver.defects.changes.exchange import DETAILED, LISTED, OPERATIONS, WRITES
from mockserver.defects.changes.frequency import (
    CLOSED_ONLY,
    ONE_ROW_IN_30,
    PAGE_2_ON,
    SPAM_ONLY,
    WITHOUT_SUMMARY,
)
from mockserver.defects.changes.responses import (
    becomes,
    missing,
    missing_when,
    null,
    renamed,
)
from mockserver.defects.changes.time_formats import (
    day_first,
    epoch,
    in_words,
    php_object,
    without_offset,
    without_time,
)

DEFECTS = (
    shape("ticket-id-text", "id", becomes(str), on=LISTED),
    shape("ticket-ulid-missing", "ulid", missing, on=OPERATIONS),
    shape("ticket-ulid-null", "ulid", null, ONE_ROW_IN_30),
    shape(
        "ticket-ulid-uuid",
        "ulid",
        becomes(lambda ulid: f"018f24b7-8c62-7d41-9a3e-{ulid[:12].lower()}"),
        on=DETAILED,
    ),
    shape("ticket-ulid-cut", "ulid", becomes(lambda u: u[:25]), PAGE_2_ON),
    shape("ticket-subject-renamed", "subject", renamed("title")),
    shape("ticket-subject-null", "subject", null, ONE_ROW_IN_30),
    shape("ticket-status-capital", "status", becomes(str.title)),
    shape("ticket-status-number", "status", becomes(("open", "closed", "spam").index), on=DETAILED),
    shape("ticket-status-resolved", "status", becomes(lambda _: "resolved"), CLOSED_ONLY),
    shape(
        "ticket-status-pending", "status", becomes(lambda _: "pending"), ONE_ROW_IN_30, on=LISTED
    ),
    shape(
        "ticket-status-object",
        "status",
        becomes(lambda status: {"value": status, "label": status.title()}),
        on=WRITES,
        visible="writing",
    ),
    shape("ticket-status-null", "status", null, SPAM_ONLY),
    shape("ticket-preview-missing", "latest_message_preview", missing, on=LISTED),
    shape(
        "ticket-preview-renamed",
        "latest_message_preview",
        renamed("latestMessagePreview"),
        on=DETAILED,
    ),
    shape("ticket-summary-missing", "summary", missing),
    shape(
        "ticket-summary-missing-when-null",
        "summary",
        missing_when(None),
        WITHOUT_SUMMARY,
        on=LISTED,
    ),
    shape(
        "ticket-summary-object",
        "summary",
        becomes(lambda summary: {"text": summary, "model": "small"}),
    ),
    shape("ticket-created-at-epoch", "created_at", becomes(epoch)),
    shape("ticket-created-at-without-offset", "created_at", becomes(without_offset), on=LISTED),
    shape("ticket-created-at-day", "created_at", becomes(without_time), on=DETAILED),
    shape("ticket-created-at-object", "created_at", becomes(php_object), PAGE_2_ON),
    shape("ticket-updated-at-null", "updated_at", null, ONE_ROW_IN_30),
    shape("ticket-updated-at-in-words", "updated_at", becomes(in_words), on=DETAILED),
    shape("ticket-updated-at-day-first", "updated_at", becomes(day_first), CLOSED_ONLY),
    shape("ticket-updated-at-missing", "updated_at", missing, on=WRITES, visible="writing"),
)
