"""New tickets: a write makes none, neither a twin of the written one nor another old one."""

from collections.abc import Iterator
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.updates.untouched_tickets import changed_unasked
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row, moment
from contract_tests.observations.ticket_states import Observation
from contract_tests.observations.write import read_write


@law("update.alone")
def none_made(history: History) -> Iterator[Finding]:
    """What appears after the writes, though every ticket was seen before, was created since."""
    first = next((e for e in history.writes if e.successful), None)
    walked = [w for w in history.walks if w.whole and first and w.last < first.number]
    if first is None or not walked:
        return
    new = [seen[0] for seen in history.observations.values() if seen[0].number > first.number]
    originals = {_traits(row): row["id"] for row in _written(history)}
    others_work = history.changed_meanwhile or any(changed_unasked(history))
    for observation in new:
        ticket, evidence = observation.row["id"], history.exchange(observation.number)
        original = originals.get(_traits(observation.row))
        if original is not None:
            message = f"ticket {ticket} came with the writes, a twin of ticket {original}"
            yield violated("update.alone", message, first, evidence)
        elif others_work:
            yield not_observed("update.alone", "others change tickets too")
        elif _is_older(history, observation):
            message = f"ticket {ticket} came with the writes, but is older than the run"
            yield violated("update.alone", message, first, evidence)
    if not new:
        yield holds("update.alone", first)


def _is_older(history: History, observation: Observation) -> bool:
    """True for a ticket that was created before the run: others may have created a younger one."""
    created, horizon = moment(observation.row.get("created_at")), history.horizon
    return created is not None and horizon is not None and created < horizon


def _written(history: History) -> Iterator[Row]:
    """Yield the tickets that were written, as they were seen first."""
    tickets = {w.ticket for e in history.writes if (w := read_write(e.request))}
    for ticket in sorted(tickets & history.observations.keys()):
        yield history.observations[ticket][0].row


def _traits(row: Row) -> tuple[Any, ...]:
    """Return what no two tickets have in common."""
    contact = row.get("contact")
    who = contact.get("id") if isinstance(contact, dict) else None
    return row.get("subject"), who, row.get("created_at")
