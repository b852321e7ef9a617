"""Update: what was written is there at once, stays there, and is all that changed."""

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.updates.activity_log import new_entries
from contract_tests.laws.updates.answered_ticket import judge_answered_fields, judge_answered_time
from contract_tests.laws.updates.blame import blame
from contract_tests.laws.updates.side_effects import judge_traces
from contract_tests.laws.updates.write_context import WriteContext
from contract_tests.laws.updates.write_visibility import PendingViolations
from contract_tests.observations.exchange import Exchange, operation_of
from contract_tests.observations.expected_state import (
    State,
    after,
    changed_by_others,
    detail_in,
    first_state,
    in_known_form,
    seen_again,
    seen_before,
    sent,
)
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row, assignee_id, moment, shown
from contract_tests.observations.write import Write, read_write

_FIXED = ("id", "ulid", "subject", "channel", "contact", "tags", "created_at")
_REQUIREMENTS = (
    "status.accepted", "status.stored", "status.listed", "status.refused", "status.activity",
    "assignee.accepted", "assignee.stored", "assignee.listed", "assignee.refused",
    "assignee.activity", "update.answer", "update.updated_at", "update.alone", "update.same",
    "update.malformed",
)  # fmt: skip


@law(*_REQUIREMENTS)
def updates(history: History) -> Iterator[Finding]:
    """Follow each written ticket through the run, comparing every answer with the writes."""
    tickets = sorted({w.ticket for e in history.writes if (w := read_write(e.request))})
    if not tickets:
        yield from (
            not_observed(requirement, history.why_not_written) for requirement in _REQUIREMENTS
        )
    context = WriteContext.of(history)
    for ticket in tickets:
        yield from _follow(history, ticket, context.of_ticket(history, ticket))


def _follow(history: History, ticket: int, context: WriteContext) -> Iterator[Finding]:
    state: State | None = None
    doubts = PendingViolations()
    for exchange in history.exchanges:
        write = read_write(exchange.request)
        if write is not None and write.ticket == ticket:
            if state is None:
                continue
            if not exchange.answered:  # nobody knows whether it was carried out
                state = sent(state, write, exchange)
                continue
            yield from doubts.answered(write, exchange)
            yield from _judge_answer(history, context, state, write, exchange)
            state = after(state, write, exchange, _shown(history, exchange, ticket))
            continue
        row = _seen(history, exchange, ticket, state)
        if row is None and state is not None:
            doubts.take(state, ticket, exchange, context.pages.get(exchange.number), context.me)
        if row is None:
            continue
        found = _begun_anew(context, state, row, exchange)
        if state is None or found is not None:
            state, doubts = found, PendingViolations()
            continue
        yield from doubts.confirm(state, row)
        yield from _judge_sighting(context, state, row, exchange)
        state = seen_again(state, row, exchange)


def _shown(history: History, exchange: Exchange, ticket: int) -> Row | None:
    """Return what an answer shows of a ticket, undocumented parts left out."""
    row = shown(exchange, ticket)
    return None if row is None else history.documented.of(row)


def _seen(history: History, exchange: Exchange, ticket: int, state: State | None) -> Row | None:
    """Return a ticket as an answer shows it, in the form in which it was seen before."""
    row = _shown(history, exchange, ticket)
    return row if row is None or state is None else in_known_form(row, state.row)


def _changed(row: Row, known: Row) -> list[str]:
    """Return the names of the fields that no write may change, and that differ."""
    return [name for name in _FIXED if name in row and name in known and row[name] != known[name]]


def _judge_answer(
    history: History, context: WriteContext, state: State, write: Write, exchange: Exchange
) -> Iterator[Finding]:
    """Judge what a PUT answers."""
    if exchange.request.who != "main" or (exchange.status or 0) >= 500 or exchange.status == 429:
        return
    name = _name(history, exchange)
    accepted = 200 <= (exchange.status or 0) < 300
    if not write.valid:
        requirement = "update.malformed" if write.malformed else f"{name}.refused"
        if accepted:
            yield violated(requirement, f"{write.words} was accepted", exchange)
        elif exchange.status in (404, 409) and write.must_be_422:
            message = f"{write.words} was refused with {exchange.status}, not with 422"
            yield violated(requirement, message, exchange)
        else:
            yield holds(requirement, exchange)
        return
    if not accepted:
        if exchange.status != 403 and not context.may_refuse(write):
            message = f"{write.words} was answered {exchange.status}"
            yield violated(f"{name}.accepted", message, exchange)
        return
    yield holds(f"{name}.accepted", exchange)
    yield from _judge_ticket(history, context, state, write, exchange)


