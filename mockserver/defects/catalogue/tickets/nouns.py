"""Defects of what a ticket carries: its channel, assignee, contact and tags."""

from typing import Any

from mockserver.defects.catalogue.tickets.shape import shape
from mockserver.defects.changes.exchange import DETAILED, LISTED, OPERATIONS, WRITES
from mockserver.defects.changes.frequency import (
    ASSIGNED_ONLY,
    CLOSED_ONLY,
    ONE_ROW_IN_30,
    OPEN_ONLY,
    PAGE_2_ON,
    SPAM_ONLY,
    TAGGED_ONLY,
    UNASSIGNED_ONLY,
    UNTAGGED_ONLY,
)
from mockserver.defects.changes.responses import (
    becomes,
    missing,
    missing_when,
    null,
    null_becomes,
    renamed,
)


def _by_position(values: list[Any]) -> dict[str, Any]:
    """A list as PHP writes it once its keys have gaps."""
    return {str(number): value for number, value in enumerate(values, 1)}


def _flattened(holder: dict[str, Any], noun: str) -> None:
    for name, value in holder.pop(noun).items():
        holder[f"{noun}_{name}"] = value


DEFECTS = (
    shape("channel-flat", "channel", _flattened, on=LISTED),
    shape("channel-missing", "channel", missing, on=DETAILED),
    shape("channel-null", "channel", null, ONE_ROW_IN_30),
    shape("channel-id-text", "channel.id", becomes(str)),
    shape("channel-name-missing", "channel.name", missing, OPEN_ONLY),
    shape("channel-color-without-hash", "channel.color", becomes(lambda color: color.lstrip("#"))),
    shape("channel-color-missing", "channel.color", missing, PAGE_2_ON, on=LISTED),
    shape(
        "assignee-id-only", "assignee", becomes(lambda user: user["id"]), ASSIGNED_ONLY, on=LISTED
    ),
    shape("assignee-list", "assignee", becomes(lambda user: [user]), ASSIGNED_ONLY, on=DETAILED),
    shape("assignee-empty-list-when-unassigned", "assignee", null_becomes([]), UNASSIGNED_ONLY),
    shape(
        "assignee-missing-when-unassigned",
        "assignee",
        missing_when(None),
        UNASSIGNED_ONLY,
        on=OPERATIONS,
    ),
    shape("assignee-timezone-missing", "assignee.timezone", missing, ASSIGNED_ONLY),
    shape("assignee-email-null", "assignee.email", null, ASSIGNED_ONLY),
    shape("assignee-avatar-renamed", "assignee.avatar_url", renamed("avatar"), ASSIGNED_ONLY),
    shape(
        "assignee-name-parts",
        "assignee.name",
        becomes(lambda name: {"full": name}),
        ASSIGNED_ONLY,
        on=WRITES,
        visible="writing",
    ),
    shape("contact-renamed", "contact", renamed("customer")),
    shape("contact-missing", "contact", missing, SPAM_ONLY),
    shape("contact-wrapped", "contact", becomes(lambda contact: {"data": contact}), on=DETAILED),
    shape("contact-ulid-missing", "contact.ulid", missing),
    shape("contact-email-null", "contact.email", null, ONE_ROW_IN_30),
    shape("contact-id-text", "contact.id", becomes(str), CLOSED_ONLY),
    shape("contact-avatar-false", "contact.avatar_url", null_becomes(value=False)),
    shape("tags-by-position", "tags", becomes(_by_position), TAGGED_ONLY),
    shape(
        "tags-names-only", "tags", becomes(lambda tags: [tag["name"] for tag in tags]), TAGGED_ONLY
    ),
    shape("tags-null-when-none", "tags", becomes(lambda tags: tags or None), UNTAGGED_ONLY),
    shape("tags-missing-when-none", "tags", missing_when([]), UNTAGGED_ONLY, on=LISTED),
    shape("tag-color-missing", "tags[].color", missing, TAGGED_ONLY),
    shape("tag-ulid-null", "tags[].ulid", null, TAGGED_ONLY),
    shape("tag-name-renamed", "tags[].name", renamed("label"), TAGGED_ONLY),
    shape("tag-id-missing", "tags[].id", missing, TAGGED_ONLY, on=DETAILED),
)
