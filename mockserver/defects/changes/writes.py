"""Lies about writes: not carried out, carried out elsewhere, forgotten or misread later.

A ticket's before-image is what the honest app showed just before its first change.
"""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import (
    ASSIGNEE,
    STATUS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.responses import amended, tickets
from mockserver.defects.defect import Lie

STATUSES = ("open", "closed", "spam")
THREAD = ("messages", "activities")

Remember = Callable[[Exchange, Row], Row | None]


def write(exchange: Exchange, operation: str, ticket: object, body: Any) -> Reply:
    """Have the honest app carry out a write of our own."""
    noun = "status" if operation == STATUS else "assignee"
    request = exchange.ask.with_path(f"/api/tickets/{ticket}/{noun}").with_method("PUT")
    return exchange.send(request.with_json(body))


def set_status(exchange: Exchange, ticket: object, status: str) -> Reply:
    return write(exchange, STATUS, ticket, {"status": status})


def set_assignee(exchange: Exchange, ticket: object, user: dict[str, Any] | None) -> Reply:
    return write(exchange, ASSIGNEE, ticket, {"user_id": user and user["id"]})


def pretended(exchange: Exchange) -> Reply | None:
    """Return the answer to a write without carrying it out; None: it might be refused."""
    ticket = exchange.ticket(exchange.ask.ticket)
    body = exchange.ask.json
    if ticket is None or not isinstance(body, dict):
        return None
    if exchange.ask.operation == STATUS:
        return _pretended(exchange, ticket, "status", body.get("status"), STATUSES)
    users = {None: None} | {user["id"]: user for user in _users(exchange)}
    if "user_id" not in body or type(body["user_id"]) not in (int, type(None)):
        return None
    wanted = body["user_id"]
    return _pretended(exchange, ticket, "assignee", users.get(wanted, wanted), users.values())


def not_stored(exchange: Exchange) -> Reply:
    return pretended(exchange) or exchange.send()


def only_pretended_when(condition: Callable[[Exchange], bool]) -> Lie:
    def lie(exchange: Exchange) -> Reply:
        return not_stored(exchange) if condition(exchange) else exchange.send()

    return lie


def and_then(after: Callable[[Exchange, Row], Reply | None]) -> Lie:
    """Carry a write out, and then do something else; `after` gets the ticket as it was."""

    def lie(exchange: Exchange) -> Reply:
        before = exchange.ticket(exchange.ask.ticket)
        reply = exchange.send()
        return (before and reply.good and after(exchange, before)) or reply

    return lie


def answer(exchange: Exchange, ticket: Row) -> Reply:
    """Return the answer to a write that shows this ticket."""
    shown = exchange.get(f"/api/tickets/{ticket['id']}")
    return shown.with_json({"ticket": listed(ticket)})


def listed(ticket: Row) -> Row:
    return {name: value for name, value in ticket.items() if name not in THREAD}


def remembering(lie: Callable[[Exchange, dict[Any, Row]], Reply]) -> Lie:
    """Lie while reading, knowing the before-images of changed tickets by their id.

    For a defect on writes and the reads it spoils: a write itself stays honest.
    """

    def remembered(exchange: Exchange) -> Reply:
        images: dict[Any, Row] = exchange.memory.kept
        if exchange.ask.operation not in WRITES:
            return lie(exchange, images)
        before = exchange.ticket(exchange.ask.ticket)
        reply = exchange.send()
        if before and reply.good and _moved(before, exchange.ticket(before["id"])):
            images.setdefault(before["id"], before)
        return reply

    return remembered


def spoiling(change: Callable[[Row, Row], object]) -> Lie:
    """Change, in place, every changed ticket where it is read; `change` gets its before-image."""

    def lie(exchange: Exchange, images: dict[Any, Row]) -> Reply:
        def amend(value: Any) -> Any:
            for row in tickets(value):
                if row["id"] in images:
                    change(row, images[row["id"]])
            return value

        return amended(exchange.send(), amend)

    return remembering(lie)


def as_before(*names: str) -> Lie:
    """Show some fields of a changed ticket, all when none is named, as they were."""

    def change(row: Row, before: Row) -> None:
        row.update({name: before[name] for name in names or row})

    return spoiling(change)


def misplacing(select: Callable[[Exchange, dict[Any, Row]], list[Row] | None]) -> Lie:
    """Choose or order the tickets of lists by before-images."""
    return remembering(
        lambda exchange, images: listing(lambda seen: select(seen, images))(exchange)
    )


def _pretended(
    exchange: Exchange, ticket: Row, name: str, value: Any, allowed: Any
) -> Reply | None:
    return answer(exchange, ticket | {name: value}) if value in allowed else None


def _users(exchange: Exchange) -> list[Row]:
    """Return the members who have a ticket to answer for."""
    everything = exchange.ask.with_method("GET").with_path("/api/tickets")
    return [row["assignee"] for row in exchange.rows(everything) if row["assignee"]]


def _moved(before: Row, after: Row | None) -> bool:
    return after is not None and after != before