def _judge_ticket(
    history: History, context: WriteContext, state: State, write: Write, exchange: Exchange
) -> Iterator[Finding]:
    """Judge the ticket in an answer; what was not written, others may have changed before."""
    row = _shown(history, exchange, write.ticket)
    due = after(state, write, exchange, row)
    if row is None:
        message = f"the answer does not show ticket {write.ticket}"
        yield violated("update.answer", message, exchange)
        return
    row = in_known_form(row, state.row)
    if context.changed_meanwhile:
        due = replace(due, row={**due.row, **{name: value for name, value in row.items()
                                              if name != write.field}})  # fmt: skip
    if not due.shows(row):
        message = f"{write.words}, but the answer shows the ticket otherwise"
        yield violated("update.answer", message, exchange)
        return
    yield holds("update.answer", exchange)
    if not context.changed_here and (changes := _changed(row, state.row)):
        message = f"{write.words}, and {', '.join(changes)} changed in the answer"
        yield violated("update.alone", message, exchange)


def _judge_sighting(
    context: WriteContext, state: State, row: Row, exchange: Exchange
) -> Iterator[Finding]:
    """Judge a list row or a detail against the writes before it."""
    if state.last is None or state.write is None:
        return
    values = {"status": (row.get("status"), state.status)}
    values["assignee"] = (assignee_id(row), state.assignee)
    for name, (value, due) in values.items():
        requirement, message, culprit = blame(state, name, value, exchange)
        if value == due:
            yield holds(requirement, culprit, exchange)
        else:
            yield violated(requirement, message, culprit, exchange)
    if not context.changed_here and (changes := _changed(row, state.row)):
        message = f"after {state.write.words}, {', '.join(changes)} of ticket {row['id']} changed"
        yield violated("update.alone", message, state.last, exchange)
    meanwhile = context.changed_meanwhile
    yield from judge_answered_fields(state, row, exchange, changed_meanwhile=meanwhile)
    yield from judge_answered_time(state, row, exchange, changed_meanwhile=meanwhile)
    latest = context.details.get(row["id"])
    yield from judge_traces(state, row, exchange, context.me, latest, changed_meanwhile=meanwhile)


def _begun_anew(
    context: WriteContext, state: State | None, row: Row, exchange: Exchange
) -> State | None:
    """Return the state of a ticket that is new or changed by others; else None."""
    if state is None:
        return first_state(row, exchange)
    if state.last is None:
        return seen_before(state, row, exchange)
    others = _by_others(context, state, row, exchange)
    return changed_by_others(state, row, exchange) if others else None


def _by_others(context: WriteContext, state: State, row: Row, exchange: Exchange) -> bool:
    """True when the ticket changed after our last write, or others are known to be at work."""
    if state.shows(row):
        return False
    now = moment(row.get("updated_at"))
    later = now is not None and state.answered is not None and now > state.answered
    if context.changed_meanwhile or not later:
        return context.changed_meanwhile
    return not (_under_our_name(context, state, exchange) or _though_refused(state, row))


def _though_refused(state: State, row: Row) -> bool:
    """True when the ticket has got a value that only a refused write asked for."""
    now = {"status": row.get("status"), "assignee": assignee_id(row)}
    due = {"status": state.status, "assignee": state.assignee}
    return any(now[w.field] == w.value != due[w.field] for w, _ in state.refused)


def _under_our_name(context: WriteContext, state: State, exchange: Exchange) -> bool:
    """True when the log tells of more changes by us than we made, and of none by others."""
    detail = detail_in(exchange)
    if detail is None or state.detail is None or context.me is None:
        return False
    new = new_entries(state.detail, detail)
    users = [entry["user"].get("id") for entry in new if isinstance(entry.get("user"), dict)]
    return len(users) == len(new) > len(state.changed) and set(users) == {context.me}


def _name(history: History, exchange: Exchange) -> str:
    operation = operation_of(history.contract, exchange)
    return "assignee" if operation and operation.id == "updateTicketAssignee" else "status"
