"""Defects of changing an assignee: what the write does, and what its answer says."""

from mockserver.defects.changes.exchange import (
    ASSIGNEE,
    OPERATIONS,
    STATUS,
    WRITES,
    Exchange,
    Reply,
    Row,
)
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
    and_then,
    answer,
    not_stored,
    only_pretended_when,
    set_assignee,
    set_status,
)
from mockserver.defects.defect import Family

assignee = Family("update", on=frozenset({ASSIGNEE}), visible="writing")


def _null_ignored(exchange: Exchange) -> Reply:
    ticket = exchange.ticket(exchange.request.ticket)
    if ticket is None or not wants("user_id", None)(exchange):
        return exchange.send()
    return answer(exchange, ticket)


def _reopen(exchange: Exchange, before: Row) -> Reply | None:
    return None if before["status"] == "open" else set_status(exchange, before["id"], "open")


def _caller(exchange: Exchange) -> Reply:
    me = exchange.tokens.user(exchange.request.token)
    if me is None or not isinstance(exchange.request.fields.get("user_id"), int):
        return exchange.send()
    return exchange.send(exchange.request.with_json({"user_id": me}))


def _unassign_if_same(exchange: Exchange, before: Row) -> Reply | None:
    if before["assignee"] is None:
        return None
    same = before["assignee"]["id"] == exchange.request.fields.get("user_id")
    return clear_assignee(exchange, before) if same else None


def _lose_assignee(exchange: Exchange, before: Row) -> Reply | None:
    """A status is saved from a copy of the ticket that is older than its assignment."""
    old = exchange.state.kept
    if exchange.request.operation == ASSIGNEE:
        old.setdefault(before["id"], before["assignee"])
    elif before["id"] in old:
        return set_assignee(exchange, before["id"], old.pop(before["id"]))
    return None


def _from_other_workspace(exchange: Exchange) -> Reply:
    """Accept the assignees of another workspace as well."""
    token = exchange.tokens.of_other_workspace(exchange.request.token) or ""
    lists = exchange.request.with_method("GET").with_path("/api/tickets").with_token(token)
    people = [row["assignee"]["id"] for row in exchange.rows(lists) if row["assignee"]]
    return accepting(
        lambda given: type(given.get("user_id")) is int and given["user_id"] in people, unchanged
    )(exchange)


DEFECTS = (
    assignee("assignee-not-stored", "assignee.stored", not_stored),
    assignee(
        "assignee-every-second-not-stored",
        "assignee.stored",
        only_pretended_when(every_second),
    ),
    assignee("assignee-stored-late", "assignee.stored", late(3), on=OPERATIONS - {STATUS}),
    assignee("assignee-always-caller", "assignee.stored", _caller),
    assignee("assignee-null-ignored", "assignee.stored", _null_ignored),
    assignee(
        "assignee-null-not-stored",
        "assignee.stored",
        only_pretended_when(wants("user_id", None)),
    ),
    assignee(
        "assignee-null-refused",
        "assignee.accepted",
        refusing(lambda _, given: given.get("user_id", 0) is None, "user_id"),
    ),
    assignee("assignee-answer-stale", "update.answer", and_then(answer)),
    assignee(
        "assignee-response-unassigned",
        "update.answer",
        and_then(lambda exchange, before: answer(exchange, before | {"assignee": None})),
    ),
    assignee("assignee-on-other-ticket", "assignee.stored", on_other_ticket),
    assignee("assignee-reopens-ticket", "update.alone", and_then(_reopen)),
    assignee(
        "assignee-lost-on-status-change",
        "assignee.stored",
        and_then(_lose_assignee),
        on=WRITES,
    ),
    assignee(
        "assignee-same-value-unassigns",
        "update.same",
        and_then(_unassign_if_same),
    ),
    assignee(
        "assignee-unknown-unassigns",
        "assignee.refused",
        accepting(
            lambda given: type(given.get("user_id")) is int,
            lambda exchange, ticket: set_assignee(exchange, ticket["id"], None),
        ),
    ),
    assignee(
        "assignee-unknown-accepted",
        "assignee.refused",
        accepting(lambda given: type(given.get("user_id")) is int, unchanged),
    ),
    assignee("assignee-of-other-workspace", "assignee.workspace", _from_other_workspace),
    assignee(
        "assignee-text-unassigns",
        "assignee.refused",
        accepting(
            lambda given: isinstance(given.get("user_id"), str),
            lambda exchange, ticket: set_assignee(exchange, ticket["id"], None),
        ),
    ),
)
