"""The ticket in the answer to a write: it is as the next detail shows it, also its time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from contract_tests.laws.finding import Finding, violated
from contract_tests.laws.tickets.clock import date_of
from contract_tests.laws.updates.activity_log import logged_at
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.expected_state import State, detail_in
from contract_tests.observations.ticket import Detail, Row, moment, shown
from contract_tests.observations.write import read_write

_CHANGED = ("status", "assignee", "updated_at")
"""The fields that a write changes."""


def judge_answered_fields(
    state: State, row: Row, exchange: Exchange, *, changed_meanwhile: bool
) -> Iterator[Finding]:
    """Judge the fields that are after a write as before it: the answer shows them so too.

    Others at work may have changed them twice.
    """
    if changed_meanwhile or not state.accepted or state.last is None or state.write is None:
        return
    kept = (n for n, now in row.items() if n not in _CHANGED and now == state.row.get(n, ...))
    answer = state.answer or {}
    other = [n for n in kept if n in answer and answer[n] != row[n]]
    if other:
        message = f"the answer to {state.write.words} shows another {other[0]} than the ticket has"
        yield violated("update.answer", message, state.last, exchange)


def judge_answered_time(
    state: State, row: Row, exchange: Exchange, *, changed_meanwhile: bool
) -> Iterator[Finding]:
    """Judge the first detail after a change against updated_at in the answer to it.

    A detail that lags behind the change, or shows no newer time, is none that shows it. Others at
    work may have written the same before, so that nothing was changed.
    """
    before, now = moment(state.row.get("updated_at")), moment(row.get("updated_at"))
    detail = detail_in(exchange)
    if detail is None or before is None or now is None or now <= before:
        return
    write, last, answered = state.write, state.last, state.answered
    if write is None or last is None or answered is None or write.same:
        return
    if not state.accepted or not state.shows(row):
        return
    if _is_later(answered, now):
        message = f"the answer to {write.words} shows a later updated_at than the ticket has"
        yield violated("update.answer", message, last, exchange)
    elif not changed_meanwhile and _only_ours(state, len(detail.activities)):
        yield from _judge_former_times(state, before, detail)


def _judge_former_times(state: State, before: datetime, detail: Detail) -> Iterator[Finding]:
    """Judge the answer to each change since the last detail: it shows another time than before.

    A ticket that was changed right before may have the same time still, but for the last change,
    and that one too if the log dates a change of ours so.
    """
    if state.detail is not None and logged_at(detail, before) > logged_at(state.detail, before):
        return
    at_rest = _rested(state, before)
    for change in state.changed:
        write = read_write(change.request)
        row = shown(change, write.ticket) if write is not None else None
        answered = moment(row.get("updated_at")) if row is not None else None
        if write is None or answered is None:
            continue
        if answered < before or (answered == before and (at_rest or change is state.last)):
            message = f"the answer to {write.words} shows updated_at as it was before"
            yield violated("update.answer", message, change, detail.exchange)
            return


def _rested(state: State, before: datetime) -> bool:
    """True for a ticket whose last change was more than a second ago when it was read whole."""
    now = date_of(state.detail.exchange) if state.detail is not None else None
    return now is not None and now - before > timedelta(seconds=1)


def _is_later(answered: datetime, now: datetime) -> bool:
    """True from a second on: less is a fraction of a second that was not stored."""
    return now <= answered - timedelta(seconds=1)


def _only_ours(state: State, entries: int) -> bool:
    """True when the log has grown by our changes alone: others move updated_at, too."""
    return state.detail is not None and entries - len(state.detail.activities) == len(state.changed)
