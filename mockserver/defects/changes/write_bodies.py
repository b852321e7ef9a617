"""Behaviors of writes: delayed, applied to another ticket, or with wrong validation."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.conditions import Condition
from mockserver.defects.changes.exchange import STATUS, WRITES, Exchange, Reply, Row
from mockserver.defects.changes.other_tickets import other_ticket
from mockserver.defects.changes.writes import (
    answer,
    pretended,
    set_assignee,
    set_status,
)
from mockserver.defects.defect import Behavior

Fits = Callable[[Any], Any]


def late(requests: int) -> Behavior:
    """Delay writes by a number of requests."""

    def behavior(exchange: Exchange) -> Reply:
        due = exchange.state.kept.setdefault("due", [])
        now = exchange.state.requests
        while due and due[0][0] <= now:
            exchange.send(due.pop(0)[1])
        reply = pretended(exchange) if exchange.request.operation in WRITES else None
        if reply is None:
            return exchange.send()
        due.append((now + requests, exchange.request))
        return reply

    return behavior


def accepting(wrong: Callable[[Any], bool], instead: Callable[[Exchange, Row], Reply]) -> Behavior:
    """Accept some bodies that are invalid."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        given = exchange.request.json
        if reply.status != 422 or not isinstance(given, dict) or not wrong(given):
            return reply
        ticket = exchange.ticket(exchange.request.ticket)
        return instead(exchange, ticket) if ticket else reply

    return behavior


def refusing(valid: Callable[[Row, Any], bool], field: str) -> Behavior:
    """Reject some valid bodies; the ticket is not changed."""

    def behavior(exchange: Exchange) -> Reply:
        ticket = exchange.ticket(exchange.request.ticket)
        if ticket is None or not valid(ticket, exchange.request.fields):
            return exchange.send()
        text = f"The selected {field.replace('_', ' ')} is invalid."
        body = {"message": text, "errors": {field: [text]}}
        return answer(exchange, ticket).with_json(body).with_status(422)

    return behavior


def wants(name: str, value: Any) -> Callable[[Exchange], bool]:
    return lambda exchange: bool(exchange.request.fields.get(name, ...) == value)


def every_second(exchange: Exchange) -> bool:
    kept = exchange.state.kept
    kept["writes"] = kept.get("writes", 0) + 1
    return bool(kept["writes"] % 2 == 0)


def on_other_ticket(exchange: Exchange) -> Reply:
    other = other_ticket(exchange, exchange.request.ticket)
    reply = pretended(exchange)
    if reply is None or other is None:
        return exchange.send()
    noun = "status" if exchange.request.operation == STATUS else "assignee"
    exchange.send(exchange.request.with_path(f"/api/tickets/{other['id']}/{noun}"))
    return reply


def clear_assignee(exchange: Exchange, before: Row) -> Reply | None:
    return set_assignee(exchange, before["id"], None) if before["assignee"] else None


def unchanged(exchange: Exchange, ticket: Row) -> Reply:
    return answer(exchange, ticket)


def status_read(fits: Fits, read: Callable[[Any], str]) -> Behavior:
    """Read a status out of an invalid value that fits, and store it."""

    def store(exchange: Exchange, ticket: Row) -> Reply:
        return set_status(exchange, ticket["id"], read(exchange.request.fields["status"]))

    return accepting(lambda given: "status" in given and fits(given["status"]), store)


def user_read(fits: Fits, read: Callable[[Any], int | None]) -> Behavior:
    """Read a user out of an invalid value that fits; the mock refuses one that does not exist."""

    def store(exchange: Exchange, ticket: Row) -> Reply:
        user = read(exchange.request.fields["user_id"])
        return set_assignee(exchange, ticket["id"], None if user is None else {"id": user})

    return accepting(lambda given: "user_id" in given and fits(given["user_id"]), store)


def text_that(fits: Callable[[str], Any]) -> Fits:
    return lambda given: isinstance(given, str) and bool(fits(given))


def number_that(fits: Callable[[int], Any]) -> Fits:
    return lambda given: type(given) is int and bool(fits(given))


def sends(name: str, *fits: Any) -> Condition:
    """Whether a body has one of these values under a name."""
    return lambda exchange: exchange.request.fields.get(name, ...) in fits


def current(exchange: Exchange) -> Reply | None:
    """Answer with the ticket as it stands, unless there is none."""
    ticket = exchange.ticket(exchange.request.ticket)
    return answer(exchange, ticket) if ticket else None


def refusal(status: int, body: Any) -> Callable[[Exchange, Reply], Reply]:
    return lambda _, reply: reply.with_status(status).with_json(body)
