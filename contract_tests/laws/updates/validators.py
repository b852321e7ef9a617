"""Validators: by ETag and Last-Modified, a client can tell what it has kept from what is now."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History
from contract_tests.observations.ticket import assignee_id, moment, tickets_in

_REQUIREMENT = "answer.validators"
_SECOND = timedelta(seconds=1)
"""How exact a date in a header is."""


@law(_REQUIREMENT)
def entity_tags(history: History) -> Iterator[Finding]:
    """One ETag of one URL stands for tickets in one state: else they come out of a cache."""
    yield from _judge(history, "ETag", _tag_of, lambda before, after: before != after)


@law(_REQUIREMENT)
def modification_dates(history: History) -> Iterator[Finding]:
    """One Last-Modified stands for one state, but for what changes within its second.

    Where an ETag tells two states apart, clients do not ask by the date.
    """
    yield from _judge(history, "Last-Modified", _date_of, _is_changed_later)


@law(_REQUIREMENT)
def dates_of_updates(history: History) -> Iterator[Finding]:
    """The Last-Modified of a ticket is no older than the update that its body shows.

    Else whoever asks for what changed since that date is told that nothing did.
    """
    for detail in history.details:
        date, updated = _date_of(detail.exchange), moment(detail.ticket.get("updated_at"))
        if date is None or updated is None:
            continue
        if updated - date[0] > _SECOND:
            message = f"Last-Modified of ticket {detail.id} is older than its updated_at"
            yield violated(_REQUIREMENT, message, detail.exchange)
        else:
            yield holds(_REQUIREMENT, detail.exchange)


def _judge(
    history: History,
    name: str,
    read: Callable[[Exchange], Any],
    differ: Callable[[list[Any], list[Any]], bool],
) -> Iterator[Finding]:
    """Compare the answers of one URL that have the same validator."""
    known: dict[tuple[str, Any], Exchange] = {}
    for exchange in history.exchanges:
        request = exchange.request
        is_ours = request.method == "GET" and request.who == "main" and exchange.status == 200
        if not is_ours or not exchange.answered or read(exchange) is None:
            continue
        before = known.setdefault((request.target, read(exchange)), exchange)
        if before is exchange:
            continue
        if differ(_states(before), _states(exchange)):
            message = f"{name} is the same for the tickets before and after a change"
            yield violated(_REQUIREMENT, message, before, exchange)
        else:
            yield holds(_REQUIREMENT, before, exchange)


def _states(exchange: Exchange) -> list[Any]:
    """Return what writes change of the tickets in an answer."""
    rows = tickets_in(exchange.document)
    return [(row["id"], row.get("status"), assignee_id(row), row.get("updated_at")) for row in rows]


def _tag_of(exchange: Exchange) -> str | None:
    """Return the ETag, weak or not: neither kind is the same for another state."""
    return (exchange.header("ETag") or "").removeprefix("W/") or None


def _date_of(exchange: Exchange) -> tuple[datetime, str | None] | None:
    try:
        date = parsedate_to_datetime(exchange.header("Last-Modified") or "")
    except ValueError:
        return None
    return date, _tag_of(exchange)


def _is_changed_later(before: list[Any], after: list[Any]) -> bool:
    """True when two answers show states that are more than a second apart."""
    if before == after:
        return False
    times = [[moment(updated) for *_, updated in states] for states in (before, after)]
    latest = [max((time for time in each if time), default=None) for each in times]
    return bool(latest[0] and latest[1] and latest[1] - latest[0] > _SECOND)
