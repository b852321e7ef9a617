"""Defects of the shape of messages and activities."""

from mockserver.defects.catalogue.tickets.shape import shape
from mockserver.defects.changes.exchange import DETAILED
from mockserver.defects.changes.frequency import (
    CLOSED_ONLY,
    EVERY_20TH,
    ONE_ROW_IN_10,
    OPEN_ONLY,
)
from mockserver.defects.changes.responses import becomes, missing, missing_when, null, renamed
from mockserver.defects.changes.time_formats import epoch, without_time

DEFECTS = (
    shape("messages-missing", "messages", missing, OPEN_ONLY, on=DETAILED),
    shape(
        "messages-wrapped", "messages", becomes(lambda messages: {"data": messages}), on=DETAILED
    ),
    shape("messages-null-every-20th", "messages", null, EVERY_20TH, on=DETAILED),
    shape("message-id-text", "messages[].id", becomes(str), on=DETAILED),
    shape("message-ulid-missing", "messages[].ulid", missing, on=DETAILED),
    shape(
        "message-type-incoming",
        "messages[].type",
        becomes({"inbound": "incoming", "outbound": "outgoing", "note": "note"}.get),
        on=DETAILED,
    ),
    shape("message-body-null", "messages[].body_html", null, ONE_ROW_IN_10, on=DETAILED),
    shape("message-sender-null", "messages[].sender", null, ONE_ROW_IN_10, on=DETAILED),
    shape(
        "message-sender-name-only",
        "messages[].sender",
        becomes(lambda sender: sender["name"]),
        on=DETAILED,
    ),
    shape("message-sender-type-missing", "messages[].sender.type", missing, on=DETAILED),
    shape(
        "message-sender-type-class",
        "messages[].sender.type",
        becomes(lambda kind: f"App\\Models\\{kind.title()}"),
        on=DETAILED,
    ),
    shape(
        "message-sender-email-missing", "messages[].sender.email", missing, CLOSED_ONLY, on=DETAILED
    ),
    shape("message-sender-id-null", "messages[].sender.id", null, ONE_ROW_IN_10, on=DETAILED),
    shape(
        "message-attachments-null-when-none",
        "messages[].attachments",
        becomes(lambda files: files or None),
        on=DETAILED,
    ),
    shape("message-is-forward-number", "messages[].is_forward", becomes(int), on=DETAILED),
    shape("message-created-at-epoch", "messages[].created_at", becomes(epoch), on=DETAILED),
    shape("activities-missing", "activities", missing, on=DETAILED),
    shape(
        "activities-null-when-none",
        "activities",
        becomes(lambda activities: activities or None),
        on=DETAILED,
    ),
    shape("activity-type-renamed", "activities[].type", renamed("event"), on=DETAILED),
    shape("activity-type-null", "activities[].type", null, ONE_ROW_IN_10, on=DETAILED),
    shape(
        "activity-user-id-only", "activities[].user", becomes(lambda user: user["id"]), on=DETAILED
    ),
    shape("activity-user-missing-when-null", "activities[].user", missing_when(None), on=DETAILED),
    shape("activity-user-name-missing", "activities[].user.name", missing, on=DETAILED),
    shape("activity-created-at-day", "activities[].created_at", becomes(without_time), on=DETAILED),
)
