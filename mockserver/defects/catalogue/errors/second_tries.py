"""Defects of a refusal that only the first of several equal requests gets."""

from collections.abc import Callable
from dataclasses import replace

from mockserver.defects.changes.exchange import READS, WRITES, Exchange, Reply
from mockserver.defects.changes.writes import answer
from mockserver.defects.defect import Behavior, Family

reads = Family("retries", on=READS)
writes = Family("retries", on=WRITES, visible="writing")

Accept = Callable[[Exchange], Reply | None]


def second_try(status: int, accept: Accept) -> Behavior:
    """Accept what is refused with this status, when the same request was refused before."""

    def behavior(exchange: Exchange) -> Reply:
        request, reply = exchange.request, exchange.send()
        if reply.status != status:
            return reply
        tried = exchange.state.kept.setdefault("tried", set())
        this = (request.authorization, request.path, request.query, request.body)
        if this not in tried:
            tried.add(this)
            return reply
        return accept(exchange) or reply

    return behavior


def _as_first_user(exchange: Exchange) -> Reply | None:
    token = exchange.tokens.first(beside=exchange.request.token)
    return exchange.send(exchange.request.with_token(token)) if token else None


def _without_token(exchange: Exchange) -> Reply | None:
    return None if exchange.request.authorization else _as_first_user(exchange)


def _unchanged(exchange: Exchange) -> Reply | None:
    ticket = exchange.ticket(exchange.request.ticket)
    return answer(exchange, ticket) if ticket else None


def _unread_body(exchange: Exchange) -> Reply | None:
    return _unchanged(exchange) if exchange.request.json is None else None


def _field(name: str) -> Accept:
    return lambda exchange: _unchanged(exchange) if name in exchange.request.fields else None


def _closing(exchange: Exchange) -> Reply | None:
    """Carry out another write in place of the invalid one."""
    if "status" not in exchange.request.fields:
        return None
    return exchange.send(replace(exchange.request, body=b'{"status": "closed"}'))


DEFECTS = (
    reads("second-try-without-token", "access.required", second_try(401, _without_token)),
    writes("second-write-without-token", "access.required", second_try(401, _without_token)),
    writes("second-read-only-write", "access.forbidden", second_try(403, _as_first_user)),
    writes("second-unknown-status", "status.refused", second_try(422, _field("status"))),
    writes("second-unknown-status-closes", "status.refused", second_try(422, _closing)),
    writes("second-unknown-user", "assignee.refused", second_try(422, _field("user_id"))),
    writes("second-malformed-body", "update.malformed", second_try(422, _unread_body)),
)
