"""Defects of HEAD requests, which many frameworks answer by code of their own."""

from collections.abc import Callable

from mockserver.defects.changes.conditions import refused, when
from mockserver.defects.changes.exchange import HEAD, Exchange, Reply
from mockserver.defects.defect import Behavior, Family

heads = Family("heads", on=frozenset({HEAD}))


def answered(status: int, *statuses: int) -> Behavior:
    """Answer with another status, in place of any or of these."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return reply.with_status(status) if reply.status in (statuses or (reply.status,)) else reply

    return behavior


def of_ticket(exchange: Exchange) -> bool:
    return exchange.request.path != "/api/tickets"


def typed(content_type: str) -> Callable[[Exchange, Reply], Reply]:
    return lambda _, reply: reply.with_header("Content-Type", content_type)


DEFECTS = (
    heads("head-405", "answer.head", answered(405)),
    heads("head-of-ticket-405", "answer.head", when(of_ticket, answered(405, 200))),
    heads("head-204", "answer.head", answered(204, 200)),
    heads("head-500", "answer.no_server_error", answered(500, 200)),
    heads("head-without-token-200", "answer.head", answered(200, 401)),
    heads("head-of-missing-ticket-200", "answer.head", answered(200, 404)),
    heads("head-as-html", "answer.head", refused(200, typed("text/html; charset=UTF-8"))),
)
