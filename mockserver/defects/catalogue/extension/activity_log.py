"""Defects of the list of a ticket's activities."""

from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.changes.requests import param
from mockserver.defects.changes.responses import change_json, each_row, of_rows, without_field
from mockserver.defects.defect import Family

activities = Family("activities", on=frozenset({"listTicketActivities"}))


def _empty_if_unknown(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if reply.status != 404:
        return reply
    first = exchange.get("/api/tickets").json["data"][0]["id"]
    page = exchange.get(f"/api/tickets/{first}/activities")
    return page.with_json(page.json | {"data": []})


DEFECTS = (
    activities("activities-without-user", "extension.activities", each_row(without_field("user"))),
    activities(
        "activities-bare-list", "extension.activities", change_json(lambda body: body["data"])
    ),
    activities(
        "activities-newest-only", "extension.activities.agree", of_rows(lambda rows: rows[-1:])
    ),
    activities("activities-empty", "extension.activities.agree", of_rows(lambda rows: rows[:0])),
    activities(
        "activities-other-type",
        "extension.activities.agree",
        each_row(lambda row: row | {"type": "changed"}),
    ),
    activities(
        "activities-page-ignored", "extension.activities.pages", param("page", lambda _: None)
    ),
    activities("activities-empty-if-unknown", "extension.activities.missing", _empty_if_unknown),
)
