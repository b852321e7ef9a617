"""Defects of the body of a change of status: nearly right values, and other fields."""

from mockserver.defects.catalogue.second.status_bodies import to_either, to_status
from mockserver.defects.changes.conditions import refused, when
from mockserver.defects.changes.exchange import Exchange, Reply, Row
from mockserver.defects.changes.write_bodies import current, number_that, status_read
from mockserver.defects.changes.writes import STATUSES, and_then, set_assignee, set_status


def assign_too(exchange: Exchange, before: Row) -> Reply | None:
    """The whole body is assigned to the ticket."""
    user = exchange.request.fields.get("user_id", ...)
    if user is ... or not (user is None or type(user) is int):
        return None
    return set_assignee(exchange, before["id"], None if user is None else {"id": user})


def stored_though_refused(exchange: Exchange, reply: Reply) -> Reply:
    """The row is saved before its value is validated: an unknown status empties it to the first."""
    if "status" in exchange.request.fields:
        set_status(exchange, exchange.request.ticket, STATUSES[0])
    return reply


DEFECTS = (
    to_status(
        "status-number-accepted",
        "status.refused",
        status_read(number_that(lambda n: 0 <= n < 3), lambda n: STATUSES[n]),
    ),
    to_status(
        "status-unknown-refused-but-opens", "status.refused", refused(422, stored_though_refused)
    ),
    to_status("status-assigns-all-fields", "update.alone", and_then(assign_too)),
    to_either(
        "list-body-accepted",
        "update.malformed",
        when(
            lambda exchange: isinstance(exchange.request.json, list),
            refused(422, lambda exchange, reply: current(exchange) or reply),
        ),
    ),
)
