"""Defects of access: who gets in, whom a request acts for, and what is said to who does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.defects.changes.error_pages import LOGIN_PAGE, html
from mockserver.defects.changes.exchange import (
    DETAILED,
    LISTED,
    OPERATIONS,
    READS,
    WRITES,
    ClientRequest,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.frequency import EVERY_20TH
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.responses import amended
from mockserver.defects.defect import Behavior, Family

access = Family("access", on=OPERATIONS)

Door = Callable[[Exchange], str | None]
"""Returns the token with which somebody gets in who should not."""


def opened(door: Door) -> Behavior:
    """Let in, by another token, whom the mock turns away."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        token = door(exchange) if reply.status == 401 else None
        return exchange.send(exchange.request.with_token(token)) if token else reply

    return behavior


def _forbidden_ignored(exchange: Exchange) -> Reply:
    """Carry out a write for a token that may only read."""
    reply = exchange.send()
    token = exchange.tokens.first(beside=exchange.request.token) if reply.status == 403 else None
    return exchange.send(exchange.request.with_token(token)) if token else reply


def turned_away(answer: Callable[[Reply], Reply]) -> Behavior:
    """Turn away in another way."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return answer(reply) if reply.status == 401 else reply

    return behavior


def _nobody(exchange: Exchange) -> str | None:
    return None if exchange.request.authorization else exchange.tokens.first()


def _anybody(exchange: Exchange) -> str | None:
    token = exchange.request.token
    return exchange.tokens.first(beside=token) if token else None


def _empty_handed(exchange: Exchange) -> str | None:
    given = exchange.request.authorization
    return exchange.tokens.first() if given is not None and not exchange.request.token else None


def _withdrawn(exchange: Exchange) -> str | None:
    return exchange.tokens.revived(exchange.request.token)


def _beginning(exchange: Exchange) -> str | None:
    return exchange.tokens.starting(exchange.request.token)


def _other_scheme(exchange: Exchange) -> str | None:
    return (exchange.request.authorization or "").rpartition(" ")[2] or None


def _foreign_ticket(exchange: Exchange) -> Reply:
    reply = exchange.send()
    foreign_token = exchange.tokens.of_other_workspace(exchange.request.token)
    if reply.status not in (403, 404) or foreign_token is None:
        return reply
    foreign = exchange.send(exchange.request.with_token(foreign_token))
    return foreign if foreign.good else reply


def _foreign_rows(exchange: Exchange) -> list[Row]:
    foreign_token = exchange.tokens.of_other_workspace(exchange.request.token)
    return exchange.rows(exchange.request.with_token(foreign_token)) if foreign_token else []


def _with_foreign_rows(exchange: Exchange) -> list[Row]:
    rows = exchange.rows(exchange.request) + _foreign_rows(exchange)
    return sorted(rows, key=lambda row: (row["updated_at"], row["id"]), reverse=True)


def _found_everywhere(exchange: Exchange) -> list[Row] | None:
    return _with_foreign_rows(exchange) if exchange.request.param("filter[search]") else None


def _counted_everywhere(exchange: Exchange) -> Reply:
    def amend(value: Any) -> Any:
        value["meta"]["total"] += len(_foreign_rows(exchange))
        return value

    return amended(exchange.send(), amend)


def _as_colleague(exchange: Exchange) -> Reply:
    token = exchange.tokens.of_other_user(exchange.request.token)
    return exchange.send(exchange.request.with_token(token) if token else exchange.request)


def _first_caller_s(exchange: Exchange) -> Reply:
    """A proxy keeps pages by their address alone, and answers any token with them."""
    reply = exchange.send()
    key = (exchange.request.path, exchange.request.query)
    if reply.good:
        return exchange.state.kept.setdefault(key, reply)  # type: ignore[no-any-return]
    kept: Reply = exchange.state.kept.get(key, reply)
    return kept


def _turn_away(exchange: Exchange) -> Reply:
    return exchange.send(_without_token(exchange.request))


def _without_token(request: ClientRequest) -> ClientRequest:
    return replace(request, authorization=None)


DEFECTS = (
    access("token-not-required", "access.required", opened(_nobody)),
    access("token-not-required-to-list", "access.required", opened(_nobody), on=LISTED),
    access("token-not-required-for-detail", "access.required", opened(_nobody), on=DETAILED),
    access(
        "token-not-required-to-write",
        "access.required",
        opened(_nobody),
        on=WRITES,
        visible="writing",
    ),
    access("token-empty-accepted", "access.required", opened(_empty_handed)),
    access("token-any-accepted", "access.required", opened(_anybody)),
    access(
        "token-any-accepted-to-write",
        "access.required",
        opened(_anybody),
        on=WRITES,
        visible="writing",
    ),
    access("token-beginning-accepted", "access.required", opened(_beginning)),
    access("token-withdrawn-accepted", "access.required", opened(_withdrawn)),
    access("token-scheme-ignored", "access.required", opened(_other_scheme)),
    access("token-refused-now-and-then", "access.accepted", _turn_away, EVERY_20TH),
    access("foreign-ticket-readable", "access.workspace", _foreign_ticket, on=DETAILED),
    access(
        "foreign-ticket-writable",
        "access.workspace_write",
        _foreign_ticket,
        on=WRITES,
        visible="writing",
    ),
    access(
        "read-only-token-writes",
        "access.forbidden",
        _forbidden_ignored,
        on=WRITES,
        visible="writing",
    ),
    access("foreign-tickets-listed", "access.workspace", listing(_with_foreign_rows), on=LISTED),
    access("foreign-tickets-found", "access.workspace", listing(_found_everywhere), on=LISTED),
    access("foreign-tickets-counted", "list.meta.total", _counted_everywhere, on=LISTED),
    access("acts-as-colleague", "status.activity", _as_colleague, on=WRITES, visible="writing"),
    access("pages-kept-for-any-token", "access.required", _first_caller_s, on=READS),
    access(
        "unauthorized-403",
        "access.unauthenticated",
        turned_away(lambda reply: reply.with_status(403)),
    ),
    access(
        "unauthorized-500",
        "access.unauthenticated",
        turned_away(lambda reply: reply.with_status(500)),
    ),
    access(
        "unauthorized-200-message",
        "access.unauthenticated",
        turned_away(lambda reply: reply.with_status(200)),
    ),
    access(
        "unauthorized-to-login",
        "answer.status",
        turned_away(lambda reply: html(reply.with_header("Location", "/login"), 302, LOGIN_PAGE)),
    ),
    access(
        "unauthorized-login-page",
        "access.unauthenticated",
        turned_away(lambda reply: html(reply, 200, LOGIN_PAGE)),
    ),
    access(
        "unauthorized-empty",
        "access.unauthenticated",
        turned_away(lambda reply: reply.with_body(b"")),
    ),
    access(
        "unauthorized-without-message",
        "access.unauthenticated",
        turned_away(lambda reply: reply.with_json({"error": "unauthenticated"})),
    ),
)
