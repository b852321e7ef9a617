"""What a change leaves behind: a later updated_at, and the ticket and its thread as they were."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from contract_tests.laws.finding import Finding, holds, violated
from contract_tests.laws.tickets.clock import date_of
from contract_tests.laws.tickets.messages import changed_part
from contract_tests.laws.updates.activity_log import (
    judge_additions,
    judge_authors,
    judge_excess,
    judge_history,
    logged_at,
    new_entries,
)
from contract_tests.laws.updates.blame import refusal_of
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.expected_state import State, Try, detail_in
from contract_tests.observations.schema.documented_row import beginning
from contract_tests.observations.ticket import Detail, Row, moment, sender_of

TOLERANCE = timedelta(minutes=5)
"""How far the clocks of one deployment may be apart."""
_FRACTION = timedelta(seconds=1)
"""Less than that is a fraction of a second that one of two answers does not show."""


def judge_traces(
    state: State,
    row: Row,
    exchange: Exchange,
    me: int | None,
    latest: Detail | None,
    *,
    changed_meanwhile: bool,
) -> Iterator[Finding]:
    """Judge updated_at, and what a detail shows of the time since the last detail.

    `latest` is the last detail of the ticket in the whole run.
    """
    yield from _judge_updated_at(state, row, exchange, latest)
    detail = detail_in(exchange)
    if detail is None or state.detail is None or state.last is None:
        return
    yield from judge_additions(state, state.detail, detail)
    yield from _judge_instant(state, state.detail, detail)
    if not changed_meanwhile:
        yield from judge_authors(state, state.detail, detail, me)
        yield from judge_history(state, state.detail, detail)
        yield from judge_excess(state, state.detail, detail, me)
        yield from _judge_messages(state, state.detail, detail)
        yield from _judge_additions(state, state.detail, detail, me)
        yield from _judge_rest(state, state.detail, detail)


def _judge_updated_at(
    state: State, row: Row, exchange: Exchange, latest: Detail | None
) -> Iterator[Finding]:
    before, now = moment(state.row.get("updated_at")), moment(row.get("updated_at"))
    if before is None or now is None or state.write is None or state.last is None:
        return
    if state.changed and now <= before:
        message = f"{state.write.words} left updated_at at {row.get('updated_at')}"
        strict = "changed_in_session" not in state.row or _is_another_second(state)
        if now < before or (strict and not _same_instant(state, latest, before)):
            yield violated("update.updated_at", message, *state.changed, exchange)
    elif state.changed:
        yield holds("update.updated_at", *state.changed, exchange)
    elif state.write.same:
        yield holds("update.same", state.last, exchange)


def _is_another_second(state: State) -> bool:
    """True for changes that began more than a second after the ticket was read whole."""
    if state.detail is None:
        return False
    read = state.detail.exchange
    return state.changed[0].started - (read.started + read.elapsed) > _FRACTION.total_seconds()


def _same_instant(state: State, latest: Detail | None, instant: datetime) -> bool:
    """True when the log dates our changes with the time that the ticket had before them.

    Somebody else changed it within the same second, or the clock of the deployment is frozen.
    """
    if state.detail is None or latest is None:
        return False
    return logged_at(latest, instant) > logged_at(state.detail, instant)


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


def _judge_rest(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    """A ticket to which nothing but refused writes came is not dated anew.

    Whoever else was at it left some trace beside the date. A present value that was written may
    date it: then the answer tells the date that stays.
    """
    refused = [t for t in state.sent if 400 <= (t[1].status or 0) < 500]
    same = [t for t in state.sent if t[0].same and t[1].successful]
    if not refused or len(refused) + len(same) < len(state.sent) or state.sent[-1] in same:
        return
    then, now = moment(before.ticket.get("updated_at")), moment(after.ticket.get("updated_at"))
    if same and then is not None:
        then = max(then, state.answered or then) + _FRACTION
    if then is None or now is None:
        return
    if now > then and _undated(before.ticket) == _undated(after.ticket):
        write, last = _nearest(refused, now)
        message = f"{write.words} was refused, yet updated_at of ticket {write.ticket} moved"
        yield violated(refusal_of(write, last), message, last, after.exchange)


def _nearest(refused: list[Try], when: datetime) -> Try:
    """Return the refused write whose answer is nearest in time, an invalid one where there is."""
    known = [t for t in refused if not t[0].valid] or refused
    return min(known, key=lambda t: abs((date_of(t[1]) or when) - when))


def _undated(ticket: Row) -> Row:
    return {name: value for name, value in ticket.items() if name != "updated_at"}


def _judge_messages(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    """Yield what a write took from the thread, or changed in it."""
    if state.last is None:
        return
    evidence = (before.exchange, state.last, after.exchange)
    now = {message.get("id"): message for message in after.messages}
    lost = [message for message in before.messages if message.get("id") not in now]
    if lost:
        message = f"{len(lost)} of {len(before.messages)} messages are gone after a write"
        yield violated("update.alone", message, *evidence)
    for then in before.messages:
        name = changed_part(then, now.get(then.get("id"), then))
        if name is not None:
            message = f"message {then.get('id')} has other {name} after a write"
            yield violated("update.alone", message, *evidence)
            break
    name = _lost_text(before, after)
    if name is not None:
        yield violated("update.alone", f"a write changed the {name}", *evidence)


def _judge_additions(
    state: State, before: Detail, after: Detail, me: int | None
) -> Iterator[Finding]:
    """A change adds no message: one in our name, of the moment of a change, nobody else wrote.

    Where a colleague writes to the ticket as well, somebody may use our account.
    """
    known = {message.get("id") for message in before.messages}
    new = [message for message in after.messages if message.get("id") not in known]
    senders = (sender_of(message) for message in new)
    if any(kind == "user" and user != me for kind, user in senders):
        return
    for message in new:
        written = moment(message.get("created_at"))
        for change in state.changed if written and sender_of(message) == ("user", me) else ():
            when = date_of(change)
            if when is not None and written is not None and abs(when - written) <= _FRACTION:
                words = f"a change of ours adds message {message.get('id')} to the thread"
                yield violated("update.alone", words, before.exchange, change, after.exchange)
                return


def _lost_text(before: Detail, after: Detail) -> str | None:
    """Return which text beside the thread is gone, or has changed though the thread has not."""
    if isinstance(before.ticket.get("summary"), str) and after.ticket.get("summary", "") is None:
        return "summary"
    name = "latest_message_preview"
    same = [m.get("id") for m in before.messages] == [m.get("id") for m in after.messages]
    then, now = (str(detail.ticket.get(name) or "") for detail in (before, after))
    return name if same and beginning(then) != beginning(now) else None


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
