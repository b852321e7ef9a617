"""Update: what was written is there at once, stays there, and is all that changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from contract_tests.exchange import Exchange
from contract_tests.laws.shape import operation_of
from contract_tests.seen import Seen
from contract_tests.verdict import Finding, holds, law, unseen, violated
from contract_tests.views import Detail, Row, assignee_id, has_id, moment, shown
from contract_tests.writing import Write, read_write

_FIXED = ("id", "ulid", "subject", "channel", "contact", "tags", "created_at")
_NOT_WRITTEN = "nothing was written (--write-tickets)"
_REQUIREMENTS = (
    "status.accepted", "status.stored", "status.listed", "status.refused", "status.activity",
    "assignee.accepted", "assignee.stored", "assignee.listed", "assignee.refused",
    "assignee.activity", "update.answer", "update.updated_at", "update.alone", "update.same",
    "update.malformed",
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """What a ticket must look like after the writes so far."""

    row: Row
    detail: Detail | None = None
    last: Exchange | None = None
    write: Write | None = None
    changed: tuple[Exchange, ...] = field(default=())
    answered: datetime | None = None
    """updated_at in the answer to the last write: what is newer was touched by others since."""

    @property
    def status(self) -> Any:
        return self.row.get("status")

    @property
    def assignee(self) -> Any:
        return assignee_id(self.row)


@law(*_REQUIREMENTS)
def updates(seen: Seen) -> Iterator[Finding]:
    """Follow each written ticket through the run, comparing every answer with the writes."""
    tickets = sorted({w.ticket for e in seen.writes if (w := read_write(e.request))})
    if not tickets:
        yield from (unseen(requirement, _NOT_WRITTEN) for requirement in _REQUIREMENTS)
    for ticket in tickets:
        yield from _follow(seen, ticket)


def _follow(seen: Seen, ticket: int) -> Iterator[Finding]:
    state: State | None = None
    for exchange in seen.exchanges:
        write = read_write(exchange.request)
        if write is not None and write.ticket == ticket:
            if state is not None and exchange.answered:
                yield from _judge_answer(seen, state, write, exchange)
                state = _after(state, write, exchange)
            continue
        row = shown(exchange, ticket)
        if row is None:
            continue
        if state is None or exchange.phase == "reading" or _touched_by_others(seen, state, row):
            state = State(row, _detail(exchange), changed=())
            continue
        yield from _judge_sighting(state, row, exchange)
        state = _refreshed(state, row, exchange)


def _judge_answer(seen: Seen, state: State, write: Write, exchange: Exchange) -> Iterator[Finding]:
    """Judge what a PUT answers."""
    if exchange.request.who != "main" or (exchange.status or 0) >= 500 or exchange.status == 429:
        return
    name = _name(seen, exchange)
    accepted = 200 <= (exchange.status or 0) < 300
    if not write.valid:
        requirement = "update.malformed" if write.malformed else f"{name}.refused"
        if accepted:
            yield violated(requirement, f"{write.words} was accepted", exchange)
        else:
            yield holds(requirement, exchange)
        return
    if not accepted:
        if exchange.status != 403 and not write.free:
            message = f"{write.words} was answered {exchange.status}"
            yield violated(f"{name}.accepted", message, exchange)
        return
    yield holds(f"{name}.accepted", exchange)
    yield from _judge_ticket(state, write, exchange)


def _judge_ticket(state: State, write: Write, exchange: Exchange) -> Iterator[Finding]:
    row = shown(exchange, write.ticket)
    due = _after(state, write, exchange)
    if row is None:
        message = f"the answer does not show ticket {write.ticket}"
        yield violated("update.answer", message, exchange)
        return
    if (row.get("status"), assignee_id(row)) != (due.status, due.assignee):
        message = f"{write.words}, but the answer shows the ticket otherwise"
        yield violated("update.answer", message, exchange)
        return
    yield holds("update.answer", exchange)
    changes = [name for name in _FIXED if name in row and row[name] != state.row.get(name)]
    if changes:
        message = f"{write.words}, and {', '.join(changes)} changed in the answer"
        yield violated("update.alone", message, exchange)


def _judge_sighting(state: State, row: Row, exchange: Exchange) -> Iterator[Finding]:
    """Judge a list row or a detail against the writes before it."""
    if state.last is None or state.write is None:
        return
    fields = {"status": row.get("status") == state.status}
    fields["assignee"] = assignee_id(row) == state.assignee
    for name, right in fields.items():
        requirement, message = _judged(state, name, exchange)
        if right:
            yield holds(requirement, state.last, exchange)
        else:
            yield violated(requirement, message, state.last, exchange)
    changes = [name for name in _FIXED if name in row and row[name] != state.row.get(name)]
    if changes:
        message = f"after {state.write.words}, {', '.join(changes)} of ticket {row['id']} changed"
        yield violated("update.alone", message, state.last, exchange)
    yield from _judge_traces(state, row, exchange)


def _judged(state: State, name: str, exchange: Exchange) -> tuple[str, str]:
    """Return whose promise a field keeps after the last write, and the words for its breach."""
    assert state.write is not None
    assert state.last is not None
    ticket, words = state.write.ticket, state.write.words
    if state.last.request.who != "main":
        requirement = _INTRUDERS.get(state.last.request.who, "access.required")
        return requirement, f"{words} was refused, yet {name} of ticket {ticket} changed"
    if not state.write.valid:
        requirement = (
            "update.malformed" if state.write.malformed else f"{state.write.field}.refused"
        )
        return requirement, f"{words} was refused, yet {name} of ticket {ticket} changed"
    if name != state.write.field:
        return "update.alone", f"after {words}, {name} of ticket {ticket} is another"
    place = "stored" if _detail(exchange) else "listed"
    return f"{name}.{place}", f"after {words}, ticket {ticket} still shows another {name}"


_INTRUDERS = {"other": "access.workspace_write", "readonly": "access.forbidden"}


def _judge_traces(state: State, row: Row, exchange: Exchange) -> Iterator[Finding]:
    """Judge updated_at and the activities since the last detail."""
    detail = _detail(exchange)
    before, now = moment(state.row.get("updated_at")), moment(row.get("updated_at"))
    changes = state.changed
    if before is None or now is None or state.write is None or state.last is None:
        return
    if changes and now <= before:
        message = f"{state.write.words} left updated_at at {row.get('updated_at')}"
        strict = "changed_in_session" not in state.row
        if strict or now < before:
            yield violated("update.updated_at", message, *changes, exchange)
    elif changes:
        yield holds("update.updated_at", *changes, exchange)
    elif state.write.same:
        yield holds("update.same", state.last, exchange)
    if detail is not None and state.detail is not None:
        yield from _judge_activities(state, state.detail, detail)


def _judge_activities(state: State, before: Detail, after: Detail) -> Iterator[Finding]:
    new = [entry for entry in after.activities if entry not in before.activities]
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


def _after(state: State, write: Write, exchange: Exchange) -> State:
    """Return what must hold after a write: its value when it was accepted, else the same."""
    accepted = exchange.status == 200 and write.valid and exchange.request.who == "main"
    if not accepted:
        return replace(state, last=exchange, write=write)
    same = getattr(state, write.field) == write.value
    row = dict(state.row)
    row[write.field] = write.value if write.field == "status" else write.person
    changed = state.changed if same else (*state.changed, exchange)
    answer = shown(exchange, write.ticket)
    return replace(
        state,
        row=row,
        last=exchange,
        write=replace(write, same=same),
        changed=changed,
        answered=moment(answer.get("updated_at")) if answer else None,
    )


def _refreshed(state: State, row: Row, exchange: Exchange) -> State:
    """Go on from what was seen, so that one fault is not told again at every answer after it.

    Until a detail comes, updated_at stays: the activities are counted from the same point.
    """
    detail = _detail(exchange)
    updated = {
        **row,
        "updated_at": row.get("updated_at") if detail else state.row.get("updated_at"),
    }
    if state.changed or "changed_in_session" in state.row:
        updated["changed_in_session"] = True
    if detail is None:
        return replace(state, row=updated)
    return replace(state, row=updated, detail=detail, changed=())


def _touched_by_others(seen: Seen, state: State, row: Row) -> bool:
    """True when the ticket changed after our last write, or others are known to be at work."""
    if (row.get("status"), assignee_id(row)) == (state.status, state.assignee):
        return False
    now = moment(row.get("updated_at"))
    return seen.living or (now is not None and state.answered is not None and now > state.answered)


def _detail(exchange: Exchange) -> Detail | None:
    document = exchange.document
    if exchange.request.method != "GET" or not isinstance(document, dict):
        return None
    return Detail(exchange) if has_id(document.get("ticket")) else None


def _name(seen: Seen, exchange: Exchange) -> str:
    operation = operation_of(seen.contract, exchange)
    return "assignee" if operation and operation.id == "updateTicketAssignee" else "status"
