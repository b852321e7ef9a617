"""Assigned people: whom a write assigns is a member, and looks as on every other ticket."""

from collections.abc import Iterator
from typing import Any

from contract_tests.laws.access import why_no_other
from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row, assignee_id, shown
from contract_tests.observations.write import read_write

_NAMES = ("name", "email", "timezone")
_Person = tuple[Any, ...]


@law("assignee.stored")
def same_person(history: History) -> Iterator[Finding]:
    """A ticket that was assigned shows its assignee as the tickets that nobody wrote do.

    Somebody renamed meanwhile has two faces there, too, and is not judged.
    """
    written = {w.ticket for e in history.writes if (w := read_write(e.request))}
    known = _known(history, written) if written and not history.changed_meanwhile else {}
    for exchange, row in _sightings(history, written):
        person = row.get("assignee")
        faces = known.get(assignee_id(row), set())
        if len(faces) != 1 or not isinstance(person, dict):
            continue
        wrong = _difference(_face(person), next(iter(faces)))
        if wrong is not None:
            message = f"assignee {person['id']} of ticket {row['id']} has another {wrong}"
            yield violated("assignee.stored", f"{message} than elsewhere", exchange)
            return
        yield holds("assignee.stored", exchange)


@law("assignee.workspace")
def members(history: History) -> Iterator[Finding]:
    """A user with tickets in the other workspace alone is not assigned in this one.

    Somebody may be in both without a ticket in one of them, so a person has to decide.
    """
    if "other" not in history.others:
        yield not_observed("assignee.workspace", why_no_other(history))
    else:
        reason = "no user who is only known from the other workspace was assigned"
        yield not_observed("assignee.workspace", reason)
    theirs = {assignee_id(row) for row in history.foreign_rows()} - {None}
    for exchange in history.writes:
        write = read_write(exchange.request)
        if write is None or not write.valid or exchange.request.who != "main":
            continue
        if write.value not in theirs or _seen_before(history, write.value, exchange):
            continue
        if exchange.successful:
            message = f"user {write.value}, only known from the other workspace, was assigned"
            yield violated("assignee.workspace", message, exchange)
        elif exchange.refused:
            yield holds("assignee.workspace", exchange)


def _seen_before(history: History, user: Any, exchange: Exchange) -> bool:
    """True when a ticket of this workspace showed the user as assignee before an exchange."""
    return any(
        assignee_id(seen.row) == user
        for observations in history.observations.values()
        for seen in observations
        if seen.number < exchange.number
    )


def _known(history: History, written: set[int]) -> dict[Any, set[_Person]]:
    """Return how each assignee looks on the tickets that were not written."""
    known: dict[Any, set[_Person]] = {}
    for ticket, observations in history.observations.items():
        for observation in observations if ticket not in written else ():
            person = observation.row.get("assignee")
            if isinstance(person, dict):
                known.setdefault(person.get("id"), set()).add(_face(person))
    return known


def _sightings(history: History, written: set[int]) -> Iterator[tuple[Exchange, Row]]:
    """Yield the written tickets as each answer since the first write shows them."""
    first = next((e.number for e in history.writes if e.successful), None)
    for exchange in history.exchanges:
        if first is None or exchange.number < first or not exchange.answered:
            continue
        for ticket in written:
            row = shown(exchange, ticket)
            if row is not None:
                yield exchange, row


def _difference(face: _Person, expected: _Person) -> str | None:
    """Return in what two faces differ; a part that is not shown is no difference."""
    parts = zip(_NAMES, face, expected, strict=True)
    return next((name for name, a, b in parts if None not in (a, b) and a != b), None)


def _face(person: Row) -> _Person:
    return tuple(person.get(name) for name in _NAMES)
