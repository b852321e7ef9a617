"""Behaviors of writes that are not stored, stored elsewhere, or missing in later reads.

A ticket's before-image is its content before its first change.
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
from mockserver.defects.defect import Behavior

STATUSES = ("open", "closed", "spam")
THREAD = ("messages", "activities")


def write(exchange: Exchange, operation: str, ticket: object, body: Any) -> Reply:
    """Send an additional write to the mock."""
    noun = "status" if operation == STATUS else "assignee"
    request = exchange.request.with_path(f"/api/tickets/{ticket}/{noun}").with_method("PUT")
    return exchange.send(request.with_json(body))


def set_status(exchange: Exchange, ticket: object, status: str) -> Reply:
    return write(exchange, STATUS, ticket, {"status": status})


def set_assignee(exchange: Exchange, ticket: object, user: dict[str, Any] | None) -> Reply:
    return write(exchange, ASSIGNEE, ticket, {"user_id": user and user["id"]})


def pretended(exchange: Exchange) -> Reply | None:
    """Return the response to a write without storing it, None if it might be invalid."""
    ticket = exchange.ticket(exchange.request.ticket)
    body = exchange.request.json
    if ticket is None or not isinstance(body, dict):
        return None
    if exchange.request.operation == STATUS:
        return _pretended(exchange, ticket, "status", body.get("status"), STATUSES)
    users = {None: None} | {user["id"]: user for user in _users(exchange)}
    if "user_id" not in body or type(body["user_id"]) not in (int, type(None)):
        return None
    wanted = body["user_id"]
    return _pretended(exchange, ticket, "assignee", users.get(wanted, wanted), users.values())


def not_stored(exchange: Exchange) -> Reply:
    return pretended(exchange) or exchange.send()


def only_pretended_when(condition: Callable[[Exchange], bool]) -> Behavior:
    def behavior(exchange: Exchange) -> Reply:
        return not_stored(exchange) if condition(exchange) else exchange.send()

    return behavior


def and_then(after: Callable[[Exchange, Row], Reply | None]) -> Behavior:
    """Store a write, then call `after` with the ticket as it was before."""

    def behavior(exchange: Exchange) -> Reply:
        before = exchange.ticket(exchange.request.ticket)
        reply = exchange.send()
        return (before and reply.good and after(exchange, before)) or reply

    return behavior


def answer(exchange: Exchange, ticket: Row) -> Reply:
    """Return the response to a write that contains this ticket."""
    shown = exchange.get(f"/api/tickets/{ticket['id']}")
    return shown.with_json({"ticket": listed(ticket)})


def listed(ticket: Row) -> Row:
    return {name: value for name, value in ticket.items() if name not in THREAD}


def with_images(behavior: Callable[[Exchange, dict[Any, Row]], Reply]) -> Behavior:
    """Behavior while reading, knowing the before-images of changed tickets by their id.

    For a defect on writes and the reads it spoils: a write itself stays honest.
    """

    def remembered(exchange: Exchange) -> Reply:
        images: dict[Any, Row] = exchange.state.kept
        if exchange.request.operation not in WRITES:
            return behavior(exchange, images)
        before = exchange.ticket(exchange.request.ticket)
        reply = exchange.send()
        if before and reply.good and _moved(before, exchange.ticket(before["id"])):
            images.setdefault(before["id"], before)
        return reply

    return remembered


def after_write(change: Callable[[Row, Row], object]) -> Behavior:
    """Change every written ticket in later reads in place; `change` gets its before-image."""

    def behavior(exchange: Exchange, images: dict[Any, Row]) -> Reply:
        def amend(value: Any) -> Any:
            for row in tickets(value):
                if row["id"] in images:
                    change(row, images[row["id"]])
            return value

        return amended(exchange.send(), amend)

    return with_images(behavior)


def as_before(*names: str) -> Behavior:
    """Return the given fields of a changed ticket, or all, as they were before."""

    def change(row: Row, before: Row) -> None:
        row.update({name: before[name] for name in names or row})

    return after_write(change)


def list_outdated(
    select: Callable[[Exchange, dict[Any, Row]], list[Row] | None],
) -> Behavior:
    """Select or order the tickets of lists by before-images."""
    return with_images(
        lambda exchange, images: listing(lambda seen: select(seen, images))(exchange)
    )


def _pretended(
    exchange: Exchange, ticket: Row, name: str, value: Any, allowed: Any
) -> Reply | None:
    return answer(exchange, ticket | {name: value}) if value in allowed else None


def _users(exchange: Exchange) -> list[Row]:
    """Return the users that are assignees."""
    everything = exchange.request.with_method("GET").with_path("/api/tickets")
    return [row["assignee"] for row in exchange.rows(everything) if row["assignee"]]


def _moved(before: Row, after: Row | None) -> bool:
    return after is not None and after != before
