"""Defects of what else a change does, or does not."""

from mockserver.defects.catalogue.second.effects import TO_ASSIGNEE, effects, writes
from mockserver.defects.changes.exchange import Exchange, Row
from mockserver.defects.changes.writes import after_write, and_then, set_assignee


def note_added(row: Row, _: Row) -> None:
    if row.get("messages"):
        last = row["messages"][-1]
        row["messages"].append(
            last | {"id": last["id"] + 1, "type": "note", "body_html": "<p>Closed</p>"}
        )


def other_unassigned(exchange: Exchange, before: Row) -> None:
    """A user has one ticket at a time: an older one becomes free."""
    user = exchange.request.fields.get("user_id")
    page = exchange.get("/api/tickets", [("per_page", "100")])
    mine = [r for r in page.json["data"] if r["assignee"] and r["assignee"]["id"] == user]
    others = [row["id"] for row in mine if row["id"] != before["id"]]
    if user is not None and others:
        set_assignee(exchange, others[-1], None)


DEFECTS = (
    writes(
        "assignee-loses-older-ticket", "update.alone", and_then(other_unassigned), on=TO_ASSIGNEE
    ),
    effects("note-added-on-change", "update.alone", after_write(note_added)),
    effects(
        "channel-reset-on-change",
        "update.alone",
        after_write(lambda row, _: row["channel"].update(id=1, name="Support")),
    ),
)
