"""Bystanders: tickets that nobody wrote stay as they are while others are written."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contract_tests.exchange import Exchange
from contract_tests.seen import Seen, Sighting
from contract_tests.verdict import Finding, holds, law, unseen, violated
from contract_tests.views import Row, moment
from contract_tests.writing import read_write


@law("update.alone")
def other_tickets(seen: Seen) -> Iterator[Finding]:
    """Tickets that were not written look after the writes as they did before."""
    first = next((e for e in seen.writes if e.status == 200), None)
    if first is None:
        return
    odd = {before.row["id"]: (before, after) for before, after in changed_unasked(seen)}
    for ticket, sightings in seen.sightings.items():
        if ticket not in odd and sightings[0].number < first.number < sightings[-1].number:
            yield holds("update.alone", seen.exchange(sightings[-1].number))
    for ticket, (before, after) in odd.items():
        if seen.living or _by_others(seen, ticket, before, first):
            yield unseen("update.alone", "others change tickets too")
            continue
        evidence = [seen.exchange(n) for n in (before.number, first.number, after.number)]
        message = f"ticket {ticket}, which was not written, changed"
        yield violated("update.alone", message, *evidence)


def changed_unasked(seen: Seen) -> Iterator[tuple[Sighting, Sighting]]:
    """Yield how a ticket that nobody wrote was seen last before the writes, and changed after."""
    written = {w.ticket for e in seen.writes if (w := read_write(e.request))}
    first = next((e.number for e in seen.writes if e.status == 200), None)
    for ticket, sightings in seen.sightings.items():
        if first is None or ticket in written:
            continue
        before = [s for s in sightings if s.number < first]
        after = [s for s in sightings if s.number > first and before and s.row != before[-1].row]
        if after:
            yield before[-1], after[0]


def _by_others(seen: Seen, ticket: int, before: Sighting, first: Exchange) -> bool:
    """True unless the ticket's own log shows that no one else was at it since."""
    detail = seen.detail_of(ticket)
    if detail is None or detail.number < first.number:
        return True
    since = moment(before.row.get("updated_at"))
    newer = [e for e in [*detail.messages, *detail.activities] if _is_after(e, since)]
    return any(_actor(entry) not in _ourselves(seen) for entry in newer)


def _is_after(entry: Row, since: datetime | None) -> bool:
    created = moment(entry.get("created_at"))
    return created is not None and since is not None and created > since


def _actor(entry: Row) -> Any:
    user = entry.get("user")
    return user.get("id") if isinstance(user, dict) else None


def _ourselves(seen: Seen) -> set[Any]:
    """Return the users that the log names for our own writes: the latest entry of each."""
    written = {w.ticket for e in seen.writes if (w := read_write(e.request))}
    details = [detail for ticket in written if (detail := seen.detail_of(ticket))]
    return {_actor(detail.activities[-1]) for detail in details if detail.activities} | {
        _actor(detail.activities[0]) for detail in details if detail.activities
    }
