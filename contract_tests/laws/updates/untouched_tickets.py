"""Untouched tickets: a write to one ticket changes no other ticket."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.updates.activity_log import new_entries
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row, actor_of, moment
from contract_tests.observations.ticket_states import Change, Observation
from contract_tests.observations.write import read_write

_MOMENT = timedelta(seconds=2)
"""How far the dates of a write and of its effect may be apart."""


@law("update.alone")
def other_tickets(history: History) -> Iterator[Finding]:
    """Tickets that were not written look after the writes as they did before."""
    first = next((e for e in history.writes if e.successful), None)
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
    written = _written(history)
    first = next((e.number for e in history.writes if e.successful), None)
    for ticket, observations in history.observations.items():
        if first is None or ticket in written:
            continue
        before = [s for s in observations if s.number < first]
        after = [s for s in observations if s.number > first and before and s.row != before[-1].row]
        if after:
            yield before[-1], after[0]


def changed_by_us(history: History) -> set[int]:
    """Return the tickets that changed unasked, if all of them look like effects of our writes.

    Each has to show what one of our writes set, at its time, and nothing else; those that were read
    since must show nobody else in their log. Our user may be at work elsewhere, too.
    """
    first = next((e for e in history.writes if e.successful), None)
    odd = {before.row["id"]: (before, after) for before, after in changed_unasked(history)}
    if first is None or not all(_is_effect(history, *pair) for pair in odd.values()):
        return set()
    details = {ticket: history.detail_of(ticket) for ticket in odd}
    read = [ticket for ticket, found in details.items() if found and found.number > first.number]
    if not read or any(_by_others(history, ticket, odd[ticket][0], first) for ticket in read):
        return set()
    return set(odd)


def _is_effect(history: History, before: Observation, after: Observation) -> bool:
    """True where a ticket took on what a write of ours set, undated or at the time of the write."""
    names = before.row.keys() | after.row.keys()
    changed = {name for name in names if before.row.get(name) != after.row.get(name)}
    return any(
        changed <= {change.field, "updated_at"}
        and (change.field not in changed or _value(change.row, change) == _value(after.row, change))
        and ("updated_at" not in changed or _at_once(change.row, after.row))
        for changes in history.changes.values()
        for change in changes
        if change.row is not None
    )


def _value(row: Row | None, change: Change) -> object:
    found = row.get(change.field) if row is not None else None
    return found.get("id") if isinstance(found, dict) else found


def _at_once(written: Row | None, row: Row) -> bool:
    """True for two tickets that were dated within a moment of each other."""
    one, two = (moment(each.get("updated_at")) if each else None for each in (written, row))
    return one is not None and two is not None and abs(one - two) <= _MOMENT


def _by_others(history: History, ticket: int, before: Observation, first: Exchange) -> bool:
    """True unless the ticket's own log shows that no one else was at it since."""
    detail, ourselves = history.detail_of(ticket), our_users(history)
    if detail is None or detail.number < first.number or not ourselves:
        return True
    since = moment(before.row.get("updated_at"))
    newer = [e for e in [*detail.messages, *detail.activities] if _is_after(e, since)]
    return any(actor_of(entry) not in ourselves for entry in newer)


def _is_after(entry: Row, since: datetime | None) -> bool:
    created = moment(entry.get("created_at"))
    return created is not None and since is not None and created > since


def our_users(history: History) -> set[Any]:
    """Return the user that our own new log entries name; empty when they leave that in doubt.

    Only entries that came between two details of a written ticket count, where there are no more
    of them than changes of ours: with more, somebody else was at the ticket too.
    """
    votes = Counter(
        actor for ticket in sorted(_written(history)) for actor in _new_actors(history, ticket)
    )
    if not votes:
        return set()
    actor, count = votes.most_common(1)[0]
    return {actor} if count * 2 > votes.total() else set()


def _new_actors(history: History, ticket: int) -> Iterator[Any]:
    writes = [e.number for e in history.writes if _is_change(e, ticket)]
    details = [detail for detail in history.details if detail.id == ticket]
    for before, after in pairwise(details):
        changes = sum(before.number < number < after.number for number in writes)
        new = new_entries(before, after)
        if len(new) <= changes:
            yield from (actor for entry in new if (actor := actor_of(entry)) is not None)


def _is_change(exchange: Exchange, ticket: int) -> bool:
    write = read_write(exchange.request)
    ours = exchange.request.who == "main" and exchange.successful
    return ours and write is not None and write.valid and write.ticket == ticket


def _written(history: History) -> set[int]:
    return {w.ticket for e in history.writes if (w := read_write(e.request))}
