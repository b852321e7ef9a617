"""The expected state of a ticket: what was observed of it, and the writes since then."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from contract_tests.observations.exchange import Exchange
from contract_tests.observations.ticket import (
    Detail,
    Row,
    assignee_id,
    has_id,
    is_integer,
    moment,
)
from contract_tests.observations.write import Write

Try = tuple[Write, Exchange]
"""A write that was sent, and its exchange."""


@dataclass(frozen=True)
class State:
    """What a ticket must look like after the writes so far."""

    row: Row
    detail: Detail | None = None
    last: Exchange | None = None
    write: Write | None = None
    changed: tuple[Exchange, ...] = field(default=())
    refused: tuple[Try, ...] = field(default=())
    """Writes since the last sighting that must have no effect."""
    unseen: tuple[Try, ...] = field(default=())
    """Accepted writes since the last sighting."""
    sent: tuple[Try, ...] = field(default=())
    """Every write since the last detail, whatever became of it."""
    answer: Row | None = None
    """The ticket in the answer to the last accepted write."""

    @property
    def status(self) -> Any:
        return self.row.get("status")

    @property
    def assignee(self) -> Any:
        return assignee_id(self.row)

    @property
    def answered(self) -> datetime | None:
        """updated_at in that answer: what is newer was touched by others since."""
        return moment(self.answer.get("updated_at")) if self.answer else None

    @property
    def accepted(self) -> bool:
        """True when the last write is one that must show."""
        return self.last is not None and self.write is not None and not self.refused

    def shows(self, row: Row) -> bool:
        """True when a row has the status and the assignee that were written."""
        return (row.get("status"), assignee_id(row)) == (self.status, self.assignee)


def first_state(row: Row, exchange: Exchange) -> State:
    return State(row, detail_in(exchange))


def in_known_form(row: Row, known: Row) -> Row:
    """Return a row with what is known in place of a field of another type.

    The law of shapes judges its form; its value cannot be compared.
    """
    other = {
        name: known[name]
        for name, value in row.items()
        if known.get(name) is not None and value is not None and _is_other(value, known[name])
    }
    return {**row, **other} if other else row


def _is_other(value: Any, known: Any) -> bool:
    """True for values of different types; an id in place of its object can be compared."""
    return type(value) is not type(known) and not (is_integer(value) or is_integer(known))


def seen_before(state: State, row: Row, exchange: Exchange) -> State:
    """Return the state of a ticket that was not written yet: a detail counts while it is alike."""
    found = first_state(row, exchange)
    alike = all(state.row.get(name) == value for name, value in row.items())
    return replace(found, detail=found.detail or (state.detail if alike else None))


def changed_by_others(state: State, row: Row, exchange: Exchange) -> State:
    """Return the state that others left; only a detail tells all that they did."""
    found = first_state({**row, "changed_in_session": True}, exchange)
    if found.detail is None:
        return replace(found, detail=state.detail, changed=state.changed, sent=state.sent)
    return found


def after(state: State, write: Write, exchange: Exchange, answer: Row | None) -> State:
    """Return what must hold after a write: its value when it was accepted, else the same.

    `answer` is the ticket in the answer, if it shows one.
    """
    if not exchange.successful or not write.valid or exchange.request.who != "main":
        tries = (*state.refused, (write, exchange))
        state = sent(state, write, exchange)
        return replace(state, last=exchange, write=write, refused=tries)
    row = dict(state.row)
    row[write.field] = write.value if write.field == "status" else write.person
    if write.free:  # what it was taken for, only the answer tells
        row[write.field] = (answer or state.row).get(write.field)
    same = state.shows(row)
    write = replace(write, same=same)
    return replace(
        sent(state, write, exchange),
        row=row,
        last=exchange,
        write=write,
        changed=state.changed if same else (*state.changed, exchange),
        refused=(),
        unseen=(*state.unseen, (write, exchange)),
        answer=answer,
    )


def sent(state: State, write: Write, exchange: Exchange) -> State:
    """Return the same with one write more that was sent since the last detail."""
    return replace(state, sent=(*state.sent, (write, exchange)))


def seen_again(state: State, row: Row, exchange: Exchange) -> State:
    """Go on from what was seen, so that one violation is not reported again for every later answer.

    Until a detail comes, updated_at stays: the activities are counted from the same point.
    """
    detail = detail_in(exchange)
    updated = {
        **row,
        "updated_at": row.get("updated_at") if detail else state.row.get("updated_at"),
    }
    written = any(e.successful for _, e in state.sent)  # it may be dated anew, changed or not
    if written or "changed_in_session" in state.row:
        updated["changed_in_session"] = True
    if detail is None:
        return replace(state, row=updated, refused=(), unseen=())
    return replace(state, row=updated, detail=detail, changed=(), refused=(), unseen=(), sent=())


def detail_in(exchange: Exchange) -> Detail | None:
    document = exchange.document
    if exchange.request.method != "GET" or not isinstance(document, dict):
        return None
    return Detail(exchange) if has_id(document.get("ticket")) else None
