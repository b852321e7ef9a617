"""Lies about what a write does with its body: late, elsewhere, or against the rules."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import STATUS, WRITES, Exchange, Reply, Row
from mockserver.defects.changes.other_tickets import neighbour
from mockserver.defects.changes.writes import (
    answer,
    pretended,
    set_assignee,
)
from mockserver.defects.defect import Lie


def late(requests: int) -> Lie:
    """Carry writes out only so many requests later."""

    def lie(exchange: Exchange) -> Reply:
        due = exchange.memory.kept.setdefault("due", [])
        now = exchange.memory.requests
        while due and due[0][0] <= now:
            exchange.send(due.pop(0)[1])
        reply = pretended(exchange) if exchange.ask.operation in WRITES else None
        if reply is None:
            return exchange.send()
        due.append((now + requests, exchange.ask))
        return reply

    return lie


def accepting(wrong: Callable[[Any], bool], instead: Callable[[Exchange, Row], Reply]) -> Lie:
    """Accept some bodies that are invalid."""

    def lie(exchange: Exchange) -> Reply:
        reply = exchange.send()
        given = exchange.ask.json
        if reply.status != 422 or not isinstance(given, dict) or not wrong(given):
            return reply
        ticket = exchange.ticket(exchange.ask.ticket)
        return instead(exchange, ticket) if ticket else reply

    return lie


def refusing(valid: Callable[[Row, Any], bool], field: str) -> Lie:
    """Refuse some bodies that are valid; the ticket stays as it is."""

    def lie(exchange: Exchange) -> Reply:
        ticket = exchange.ticket(exchange.ask.ticket)
        if ticket is None or not valid(ticket, exchange.ask.fields):
            return exchange.send()
        text = f"The selected {field.replace('_', ' ')} is invalid."
        refusal = {"message": text, "errors": {field: [text]}}
        return answer(exchange, ticket).with_json(refusal).with_status(422)

    return lie


def wants(name: str, value: Any) -> Callable[[Exchange], bool]:
    return lambda exchange: bool(exchange.ask.fields.get(name, ...) == value)


def every_second(exchange: Exchange) -> bool:
    kept = exchange.memory.kept
    kept["writes"] = kept.get("writes", 0) + 1
    return bool(kept["writes"] % 2 == 0)


def on_other_ticket(exchange: Exchange) -> Reply:
    other = neighbour(exchange, exchange.ask.ticket)
    reply = pretended(exchange)
    if reply is None or other is None:
        return exchange.send()
    noun = "status" if exchange.ask.operation == STATUS else "assignee"
    exchange.send(exchange.ask.with_path(f"/api/tickets/{other['id']}/{noun}"))
    return reply


def clear_assignee(exchange: Exchange, before: Row) -> Reply | None:
    return set_assignee(exchange, before["id"], None) if before["assignee"] else None


def unchanged(exchange: Exchange, ticket: Row) -> Reply:
    return answer(exchange, ticket)
