"""Walks over the whole list: what they show of the changes that others made meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, moment
from contract_tests.observations.ticket_states import Observation

Sightings = Mapping[int, list[Observation]]


@dataclass
class Walk:
    """A walk over the unfiltered list: the exchanges from `first` to `last`."""

    first: int
    last: int
    whole: bool


def changed_between(
    first: Walk, second: Walk, sightings: Sightings, horizon: datetime | None
) -> set[int]:
    """Return the tickets that two walks show otherwise, or one of two whole ones only."""
    changed = set()
    both_whole = first.whole and second.whole
    for ticket, observations in sightings.items():
        before, after = _at(observations, first), _at(observations, second)
        if not both_whole and (before is None or after is None):
            continue
        updated = moment(after.get("updated_at")) if after else None
        if before != after and (updated is None or horizon is None or updated >= horizon):
            changed.add(ticket)
    return changed


def changed_since(walk: Walk, sightings: Sightings, horizon: datetime | None) -> bool:
    """True when a run that ended before its second walk saw a ticket change, or a new one."""
    for observations in sightings.values():
        before, now = _at(observations, walk), observations[-1].row
        updated = moment(now.get("updated_at"))
        if before != now and updated is not None and horizon is not None and updated > horizon:
            return True
    return False


def deleted_between(first: Walk, second: Walk, sightings: Sightings, pages: list[Page]) -> bool:
    """True when the total fell between walks, and tickets are gone, or it fell in the first.

    A walk during which a ticket is deleted is not whole: the pages after it move up by one.
    """
    before, after = _pages_of(first, pages), _pages_of(second, pages)
    if not (before and after and after[-1].reaches_end and after[-1].complete):
        return False
    if all(after[place].total >= before[place].total for place in (0, -1)):
        return False
    fell_in_first = before[-1].total < before[0].total
    return (fell_in_first and second.whole) or any(
        observations[-1].number < second.first and _at(observations, first) is not None
        for observations in sightings.values()
    )


def _pages_of(walk: Walk, pages: list[Page]) -> list[Page]:
    return [page for page in pages if walk.first <= page.number <= walk.last]


def _at(observations: list[Observation], walk: Walk) -> Row | None:
    for sighting in observations:
        if walk.first <= sighting.number <= walk.last:
            return sighting.row
    return None
