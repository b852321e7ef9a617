"""Behaviors of writes with values that are nearly right, and words of a refusal."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.conditions import Condition
from mockserver.defects.changes.exchange import Exchange, Reply, Row
from mockserver.defects.changes.write_bodies import accepting
from mockserver.defects.changes.writes import answer, set_assignee, set_status
from mockserver.defects.defect import Behavior

Fits = Callable[[Any], Any]


def status_read(fits: Fits, read: Callable[[Any], str]) -> Behavior:
    """Read a status out of an invalid value that fits, and store it."""

    def store(exchange: Exchange, ticket: Row) -> Reply:
        return set_status(exchange, ticket["id"], read(exchange.request.fields["status"]))

    return accepting(lambda given: "status" in given and fits(given["status"]), store)


def user_read(fits: Fits, read: Callable[[Any], int | None]) -> Behavior:
    """Read a user out of an invalid value that fits; the mock refuses one that is none."""

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
