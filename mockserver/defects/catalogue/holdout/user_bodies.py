"""Defects of the body of a change of assignee: nearly right values, and other fields."""

from mockserver.defects.catalogue.second.user_bodies import to_assignee
from mockserver.defects.changes.conditions import refused, when
from mockserver.defects.changes.exchange import Exchange, Reply, Row
from mockserver.defects.changes.write_bodies import refusal, refusing, sends, user_read
from mockserver.defects.changes.writes import answer


def colleague_of_other_workspace(exchange: Exchange, given: int) -> Row | None:
    token = exchange.tokens.of_other_workspace(exchange.request.token)
    everything = exchange.request.with_method("GET").with_path("/api/tickets")
    rows = exchange.rows(everything.with_token(token)) if token else []
    users = [row["assignee"] for row in rows if row["assignee"]]
    return next((user for user in users if user["id"] == given), None)


def foreign_user_shown(exchange: Exchange, reply: Reply) -> Reply:
    given = exchange.request.fields.get("user_id")
    user = colleague_of_other_workspace(exchange, given) if type(given) is int else None
    ticket = exchange.ticket(exchange.request.ticket) if user else None
    return answer(exchange, ticket | {"assignee": user}) if ticket else reply


DEFECTS = (
    to_assignee(
        "user-empty-list-unassigns",
        "assignee.refused",
        user_read(lambda given: given in ([], {}), lambda _: None),
    ),
    to_assignee(
        "user-of-other-workspace-accepted", "assignee.refused", refused(422, foreign_user_shown)
    ),
    to_assignee(
        "assignee-of-closed-refused",
        "assignee.accepted",
        refusing(lambda t, given: t["status"] == "closed" and given.get("user_id"), "user_id"),
    ),
    to_assignee(
        "assignee-null-500",
        "assignee.accepted",
        when(
            sends("user_id", None),
            lambda exchange: refusal(500, {"message": "Server Error"})(exchange, exchange.send()),
        ),
    ),
)
