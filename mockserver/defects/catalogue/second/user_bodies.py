"""Defects of the body of a change of assignee: nearly right values, and other fields."""

import re

from mockserver.defects.changes.conditions import refused, when
from mockserver.defects.changes.exchange import ASSIGNEE, Exchange, Reply, Row
from mockserver.defects.changes.write_bodies import (
    number_that,
    refusal,
    refusing,
    sends,
    text_that,
    user_read,
)
from mockserver.defects.changes.writes import (
    STATUSES,
    and_then,
    answer,
    only_pretended_when,
    set_assignee,
    set_status,
)
from mockserver.defects.defect import Family

to_assignee = Family("bodies", on=frozenset({ASSIGNEE}), visible="writing")


def set_status_too(exchange: Exchange, before: Row) -> Reply | None:
    given = exchange.request.fields.get("status")
    return set_status(exchange, before["id"], given) if given in STATUSES else None


def unassigned_though_refused(exchange: Exchange, reply: Reply) -> Reply:
    if isinstance(exchange.request.fields.get("user_id"), int):
        set_assignee(exchange, exchange.request.ticket, None)
    return reply


def left_user_accepted(exchange: Exchange, reply: Reply) -> Reply:
    """A user who left is found in old tickets, and shown."""
    given = exchange.request.fields.get("user_id")
    everything = exchange.request.with_method("GET").with_path("/api/tickets")
    users = [row["assignee"] for row in exchange.rows(everything) if row["assignee"]]
    user = next((user for user in users if type(given) is int and user["id"] == given), None)
    ticket = exchange.ticket(exchange.request.ticket) if user else None
    return answer(exchange, ticket | {"assignee": user}) if ticket else reply


DEFECTS = (
    to_assignee(
        "user-zero-unassigns",
        "assignee.refused",
        user_read(number_that(lambda n: n == 0), lambda _: None),
    ),
    to_assignee(
        "user-negative-unassigns",
        "assignee.refused",
        user_read(number_that(lambda n: n < 0), lambda _: None),
    ),
    to_assignee(
        "user-negative-is-positive",
        "assignee.refused",
        user_read(number_that(lambda n: n < 0), abs),
    ),
    to_assignee(
        "user-fraction-rounded-down",
        "assignee.refused",
        user_read(lambda given: isinstance(given, float), int),
    ),
    to_assignee(
        "user-id-of-32-bits",
        "assignee.refused",
        user_read(number_that(lambda n: n >= 2**32), lambda n: n % 2**32),
    ),
    to_assignee(
        "user-false-unassigns",
        "assignee.refused",
        user_read(lambda given: given is False, lambda _: None),
    ),
    to_assignee(
        "user-in-list-accepted",
        "assignee.refused",
        user_read(
            lambda given: isinstance(given, list) and len(given) == 1 and type(given[0]) is int,
            lambda given: int(given[0]),
        ),
    ),
    to_assignee(
        "user-object-accepted",
        "assignee.refused",
        user_read(
            lambda given: isinstance(given, dict) and type(given.get("id")) is int,
            lambda given: int(given["id"]),
        ),
    ),
    to_assignee(
        "user-digits-of-text-accepted",
        "assignee.refused",
        user_read(
            text_that(lambda s: re.match(r"\d{1,9}\D", s)), lambda s: int(re.split(r"\D", s)[0])
        ),
    ),
    to_assignee(
        "user-word-none-unassigns",
        "assignee.refused",
        user_read(text_that(lambda s: s.lower() in ("null", "none", "nobody")), lambda _: None),
    ),
    to_assignee("user-who-left-accepted", "assignee.refused", refused(422, left_user_accepted)),
    to_assignee(
        "user-unknown-refused-but-unassigns",
        "assignee.refused",
        refused(422, unassigned_though_refused),
    ),
    to_assignee(
        "user-unknown-404",
        "assignee.refused",
        refused(422, refusal(404, {"message": "User not found."})),
    ),
    to_assignee("assignee-sets-all-fields", "update.alone", and_then(set_status_too)),
    to_assignee(
        "assignee-of-taken-refused",
        "assignee.accepted",
        refusing(
            lambda t, given: (
                t["assignee"] and given.get("user_id") not in (None, t["assignee"]["id"])
            ),
            "user_id",
        ),
    ),
    to_assignee(
        "assignee-same-409",
        "update.same",
        when(
            lambda exchange: (
                ((exchange.ticket(exchange.request.ticket) or {}).get("assignee") or {}).get("id")
                == exchange.request.fields.get("user_id", ...)
            ),
            lambda exchange: refusal(409, {"message": "Already assigned."})(
                exchange, exchange.send()
            ),
        ),
    ),
    to_assignee(
        "assignee-first-user-not-stored",
        "assignee.stored",
        only_pretended_when(sends("user_id", 1)),
    ),
)
