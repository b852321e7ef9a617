"""What a change leaves behind: a later updated_at, an activity by us, and the thread as it was."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from contract_tests.laws.finding import Finding, holds, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.expected_state import State, detail_in
from contract_tests.observations.ticket import Detail, Row, moment
from contract_tests.observations.write import read_write

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of one deployment may be apart."""


def judge_traces(
    state: State, row: Row, exchange: Exchange, me: int | None, *, changed_meanwhile: bool
) -> Iterator[Finding]:
    """Judge updated_at, and what a detail shows of the time since the last detail."""
    yield from _judge_updated_at(state, row, exchange)
    detail = detail_in(exchange)
    if detail is None or state.detail is None or state.last is None:
        return
    yield from _judge_activities(state, state.detail, detail)
    yield from _judge_instant(state, state.detail, detail)
    if not changed_meanwhile:
        yield from _judge_authors(state, state.detail, detail, me)
        yield from _judge_messages(state, state.detail, detail)


def _judge_updated_at(state: State, row: Row, exchange: Exchange) -> Iterator[Finding]:
    before, now = moment(state.row.get("updated_at")), moment(row.get("updated_at"))
    if before is None or now is None or state.write is None or state.last is None:
        return
    if state.changed and now <= before:
        message = f"{state.write.words} left updated_at at {row.get('updated_at')}"
        strict = "changed_in_session" not in state.row
        if strict or now < before:
            yield violated("update.updated_at", message, *state.changed, exchange)
    elif state.changed:
        yield holds("update.updated_at", *state.changed, exchange)
    elif state.write.same:
        yield holds("update.same", state.last, exchange)


def _judge_activities(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    new = new_entries(before, after)
    added = len(after.activities) - len(before.activities)
    for exchange in state.changed:
        write = read_write(exchange.request)
        assert write is not None
        requirement = f"{write.field}.activity"
        wanted = [e for e in new if write.field != "status" or "status" in str(e.get("type"))]
        if added < len(state.changed) or (not wanted and added == len(new)):
            message = f"{write.words} left no activity"
            yield violated(requirement, message, exchange, after.exchange)
        else:
            yield holds(requirement, exchange, after.exchange)


def _judge_instant(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    """A change dates the ticket and its own log entry alike, whatever the time is there.

    What is logged beside our changes, others did; then only a ticket ahead of its log counts.
    """
    logged = [found for e in new_entries(before, after) if (found := moment(e.get("created_at")))]
    updated = moment(after.ticket.get("updated_at"))
    if not logged or updated is None or not state.changed:
        return
    passed = timedelta(seconds=after.exchange.started - state.changed[0].started)
    alone = len(after.activities) - len(before.activities) == len(state.changed)
    behind = alone and updated < max(logged) - TOLERANCE
    if behind or updated > max(logged) + passed + TOLERANCE:
        shown, entry = after.ticket["updated_at"], _iso(max(logged))
        message = f"updated_at is {shown} after a change that the log dates {entry}"
        yield violated("update.updated_at", message, *state.changed, after.exchange)


def _judge_authors(
    state: State, before: Detail, after: Detail, me: int | None
) -> Iterator[Finding]:
    """With as many entries as changes of ours, each is ours."""
    new = new_entries(before, after)
    added = len(after.activities) - len(before.activities)
    if me is None or added != len(state.changed):
        return
    changed = [e for e in state.changed if e.request.path.endswith("/status")]
    strangers = [actor for entry in new if (actor := actor_of(entry)) != me]
    if changed and strangers:
        other = "nobody" if strangers[0] is None else f"user {strangers[0]}"
        message = f"a change by user {me} is logged as one by {other}"
        yield violated("status.activity", message, *changed, after.exchange)


def _judge_messages(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    kept = {message.get("id") for message in after.messages}
    lost = [m.get("id") for m in before.messages if m.get("id") not in kept]
    if state.last is None:
        return
    if lost:
        message = f"{len(lost)} of {len(before.messages)} messages are gone after a write"
        yield violated("update.alone", message, before.exchange, state.last, after.exchange)

    now = {message.get("id"): message for message in after.messages}
    shorter = [m.get("id") for m in before.messages if _files(now.get(m.get("id"), m)) != _files(m)]
    if shorter:
        message = f"message {shorter[0]} has other attachments after a write"
        yield violated("update.alone", message, before.exchange, state.last, after.exchange)
    if isinstance(before.ticket.get("summary"), str) and after.ticket.get("summary", "") is None:
        message = "the summary is gone after a write"
        yield violated("update.alone", message, before.exchange, state.last, after.exchange)


def _files(message: Row) -> list[Any]:
    """Return the ids of a message's attachments; their addresses may be signed anew each time."""
    files = message.get("attachments")
    found = files if isinstance(files, list) else []
    return [file.get("id") for file in found if isinstance(file, dict)]


def actor_of(entry: Row) -> Any:
    """Return the id of the user whom a log entry or a message names."""
    user = entry.get("user")
    return user.get("id") if isinstance(user, dict) else None


def new_entries(before: Detail, after: Detail) -> list[Row]:
    return [entry for entry in after.activities if entry not in before.activities]


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
