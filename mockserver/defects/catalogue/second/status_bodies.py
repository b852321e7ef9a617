"""Defects of the body of a change of status: nearly right values, and other fields."""

from mockserver.defects.changes.conditions import refused, when
from mockserver.defects.changes.exchange import STATUS, WRITES
from mockserver.defects.changes.write_bodies import (
    accepting,
    current,
    refusal,
    refusing,
    status_read,
    text_that,
    unchanged,
)
from mockserver.defects.changes.writes import STATUSES
from mockserver.defects.defect import Family

to_status = Family("bodies", on=frozenset({STATUS}), visible="writing")
to_either = Family("bodies", on=WRITES, visible="writing")


DEFECTS = (
    to_status(
        "status-capitals-accepted",
        "status.refused",
        status_read(text_that(lambda s: s.lower() in STATUSES), str.lower),
    ),
    to_status(
        "status-beginning-accepted",
        "status.refused",
        status_read(
            text_that(lambda s: any(known.startswith(s) for known in STATUSES) and s),
            lambda s: next(known for known in STATUSES if known.startswith(s)),
        ),
    ),
    to_status(
        "status-continued-accepted",
        "status.refused",
        status_read(
            text_that(lambda s: s.startswith(STATUSES)),
            lambda s: next(known for known in STATUSES if s.startswith(known)),
        ),
    ),
    to_status(
        "status-true-closes",
        "status.refused",
        status_read(
            lambda given: isinstance(given, bool), lambda given: "open" if given else "closed"
        ),
    ),
    to_status(
        "status-in-list-accepted",
        "status.refused",
        status_read(
            lambda given: isinstance(given, list) and given[:1] and given[0] in STATUSES,
            lambda given: str(given[0]),
        ),
    ),
    to_status(
        "status-in-object-accepted",
        "status.refused",
        status_read(
            lambda given: isinstance(given, dict) and given.get("value") in STATUSES,
            lambda given: str(given["value"]),
        ),
    ),
    to_status(
        "status-empty-reopens",
        "status.refused",
        status_read(text_that(lambda s: not s.strip()), lambda _: "open"),
    ),
    to_status(
        "status-any-length-accepted",
        "status.refused",
        accepting(lambda given: len(str(given.get("status", ""))) > 40, unchanged),
    ),
    to_status(
        "status-synonym-accepted",
        "status.refused",
        status_read(text_that(lambda s: s in ("resolved", "archived", "done")), lambda _: "closed"),
    ),
    to_status(
        "status-unknown-400",
        "status.refused",
        refused(422, refusal(400, {"message": "Bad Request"})),
    ),
    to_status(
        "status-unknown-204",
        "status.refused",
        refused(422, lambda _, reply: reply.with_status(204).with_body(b"")),
    ),
    to_status(
        "status-close-of-unassigned-refused",
        "status.accepted",
        refusing(
            lambda t, given: t["assignee"] is None and given.get("status") == "closed", "status"
        ),
    ),
    to_status(
        "status-spam-of-assigned-refused",
        "status.accepted",
        refusing(lambda t, given: t["assignee"] and given.get("status") == "spam", "status"),
    ),
    to_status(
        "status-of-spam-fixed",
        "status.accepted",
        refusing(
            lambda t, given: t["status"] == "spam" and given.get("status") == "closed", "status"
        ),
    ),
    to_status(
        "status-same-409",
        "update.same",
        when(
            lambda exchange: (
                (exchange.ticket(exchange.request.ticket) or {}).get("status")
                == exchange.request.fields.get("status", ...)
            ),
            lambda exchange: refusal(409, {"message": "Already in this status."})(
                exchange, exchange.send()
            ),
        ),
    ),
    to_either(
        "broken-body-accepted",
        "update.malformed",
        when(
            lambda exchange: exchange.request.json is None and bool(exchange.request.body),
            refused(422, lambda exchange, reply: current(exchange) or reply),
        ),
    ),
    to_either(
        "empty-body-accepted",
        "update.malformed",
        when(
            lambda exchange: not exchange.request.body,
            refused(422, lambda exchange, reply: current(exchange) or reply),
        ),
    ),
    to_either(
        "missing-ticket-write-accepted",
        "detail.missing",
        refused(404, refusal(200, {"ticket": None})),
    ),
    to_either(
        "missing-ticket-write-422",
        "detail.missing",
        refused(
            404,
            refusal(
                422,
                {
                    "message": "The selected id is invalid.",
                    "errors": {"id": ["The selected id is invalid."]},
                },
            ),
        ),
    ),
)
