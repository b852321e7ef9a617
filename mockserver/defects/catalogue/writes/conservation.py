"""Defects of conservation: tickets, messages, log entries and times that get lost or come back."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.conditions import after, when
from mockserver.defects.changes.exchange import (
    DETAIL,
    DETAILED,
    LISTED,
    OPERATIONS,
    READS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.frequency import AFTER_A_CHANGE, ONE_ROW_IN_30
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.responses import amended, each, tickets
from mockserver.defects.changes.writes import with_images
from mockserver.defects.defect import Behavior, Family

Change = Callable[[Row], object]
Images = dict[Any, Row]
_COPIED = 1_000_000
"""How far the id of a copy is above that of its original."""

reading = Family("memory", on=OPERATIONS)
writing = Family("memory", on=OPERATIONS, visible="writing", rarity=AFTER_A_CHANGE)
refusing = Family("update", on=OPERATIONS, visible="writing")


def copying(change: Change) -> Behavior:
    """Show a second ticket beside each changed one, in lists and when it is read."""

    def behavior(exchange: Exchange, images: Images) -> Reply:
        if exchange.request.operation == DETAIL:
            return _copy_read(exchange, images, change)
        if not images:
            return exchange.send()
        return listing(lambda each: _with_copies(each, images, change))(exchange)

    return with_images(behavior)


def _copy_read(exchange: Exchange, images: Images, change: Change) -> Reply:
    asked = exchange.request.ticket
    original = int(asked) - _COPIED if asked.isdecimal() and len(asked) < 10 else 0
    if original not in images:
        return exchange.send()
    reply = exchange.get(f"/api/tickets/{original}")
    return amended(reply, lambda value: {"ticket": _copy(value["ticket"], change)})


def _with_copies(exchange: Exchange, images: Images, change: Change) -> list[Row]:
    rows = exchange.rows(exchange.request)
    return [
        shown
        for row in rows
        for shown in ((row, _copy(row, change)) if row["id"] in images else (row,))
    ]


def _copy(row: Row, change: Change) -> Row:
    ulid = row["ulid"]
    made = row | {"id": row["id"] + _COPIED, "ulid": f"{ulid[:-2]}ZZ"}
    change(made)
    return made


def _renamed(row: Row) -> None:
    row["subject"] = f"Fwd: {row['subject']}"


def _neighbor_is_gone(exchange: Exchange, images: Images) -> Reply:
    """A write removes the ticket with the next smaller id from the index of the lists."""
    if exchange.request.operation == DETAIL or not images:
        return exchange.send()
    lost = {id - 1 for id in images}
    return listing(lambda each: [r for r in each.rows(each.request) if r["id"] not in lost])(
        exchange
    )


def _lost_late(exchange: Exchange) -> list[Row]:
    everything = exchange.rows(exchange.request)
    return [row for row in everything if row["id"] % 60 != 7]


def after_refusal(change: Change) -> Behavior:
    """Change each ticket of which a write was refused with 422, from then on."""
    return _marking(lambda _, reply: reply.status == 422, change)


def after_same_value(change: Change) -> Behavior:
    """Change each ticket to which a status was written that it has already, from then on."""

    def is_same(exchange: Exchange, reply: Reply) -> bool:
        return reply.good and exchange.state.kept["before"] == exchange.request.fields.get("status")

    return _marking(is_same, change)


def _marking(marks: Callable[[Exchange, Reply], bool], change: Change) -> Behavior:
    def behavior(exchange: Exchange) -> Reply:
        kept = exchange.state.kept
        marked = kept.setdefault("marked", set())
        if exchange.request.operation not in WRITES:
            return amended(exchange.send(), lambda value: _changed(value, marked, change))
        before = exchange.ticket(exchange.request.ticket)
        kept["before"] = before and before["status"]
        reply = exchange.send()
        if before and marks(exchange, reply):
            marked.add(before["id"])
        return reply

    return behavior


def _changed(value: Any, marked: set[Any], change: Change) -> Any:
    for row in tickets(value):
        if row["id"] in marked:
            change(row)
    return value


def _back_to_creation(row: Row) -> None:
    row["updated_at"] = row["created_at"]


def _without_last_entry(row: Row) -> None:
    if "activities" in row:
        row["activities"] = row["activities"][:-1]


def _without_first_message(row: Row) -> None:
    if len(row.get("messages", ())) > 1:
        row["messages"] = row["messages"][1:]


def _without_last_message(row: Row) -> None:
    if "messages" in row:
        row["messages"] = row["messages"][:-1]


def _without_log(row: Row) -> None:
    row["activities"] = []


def _spam_not_counted(exchange: Exchange) -> Reply:
    """The total of everything comes from a count of what is not spam."""
    if any(name.startswith("filter") for name, _ in exchange.request.query):
        return exchange.send()
    spam = exchange.send(exchange.request.with_param("filter[status]", "spam"))

    def amend(value: Any) -> Any:
        value["meta"]["total"] -= spam.json["meta"]["total"]
        return value

    return amended(exchange.send(), amend) if spam.good else exchange.send()


DEFECTS = (
    writing("write-leaves-copy", "update.alone", copying(lambda _: None)),
    writing("write-makes-old-ticket", "update.alone", copying(_renamed)),
    writing("write-unlists-neighbor", "list.paginated", with_images(_neighbor_is_gone)),
    refusing("refusal-sets-updated-at-back", "ticket.updated_at", after_refusal(_back_to_creation)),
    refusing("refusal-shortens-log", "detail.activities", after_refusal(_without_last_entry)),
    refusing("refusal-drops-message", "detail.messages", after_refusal(_without_last_message)),
    refusing(
        "same-status-sets-updated-at-back",
        "ticket.updated_at",
        after_same_value(_back_to_creation),
    ),
    reading(
        "tickets-unlisted-after-25-requests",
        "list.paginated",
        when(after(25), listing(_lost_late)),
        on=LISTED,
    ),
    reading(
        "messages-archived-after-25-requests",
        "detail.messages",
        when(after(25), each(_without_first_message)),
        on=DETAILED,
    ),
    reading(
        "log-emptied-after-25-requests",
        "detail.activities",
        when(after(25), each(_without_log)),
        on=DETAILED,
    ),
    reading(
        "updated-at-set-back-after-25-requests",
        "ticket.updated_at",
        when(after(25), each(_back_to_creation)),
        ONE_ROW_IN_30,
        on=READS,
    ),
    reading("total-without-spam", "list.meta.total", _spam_not_counted, on=LISTED),
)
