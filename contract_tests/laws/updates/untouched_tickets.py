"""Untouched tickets: a write to one ticket changes no other ticket."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.updates.activity_log import actor_of, new_entries
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row, moment
from contract_tests.observations.ticket_states import Observation
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
    written = _written(history)
    first = next((e.number for e in history.writes if e.status == 200), None)
    for ticket, observations in history.observations.items():
        if first is None or ticket in written:
            continue
        before = [s for s in observations if s.number < first]
        after = [s for s in observations if s.number > first and before and s.row != before[-1].row]
        if after:
            yield before[-1], after[0]


def changed_by_us(history: History) -> set[int]:
    """Return the tickets that changed unasked, where those that were read since show no others."""
    first = next((e for e in history.writes if e.status == 200), None)
    odd = {before.row["id"]: before for before, _ in changed_unasked(history)}
    found = {ticket: history.detail_of(ticket) for ticket in odd}
    read = [t for t, detail in found.items() if first and detail and detail.number > first.number]
    if first is None or any(_by_others(history, ticket, odd[ticket], first) for ticket in read):
        return set()
    return set(odd) if read else set()


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
    ours = exchange.request.who == "main" and exchange.status == 200
    return ours and write is not None and write.valid and write.ticket == ticket


def _written(history: History) -> set[int]:
    return {w.ticket for e in history.writes if (w := read_write(e.request))}
