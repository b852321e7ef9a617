"""Defects of what else a change does, or does not."""

from collections.abc import Callable

from mockserver.defects.changes.exchange import (
    ASSIGNEE,
    LISTED,
    OPERATIONS,
    STATUS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.frequency import AFTER_A_CHANGE
from mockserver.defects.changes.writes import (
    after_write,
    and_then,
    only_pretended_when,
    set_status,
)
from mockserver.defects.defect import Family

TO_STATUS = frozenset({STATUS})
TO_ASSIGNEE = frozenset({ASSIGNEE})
LISTS = LISTED | WRITES
effects = Family("effects", on=OPERATIONS, visible="writing", rarity=AFTER_A_CHANGE)
writes = Family("effects", on=WRITES, visible="writing")


def all_where(same: Callable[[Row, Row], object]) -> Callable[[Exchange, Row], None]:
    """Make the same change to the other tickets of the newest page that are alike."""

    def after(exchange: Exchange, before: Row) -> None:
        page = exchange.get("/api/tickets", [("per_page", "100")])
        others = [row for row in page.json["data"] if row["id"] != before["id"]]
        for row in [row for row in others if same(row, before)]:
            repeat(exchange, row["id"])

    return after


def repeat(exchange: Exchange, ticket: object) -> None:
    """Send the same body, JSON or a form, for another ticket."""
    path = exchange.request.path.replace(exchange.request.ticket, str(ticket), 1)
    exchange.send(exchange.request.with_path(path))


def third_in_a_row(exchange: Exchange) -> bool:
    kept = exchange.state.kept
    same = kept.get("ticket") == exchange.request.ticket
    kept["ticket"] = exchange.request.ticket
    kept["count"] = kept.get("count", 0) + 1 if same else 1
    return bool(kept["count"] % 3 == 0)


def back_to_first(exchange: Exchange) -> bool:
    """Whether a write restores what the ticket had at first."""
    ticket = exchange.ticket(exchange.request.ticket)
    if ticket is None:
        return False
    first = exchange.state.kept.setdefault(ticket["id"], ticket)
    wanted = exchange.request.fields.get("status")
    return ticket is not first and first["status"] == wanted != ticket["status"]


def status_after_spam(exchange: Exchange, before: Row) -> Reply | None:
    if before["status"] != "spam" or exchange.request.fields.get("status") != "open":
        return None
    return set_status(exchange, before["id"], "closed")


def with_note(status: str, note: str) -> Callable[[Row, Row], None]:
    def change(row: Row, _: Row) -> None:
        if row["status"] == status:
            row["subject"] = f"{note} {row['subject']}"

    return change


DEFECTS = (
    writes(
        "status-of-contact-changes",
        "update.alone",
        and_then(all_where(lambda row, before: row["contact"]["id"] == before["contact"]["id"])),
        on=TO_STATUS,
    ),
    writes(
        "status-of-same-subject-changes",
        "update.alone",
        and_then(all_where(lambda row, before: row["subject"][:12] == before["subject"][:12])),
        on=TO_STATUS,
    ),
    writes(
        "assignee-of-channel-changes",
        "update.alone",
        and_then(
            all_where(
                lambda row, before: row["assignee"] is None and row["channel"] == before["channel"]
            )
        ),
        on=TO_ASSIGNEE,
    ),
    writes("third-write-in-a-row-lost", "status.stored", only_pretended_when(third_in_a_row)),
    writes(
        "back-to-first-status-lost",
        "status.stored",
        only_pretended_when(back_to_first),
        on=TO_STATUS,
    ),
    writes("reopened-spam-is-closed", "status.stored", and_then(status_after_spam), on=TO_STATUS),
    effects("spam-marked-in-subject", "update.alone", after_write(with_note("spam", "[SPAM]"))),
    effects(
        "closed-marked-in-subject",
        "update.alone",
        after_write(with_note("closed", "[Closed]")),
        on=LISTS,
    ),
    effects(
        "preview-tells-change",
        "update.alone",
        after_write(lambda row, _: row.update(latest_message_preview="Status changed")),
    ),
    effects(
        "contact-is-assignee",
        "update.alone",
        after_write(
            lambda row, _: row["assignee"] and row["contact"].update(name=row["assignee"]["name"])
        ),
    ),
    effects(
        "summary-lost-on-change",
        "update.alone",
        after_write(lambda row, _: row.update(summary=None)),
    ),
    effects(
        "attachments-lost-on-change",
        "update.alone",
        after_write(lambda row, _: [m.update(attachments=[]) for m in row.get("messages", ())]),
    ),
)
