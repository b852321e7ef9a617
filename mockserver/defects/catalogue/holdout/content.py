"""Defects of what a response contains: types, times, encodings, and list against detail."""

from html import escape

from mockserver.defects.catalogue.errors.damage import damaged
from mockserver.defects.catalogue.second.content import detailed, listed, read, success_as, text
from mockserver.defects.changes.exchange import Row
from mockserver.defects.changes.frequency import ONE_ROW_IN_30
from mockserver.defects.changes.responses import each, field, missing_when


def old_contact(row: Row) -> None:
    """A copy of the contact's name that later changes did not reach."""
    row["contact"]["name"] = (row["contact"]["name"] or "").partition(" ")[0]


DEFECTS = (
    read("assignee-id-text", "ticket.assignee", text("assignee.id", str)),
    detailed(
        "message-attachments-missing-when-none",
        "detail.messages",
        field("messages[].attachments", missing_when([])),
    ),
    detailed(
        "sender-avatar-missing-when-null",
        "detail.messages",
        field("messages[].sender.avatar_url", missing_when(None)),
    ),
    read("preview-escaped", "detail.preview", text("latest_message_preview", escape)),
    listed("list-contact-first-name-for-some", "detail.agrees", each(old_contact), ONE_ROW_IN_30),
    read("json-with-timing-comment", "answer.json", damaged(lambda body: body + b"<!-- 12 ms -->")),
    listed("list-206", "list.answer", success_as(206)),
)
