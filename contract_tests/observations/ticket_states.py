"""Ticket states: what a ticket was at an exchange, by its sightings and the answers to writes."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from contract_tests.observations.exchange import Exchange
from contract_tests.observations.ticket import Row, shown
from contract_tests.observations.write import Write

_MOVED = "updated_at"
"""The field that a write changes beside the one written."""


@dataclass(frozen=True)
class Observation:
    """One ticket as one exchange showed it, cut down to the fields of a list row."""

    number: int
    row: Row
    detail: bool


@dataclass(frozen=True)
class Change:
    """A write that may have changed a ticket, and the ticket as it left it.

    `row` is None where nobody knows: the answer did not come, or does not show the ticket.
    """

    number: int
    field: str
    row: Row | None


_Event = TypeVar("_Event", Observation, Change)
_number = attrgetter("number")


def may_change(write: Write, exchange: Exchange) -> bool:
    """Return whether a ticket may be another after a write: not after one that was refused."""
    return not exchange.client_error or not exchange.answered or write.free


def answered_row(write: Write, exchange: Exchange) -> Row | None:
    """Return the ticket in the answer to a write of ours that was carried out."""
    return shown(exchange, write.ticket) if exchange.answered else None


def certain_row(seen: list[Observation], changes: list[Change], number: int) -> Row | None:
    """Return a ticket as it certainly was at an exchange: alike right before and after.

    What comes before or after may be a write of ours: it tells what it left, and that nothing else
    was changed until then.
    """
    before, after = _neighbors(seen, number)
    earlier, later = _neighbors(changes, number)
    row = before.row if before else None
    if earlier is not None and (before is None or earlier.number > before.number):
        row = earlier.row
    if row is None:
        return None
    if later is not None and (after is None or later.number < after.number):
        return row if _began_with(later, row) else None
    return row if after is not None and after.row is row else None


def latest_row(seen: list[Observation], changes: list[Change]) -> Row:
    """Return a ticket as the last sighting, or the last answer to a write after it, shows it."""
    last = changes[-1] if changes else None
    if last is not None and last.row is not None and last.number > seen[-1].number:
        return last.row
    return seen[-1].row


def _neighbors(events: Sequence[_Event], number: int) -> tuple[_Event | None, _Event | None]:
    """Return the last event before an exchange, and the first after it."""
    if not events:
        return None, None
    at = bisect_left(events, number, key=_number)
    before = events[at - 1] if at else None
    while at < len(events) and events[at].number == number:
        at += 1
    return before, events[at] if at < len(events) else None


def _began_with(change: Change, row: Row) -> bool:
    """Return whether a write left everything but its own field as a row shows it."""
    if change.row is None:
        return False
    kept = row.keys() | change.row.keys()
    return all(row.get(n) == change.row.get(n) for n in kept - {change.field, _MOVED})
