"""Conservation: a ticket's time of update never goes back, and nothing leaves its thread."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.laws.tickets.clock import date_of
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Detail, moment
from contract_tests.observations.ticket_states import Observation
from contract_tests.observations.write import read_write

_FRACTION = timedelta(seconds=1)
"""Less than that is a fraction of a second that one of two answers does not show."""


@law("ticket.updated_at")
def never_back(history: History) -> Iterator[Finding]:
    """From answer to answer updated_at stays or grows, also after refused writes."""
    for observations in history.observations.values():
        fall = _fall(observations)
        if fall is not None:
            before, after = fall
            message = (
                f"updated_at of ticket {after.row['id']} goes back from "
                f"{before.row['updated_at']} to {after.row['updated_at']}"
            )
            evidence = (history.exchange(before.number), history.exchange(after.number))
            yield violated("ticket.updated_at", message, *evidence, fragile=True)
        elif len(observations) > 1:
            yield holds("ticket.updated_at", history.exchange(observations[-1].number))


def _fall(observations: list[Observation]) -> tuple[Observation, Observation] | None:
    """Return the first sighting that is older than one before it, with that one.

    A ticket as it was seen before comes from a copy that lags behind; other laws judge that.
    """
    latest: tuple[datetime, Observation] | None = None
    seen: set[int] = set()
    for observation in observations:
        updated = moment(observation.row.get("updated_at"))
        if updated is None:
            continue
        if latest and updated <= latest[0] - _FRACTION and id(observation.row) not in seen:
            return latest[1], observation
        if latest is None or updated > latest[0]:
            latest = updated, observation
        seen.add(id(observation.row))
    return None


@law("ticket.updated_at")
def reading_dates_nothing(history: History) -> Iterator[Finding]:
    """A ticket is not updated by being read.

    Somebody else may change one at the moment that we read it, and leave no trace but the time; two
    of them are no chance.
    """
    dated = [found for detail in history.details if (found := _dated_by(history, detail))]
    if len(dated) < 2:
        return
    detail, after = dated[0]
    message = f"reading ticket {detail.id} moves its updated_at to {after.row['updated_at']}"
    evidence = (detail.exchange, history.exchange(after.number), dated[1][0].exchange)
    yield violated("ticket.updated_at", message, *evidence)


def _dated_by(history: History, detail: Detail) -> tuple[Detail, Observation] | None:
    """Return a detail with the sighting that shows the time of reading it as that of an update."""
    read_at, seen = date_of(detail.exchange), history.observations.get(detail.id, [])
    place = bisect_left(seen, detail.number, key=lambda sighting: sighting.number)
    if read_at is None or not 0 < place < len(seen):
        return None
    before, first = seen[place - 1], seen[place]
    until_next = takewhile(lambda s: s is first or not s.detail, seen[place:])
    after = next((s for s in until_next if s.row != before.row), None)
    if after is None or _is_written(history, before, after):
        return None
    changed = {name for name in before.row if before.row[name] != after.row.get(name)}
    updated = moment(after.row.get("updated_at"))
    if changed != {"updated_at"} or updated is None or abs(updated - read_at) > _FRACTION:
        return None
    return None if _is_logged(history.detail_of(detail.id) or detail, updated) else (detail, after)


def _is_logged(detail: Detail, updated: datetime) -> bool:
    """Return whether a message or an entry of the log tells of an update."""
    times = (moment(entry.get("created_at")) for entry in (*detail.messages, *detail.activities))
    return any(time is not None and abs(time - updated) <= _FRACTION for time in times)


def _is_written(history: History, before: Observation, after: Observation) -> bool:
    """Return whether a write of ours to the ticket came between two sightings of it."""
    between = range(before.number, after.number)
    writes = (read_write(e.request) for e in history.writes if e.number in between)
    return any(write is not None and write.ticket == after.row["id"] for write in writes)


@law("detail.messages", "detail.activities")
def threads_stay_whole(history: History) -> Iterator[Finding]:
    """While a ticket rests, no message leaves it and its log gets no shorter.

    What is lost with a change, the laws of updates judge.
    """
    details: dict[int, list[Detail]] = {}
    for detail in history.details:
        details.setdefault(detail.id, []).append(detail)
    for each in details.values():
        for before, after in pairwise(each):
            if before.ticket.get("updated_at") == after.ticket.get("updated_at"):
                yield from _compare(before, after)


def _compare(before: Detail, after: Detail) -> Iterator[Finding]:
    evidence = (before.exchange, after.exchange)
    kept = {message.get("id") for message in after.messages}
    lost = [message for message in before.messages if message.get("id") not in kept]
    if lost:
        message = f"{len(lost)} of {len(before.messages)} messages of ticket {after.id} are gone"
        yield violated("detail.messages", message, *evidence, fragile=True)
    elif before.messages:
        yield holds("detail.messages", *evidence)
    missing = len(before.activities) - len(after.activities)
    if missing > 0:
        message = f"{missing} of {len(before.activities)} activities of ticket {after.id} are gone"
        yield violated("detail.activities", message, *evidence, fragile=True)
    elif before.activities:
        yield holds("detail.activities", *evidence)
