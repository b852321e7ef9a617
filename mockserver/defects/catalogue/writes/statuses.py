"""Defects of changing a status: what the write does, and what its answer says."""

from typing import Any

from mockserver.defects.changes.exchange import (
    ASSIGNEE,
    OPERATIONS,
    STATUS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
from mockserver.defects.changes.frequency import EVERY_20TH
from mockserver.defects.changes.other_tickets import other_ticket
from mockserver.defects.changes.requests import body
from mockserver.defects.changes.write_bodies import (
    accepting,
    clear_assignee,
    every_second,
    late,
    on_other_ticket,
    refusing,
    unchanged,
    wants,
)
from mockserver.defects.changes.writes import (
    STATUSES,
    and_then,
    answer,
    not_stored,
    only_pretended_when,
    set_assignee,
    set_status,
)
from mockserver.defects.defect import Family

status = Family("update", on=frozenset({STATUS}), visible="writing")


def _neighbour_too(exchange: Exchange, before: Row) -> None:
    wanted, other = exchange.request.fields.get("status"), other_ticket(exchange, before["id"])
    if wanted and other:
        set_status(exchange, other["id"], wanted)


def _answer_of_neighbour(exchange: Exchange, before: Row) -> Reply | None:
    other = other_ticket(exchange, before["id"])
    return answer(exchange, other) if other else None


def _assign_caller(exchange: Exchange, before: Row) -> Reply | None:
    me = exchange.tokens.user(exchange.request.token)
    return None if me is None else set_assignee(exchange, before["id"], {"id": me})


def _undo_previous(exchange: Exchange, before: Row) -> None:
    kept = exchange.state.kept
    previous = kept.get("previous")
    kept["previous"] = before
    if previous and previous["id"] != before["id"]:
        set_status(exchange, previous["id"], previous["status"])


def _lose_status(exchange: Exchange, before: Row) -> Reply | None:
    old = exchange.state.kept
    if exchange.request.operation == STATUS:
        old.setdefault(before["id"], before["status"])
    elif before["id"] in old:
        return set_status(exchange, before["id"], old.pop(before["id"]))
    return None


def _toggle(exchange: Exchange, before: Row) -> Reply | None:
    if before["status"] != exchange.request.fields.get("status"):
        return None
    return set_status(exchange, before["id"], "closed" if before["status"] == "open" else "open")


def _server_error(exchange: Exchange, before: Row) -> Reply:
    failed = answer(exchange, before).with_json({"message": "Server Error"})
    return failed.with_status(500)


def _unknown(given: Any) -> bool:
    return isinstance(given.get("status"), str) and given["status"].strip() not in ("", *STATUSES)


DEFECTS = (
    status("status-not-stored", "status.stored", not_stored),
    status(
        "status-spam-not-stored",
        "status.stored",
        only_pretended_when(wants("status", "spam")),
    ),
    status("status-every-second-not-stored", "status.stored", only_pretended_when(every_second)),
    status("status-not-stored-every-20th", "status.stored", not_stored, EVERY_20TH),
    status("status-stored-late", "status.stored", late(3), on=OPERATIONS - {ASSIGNEE}),
    status(
        "status-spam-stored-as-closed",
        "status.stored",
        body(lambda given: given | ({"status": "closed"} if given.get("status") == "spam" else {})),
    ),
    status("status-answer-stale", "update.answer", and_then(answer)),
    status("status-answer-other-ticket", "update.answer", and_then(_answer_of_neighbour)),
    status("status-answer-500-though-stored", "update.answer", and_then(_server_error)),
    status("status-on-other-ticket", "status.stored", on_other_ticket),
    status("status-on-other_ticket-too", "update.alone", and_then(_neighbour_too)),
    status("status-clears-assignee", "update.alone", and_then(clear_assignee)),
    status("status-assigns-caller", "update.alone", and_then(_assign_caller)),
    status("status-undone-by-next-write", "status.stored", and_then(_undo_previous)),
    status("status-lost-on-assignment", "status.stored", and_then(_lose_status), on=WRITES),
    status("status-same-value-toggles", "update.same", and_then(_toggle)),
    status(
        "status-same-value-refused",
        "update.same",
        refusing(lambda ticket, given: given.get("status") == ticket["status"], "status"),
    ),
    status(
        "status-reopening-refused",
        "status.accepted",
        refusing(
            lambda ticket, given: (ticket["status"], given.get("status")) == ("closed", "open"),
            "status",
        ),
    ),
    status("status-unknown-accepted", "status.refused", accepting(_unknown, unchanged)),
    status(
        "status-unknown-opens",
        "status.refused",
        accepting(_unknown, lambda exchange, ticket: set_status(exchange, ticket["id"], "open")),
    ),
    status(
        "status-unknown-shown",
        "status.refused",
        accepting(
            _unknown,
            lambda exchange, ticket: answer(
                exchange, ticket | {"status": exchange.request.fields["status"]}
            ),
        ),
    ),
    status(
        "status-missing-accepted",
        "status.refused",
        accepting(lambda given: "status" not in given, unchanged),
    ),
    status(
        "status-null-accepted",
        "status.refused",
        accepting(lambda given: given.get("status", "") is None, unchanged),
    ),
)
