"""Defects of who may call: tokens, workspaces, and what a refusal gives away."""

from mockserver.defects.catalogue.errors.access import opened, turned_away
from mockserver.defects.catalogue.second.callers import (
    TO_ASSIGNEE,
    anybody,
    callers,
    checked_first,
    hidden,
    refused_writer,
    says,
    with_known,
    writers,
)
from mockserver.defects.changes.conditions import refused
from mockserver.defects.changes.exchange import DETAILED, LISTED, Exchange, Reply, Row
from mockserver.defects.changes.lists import listing


def with_rows(exchange: Exchange, reply: Reply) -> Reply:
    page = with_known(exchange).get("/api/tickets", [("per_page", "1")])
    return reply.with_json({**reply.json, "data": page.json["data"]}) if page.good else reply


def with_foreign_unassigned(exchange: Exchange) -> list[Row] | None:
    """A scope for the workspace is lost in the condition of one filter."""
    token = exchange.tokens.of_other_workspace(exchange.request.token)
    if not token or exchange.request.param("filter[unassigned]") != "true":
        return None
    others = exchange.rows(exchange.request.with_token(token))
    return exchange.rows(exchange.request) + others


DEFECTS = (
    writers("token-any-assigns", "access.required", opened(anybody), on=TO_ASSIGNEE),
    callers("unauthorized-400", "access.unauthenticated", turned_away(says(400, "Token missing."))),
    callers("unauthorized-shows-ticket", "access.required", refused(401, with_rows), on=LISTED),
    callers(
        "ticket-looked-up-before-token", "access.unauthenticated", checked_first(404), on=DETAILED
    ),
    callers(
        "foreign-ticket-named-in-refusal",
        "access.workspace",
        hidden(
            lambda reply, ticket: reply.with_json(
                {"message": f"Ticket '{ticket['subject']}' is of another workspace."}
            )
        ),
        on=DETAILED,
    ),
    writers(
        "read-only-write-401", "access.forbidden", refused_writer(says(401, "Unauthenticated."))
    ),
    callers(
        "foreign-unassigned-listed", "access.workspace", listing(with_foreign_unassigned), on=LISTED
    ),
)
