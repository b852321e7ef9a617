"""Misread filters: which one of several, read wrongly, explains how many tickets a list counts."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from contract_tests.laws.finding import Finding
from contract_tests.laws.lists.filter_statements import BOOLEANS, COMBINED, LISTS, statement_of
from contract_tests.observations.filter_semantics import Reading, belongs
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row
from mockserver.contract.operation import filter_name

Pair = tuple[str, str]
_SEARCH = "filter[search]"


def blamed(
    page: Page, rows: Iterable[Row], reading: Reading, faults: list[Finding]
) -> Iterator[Finding]:
    """Yield the faults; of filters together, the one that explains the total is to blame."""
    unnamed = any(fault.requirement == COMBINED for fault in faults)
    pair = _misread(page, rows, reading) if unnamed else None
    for fault in faults:
        named = pair if fault.requirement == COMBINED else None
        yield replace(fault, requirement=statement_of(*named)) if named else fault


def _misread(page: Page, rows: Iterable[Row], reading: Reading) -> Pair | None:
    """Return the one filter that explains a wrong total; None if none does, or several do."""
    filters = page.query.filters
    if page.meta is None or _SEARCH in page.query.filter_names:
        return None
    known = list(rows)
    found = {
        pair
        for place, pair in enumerate(filters)
        for other in _misreadings(*pair)
        if _explains([*filters[:place], *other, *filters[place + 1 :]], page, known, reading)
    }
    return found.pop() if len(found) == 1 else None


def _misreadings(name: str, value: str) -> Iterator[list[Pair]]:
    """Yield what careless readings make of a filter: nothing, fewer items, or a switch that is on.

    Either one item is lost, wherever it stands, or all that come after some.
    """
    yield []
    is_list, items = filter_name(name) in LISTS, value.split(",")
    if filter_name(name) in BOOLEANS and value == "false":
        yield [(name, "true")]
    for item in dict.fromkeys(items) if is_list else ():
        left = [other for other in items if other != item]
        yield from ([(name, ",".join(left))] for _ in left[:1])
    for size in range(1, len(items)) if is_list else ():
        yield [(name, ",".join(items[:size]))]


def _explains(filters: list[Pair], page: Page, known: list[Row], reading: Reading) -> bool:
    """Return whether a list of these filters has as many tickets, and may hold each of the rows."""
    count = sum(belongs(filters, row, None, reading) is True for row in known)
    may_hold = (belongs(filters, row, None, reading) is not False for row in page.rows)
    return count == page.total and all(may_hold)
