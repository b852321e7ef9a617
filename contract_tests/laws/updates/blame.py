"""Blame: which statement a written ticket breaks, and the write that explains it best."""

from typing import Any

from contract_tests.observations.exchange import Exchange
from contract_tests.observations.expected_state import State, Try, detail_in
from contract_tests.observations.ticket import assignee_id, shown
from contract_tests.observations.write import Write

_INTRUDERS = {"other": "access.workspace_write", "readonly": "access.forbidden"}


def refusal_of(write: Write, exchange: Exchange) -> str:
    """Return the statement that a refused write must have no effect."""
    if exchange.request.who != "main":
        return _INTRUDERS.get(exchange.request.who, "access.required")
    return "update.malformed" if write.malformed else f"{write.field}.refused"


def blame(state: State, name: str, value: Any, exchange: Exchange) -> tuple[str, str, Exchange]:
    """Return the statement that a field breaks, the message, and the write it is about."""
    assert state.write is not None
    assert state.last is not None
    write, culprit = _suspect(state, name, value)
    ticket, words = write.ticket, write.words
    if culprit.request.who != "main" or not write.valid:
        message = f"{words} was refused, yet {name} of ticket {ticket} changed"
        return refusal_of(write, culprit), message, culprit
    if name != write.field:
        return "update.alone", f"after {words}, {name} of ticket {ticket} has changed", culprit
    stored = detail_in(exchange) is not None or _is_answered(write, culprit) is False
    place = "stored" if stored else "listed"  # a list may lag behind a change that was answered
    message = f"after {words}, ticket {ticket} still shows another {name}"
    return f"{name}.{place}", message, culprit


def _suspect(state: State, name: str, value: Any) -> Try:
    """Return the write that explains a value best.

    That is a refused one that asked for it, one of the field whose own answer does not show it
    done, or the last write.
    """
    assert state.write is not None
    assert state.last is not None
    asked = [t for t in state.refused if t[0].field == name and t[0].value == value]
    of_field = [t for t in state.refused if t[0].field == name]
    undone = [t for t in state.unseen if t[0].field == name and not _is_answered(*t)]
    return (asked or of_field or undone or [(state.write, state.last)])[-1]


def _is_answered(write: Write, exchange: Exchange) -> bool | None:
    """Return whether the answer to a write shows what was written; None without the ticket."""
    row = shown(exchange, write.ticket)
    if row is None:
        return None
    return bool(write.value == (row.get("status") if write.field == "status" else assignee_id(row)))
