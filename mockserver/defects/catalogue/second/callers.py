"""Defects of who may call: tokens, workspaces, and what a refusal gives away."""

from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from dataclasses import replace

from mockserver.defects.catalogue.errors.access import opened, turned_away
from mockserver.defects.changes.conditions import after, refused, repeated, when
from mockserver.defects.changes.exchange import (
    ASSIGNEE,
    DETAILED,
    LISTED,
    OPERATIONS,
    READS,
    STATUS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.writes import STATUSES
from mockserver.defects.defect import Behavior, Family

callers = Family("callers", on=OPERATIONS)
writers = Family("callers", on=WRITES, visible="writing")
TO_STATUS = frozenset({STATUS})
TO_ASSIGNEE = frozenset({ASSIGNEE})


def with_known(exchange: Exchange) -> Exchange:
    """Return the exchange as the first user with a token would have it."""
    token = exchange.tokens.first(beside=exchange.request.token) or ""
    return replace(exchange, request=exchange.request.with_token(token))


def foreign(exchange: Exchange) -> Reply | None:
    """Return what another workspace's token gets for a ticket that the mock hides."""
    token = exchange.tokens.of_other_workspace(exchange.request.token)
    reply = exchange.send(exchange.request.with_token(token)) if token else None
    return reply if reply and reply.good else None


def hidden(answer: Callable[[Reply, Row], Reply]) -> Behavior:
    """Answer otherwise that a ticket belongs to another workspace."""

    def answered(exchange: Exchange, reply: Reply) -> Reply:
        found = foreign(exchange)
        return answer(reply, found.json["ticket"]) if found else reply

    return refused(404, answered)


def says(status: int, message: str) -> Callable[[Reply], Reply]:
    return lambda reply: reply.with_status(status).with_json({"message": message})


def nobody(exchange: Exchange) -> str | None:
    return None if exchange.request.authorization else exchange.tokens.first()


def anybody(exchange: Exchange) -> str | None:
    token = exchange.request.token
    return exchange.tokens.first(beside=token) if token else None


def cut(exchange: Exchange) -> str | None:
    """A token is compared with the beginning of those that are stored."""
    plain, at, world = exchange.request.token.partition("@")
    known = exchange.tokens.beginning_with(plain) if len(plain) > 2 else None
    return f"{known}{at}{world}" if known else None


def in_query(exchange: Exchange) -> str | None:
    return exchange.request.param("api_token") or exchange.request.param("access_token")


def as_basic_user(exchange: Exchange) -> str | None:
    scheme, _, text = (exchange.request.authorization or "").partition(" ")
    try:
        return b64decode(text).decode().partition(":")[0] if scheme == "Basic" else None
    except (Error, ValueError):
        return None


def withdrawn(exchange: Exchange) -> str | None:
    return exchange.tokens.revived(exchange.request.token)


def empty_list(exchange: Exchange, reply: Reply) -> Reply:
    shown = with_known(exchange)
    rows = shown.get("/api/tickets", [("page", "99999")])
    return rows if rows.good else reply


def with_ticket(exchange: Exchange, reply: Reply) -> Reply:
    ticket = with_known(exchange).ticket(exchange.request.ticket)
    shown = {"id": ticket["id"], "subject": ticket["subject"]} if ticket else None
    return reply.with_json({**reply.json, "ticket": shown}) if shown else reply


def with_total(exchange: Exchange, reply: Reply) -> Reply:
    page = with_known(exchange).get("/api/tickets")
    return reply.with_json({**reply.json, "meta": page.json["meta"]}) if page.good else reply


def checked_first(status: int) -> Behavior:
    """Answer the mistakes of a request before looking at its token."""

    def first(exchange: Exchange, reply: Reply) -> Reply:
        other = with_known(exchange).send()
        return other if other.status == status else reply

    return refused(401, first)


def wrong_status(exchange: Exchange) -> bool:
    """Whether a body is invalid for certain."""
    given = exchange.request.fields.get("status")
    return isinstance(given, str) and given.strip() not in ("", *STATUSES)


def carried_out(status: int, token: Callable[[Exchange], str | None]) -> Behavior:
    """Refuse a write, but carry it out."""

    def first(exchange: Exchange, reply: Reply) -> Reply:
        if given := token(exchange):
            exchange.send(exchange.request.with_token(given))
        return reply

    return refused(status, first)


def known_token(exchange: Exchange) -> str | None:
    return exchange.tokens.first(beside=exchange.request.token)


def token_of_other_workspace(exchange: Exchange) -> str | None:
    return exchange.tokens.of_other_workspace(exchange.request.token)


def turn_away(exchange: Exchange) -> Reply:
    return exchange.send(replace(exchange.request, authorization=None))


def read_only_turned_away(exchange: Exchange) -> Reply:
    reads_only = exchange.tokens.reads_only(exchange.request.token)
    return turn_away(exchange) if reads_only else exchange.send()


def refused_writer(answer: Callable[[Reply], Reply]) -> Behavior:
    return refused(403, lambda _, reply: answer(reply))


DEFECTS = (
    callers("token-cut-accepted", "access.required", opened(cut)),
    callers("token-in-query-accepted", "access.required", opened(in_query), on=READS),
    callers("token-as-basic-user-accepted", "access.required", opened(as_basic_user)),
    writers("token-withdrawn-writes", "access.required", opened(withdrawn)),
    writers("token-not-required-to-assign", "access.required", opened(nobody), on=TO_ASSIGNEE),
    writers("token-not-required-for-status", "access.required", opened(nobody), on=TO_STATUS),
    callers("token-any-lists", "access.required", opened(anybody), on=LISTED),
    callers("token-any-shows", "access.required", opened(anybody), on=DETAILED),
    callers("token-withdrawn-shows", "access.required", opened(withdrawn), on=DETAILED),
    callers(
        "unauthorized-404-for-ticket",
        "access.unauthenticated",
        turned_away(says(404, "Not found.")),
        on=DETAILED,
    ),
    callers("unauthorized-422", "access.unauthenticated", turned_away(says(422, "Token invalid."))),
    callers(
        "unauthorized-empty-list", "access.unauthenticated", refused(401, empty_list), on=LISTED
    ),
    callers(
        "unauthorized-shows-subject", "access.required", refused(401, with_ticket), on=DETAILED
    ),
    callers("unauthorized-shows-total", "access.required", refused(401, with_total), on=LISTED),
    callers("query-checked-before-token", "access.unauthenticated", checked_first(400), on=LISTED),
    writers(
        "body-checked-before-token",
        "access.unauthenticated",
        when(wrong_status, checked_first(422)),
        on=TO_STATUS,
    ),
    callers(
        "foreign-ticket-null",
        "access.workspace",
        hidden(lambda reply, _: reply.with_status(200).with_json({"ticket": None})),
        on=DETAILED,
    ),
    callers(
        "foreign-ticket-without-thread",
        "access.workspace",
        hidden(
            lambda reply, ticket: reply.with_status(200).with_json(
                {"ticket": ticket | {"messages": [], "activities": []}}
            )
        ),
        on=DETAILED,
    ),
    callers(
        "foreign-ticket-500",
        "answer.no_server_error",
        hidden(lambda reply, _: says(500, "Server Error")(reply)),
        on=DETAILED,
    ),
    writers(
        "foreign-write-refused-but-done",
        "access.workspace_write",
        carried_out(404, token_of_other_workspace),
    ),
    writers("unauthorized-write-done", "access.required", carried_out(401, known_token)),
    writers("read-only-write-done", "access.forbidden", carried_out(403, known_token)),
    writers(
        "read-only-assigns",
        "access.forbidden",
        refused(403, lambda exchange, _: with_known(exchange).send()),
        on=TO_ASSIGNEE,
    ),
    writers("read-only-write-404", "access.forbidden", refused_writer(says(404, "Not found."))),
    writers(
        "read-only-write-200-message",
        "access.forbidden",
        refused_writer(lambda reply: reply.with_status(200)),
    ),
    callers("read-only-cannot-read", "access.accepted", read_only_turned_away, on=READS),
    callers("token-refused-second-time", "access.accepted", when(repeated, turn_away), on=READS),
    callers("token-refused-after-25", "access.accepted", when(after(25), turn_away), on=READS),
)
