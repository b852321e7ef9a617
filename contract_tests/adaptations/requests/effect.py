"""Whether a response shows the effect of a parameter of the list."""

from collections.abc import Iterable

from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.filter_semantics import Reading, UnknownFilter, meets
from contract_tests.observations.ticket import Row, has_id, ids_of, is_integer

NUMBERS = {"per_page": "per_page", "page": "current_page"}
"""Parameter → the number of `meta` that repeats its value."""
_MINE = "filter[assigned_to_me]"


def ignored(exchange: Exchange) -> list[str]:
    """Return the parameters of several words that the response contradicts."""
    if exchange.request.path != LIST_PATH or exchange.status != 200:
        return []
    given = exchange.request.parameters
    return [name for name in given if "_" in name and _contradicts(name, given[name], exchange)]


def shown(name: str, value: str, exchange: Exchange, known: Iterable[Row]) -> bool | None:
    """Return whether a list shows the effect of a documented parameter and its value.

    None: nothing tells, or a list without it could be the same. `known` are the tickets that
    other lists show.
    """
    if _contradicts(name, value, exchange):
        return False
    if name in NUMBERS:
        return True if _number(name, exchange) is not None else None
    rows = rows_of(exchange)
    if name == _MINE:
        mine = {_assignee(row) for row in rows} if value == "true" else set()
        return True if mine and any(_assignee(row) not in mine for row in known) else None
    if not rows or any(_meets(name, value, row) is not True for row in rows):
        return None
    return True if any(_meets(name, value, row) is False for row in known) else None


def rows_of(exchange: Exchange) -> list[Row]:
    """Return the tickets that a list shows."""
    data = exchange.member("data")
    return [row for row in data if has_id(row)] if isinstance(data, list) else []


def _contradicts(name: str, value: str, exchange: Exchange) -> bool:
    if name in NUMBERS:
        return _number(name, exchange) not in (None, value)
    rows = rows_of(exchange)
    if name == _MINE:
        mine = {_assignee(row) for row in rows if "assignee" in row}
        return value == "true" and (len(mine) > 1 or None in mine)
    return any(_meets(name, value, row) is False for row in rows)


def _number(name: str, exchange: Exchange) -> str | None:
    meta = exchange.member("meta")
    number = meta.get(NUMBERS[name]) if isinstance(meta, dict) else None
    return str(number) if is_integer(number) else None


def _assignee(row: Row) -> int | None:
    return next(ids_of(row, "assignee"), None)


def _meets(name: str, value: str, row: Row) -> bool | None:
    """Return whether a ticket meets a filter; None if that is open, or it is no filter."""
    try:
        return meets(name, value, row, None, Reading())
    except (ValueError, UnknownFilter):
        return None
