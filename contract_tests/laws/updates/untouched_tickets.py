"""Untouched tickets: a write to one ticket changes no other ticket."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History, Observation
from contract_tests.observations.ticket import Row, moment
from contract_tests.observations.write import read_write


@law("update.alone")
def other_tickets(history: History) -> Iterator[Finding]:
    """Tickets that were not written look after the writes as they did before."""
    first = next((e for e in history.writes if e.status == 200), None)
    if first is None:
        return
    odd = {before.row["id"]: (before, after) for before, after in changed_unasked(history)}
    for ticket, observations in history.observations.items():
        if ticket not in odd and observations[0].number < first.number < observations[-1].number:
            yield holds("update.alone", history.exchange(observations[-1].number))
    for ticket, (before, after) in odd.items():
        if history.changed_meanwhile or _by_others(history, ticket, before, first):
            yield not_observed("update.alone", "others change tickets too")
            continue
        evidence = [history.exchange(n) for n in (before.number, first.number, after.number)]
        message = f"ticket {ticket}, which was not written, changed"
        yield violated("update.alone", message, *evidence)


def changed_unasked(history: History) -> Iterator[tuple[Observation, Observation]]:
    """Yield the last state before the writes and the changed state after, for unwritten tickets."""
    written = {w.ticket for e in history.writes if (w := read_write(e.request))}
    first = next((e.number for e in history.writes if e.status == 200), None)
    for ticket, observations in history.observations.items():
        if first is None or ticket in written:
            continue
        before = [s for s in observations if s.number < first]
        after = [s for s in observations if s.number > first and before and s.row != before[-1].row]
        if after:
            yield before[-1], after[0]


def _by_others(history: History, ticket: int, before: Observation, first: Exchange) -> bool:
    """True unless the ticket's own log shows that no one else was at it since."""
    detail = history.detail_of(ticket)
    if detail is None or detail.number < first.number:
        return True
    since = moment(before.row.get("updated_at"))
    newer = [e for e in [*detail.messages, *detail.activities] if _is_after(e, since)]
    return any(_actor(entry) not in _ourselves(history) for entry in newer)


def _is_after(entry: Row, since: datetime | None) -> bool:
    created = moment(entry.get("created_at"))
    return created is not None and since is not None and created > since


def _actor(entry: Row) -> Any:
    user = entry.get("user")
    return user.get("id") if isinstance(user, dict) else None


def _ourselves(history: History) -> set[Any]:
    """Return the users that the log names for our own writes: the latest entry of each."""
    written = {w.ticket for e in history.writes if (w := read_write(e.request))}
    details = [detail for ticket in written if (detail := history.detail_of(ticket))]
    return {_actor(detail.activities[-1]) for detail in details if detail.activities} | {
        _actor(detail.activities[0]) for detail in details if detail.activities
    }
