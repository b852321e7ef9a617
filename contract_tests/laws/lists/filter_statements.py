"""Filter statements: which requirement a list with these filters is evidence for."""

from collections.abc import Iterator

from contract_tests.laws.lists.page_bounds import Candidate
from contract_tests.observations.filter_semantics import (
    FILTERS,
    Reading,
    belongs,
    filter_of,
    meets,
)
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, ids_of
from mockserver.contract.operation import filter_name

COMBINED = "list.filter.combined"
LISTS = [name for name, known in FILTERS.items() if known.kind == "list"]
BOOLEANS = [name for name, known in FILTERS.items() if known.kind == "boolean"]


def requirements(page: Page) -> list[str]:
    """Return the requirements that a page is evidence for: its filters, else its paging."""
    if not page.query.filters:
        return ["list.paginated"]
    if len(page.query.filters) > 1:
        return [COMBINED]
    return [statement_of(*page.query.filters[0])]


def name_of(page: Page) -> str:
    """Return a page in words: its number, and the query that other pages of its list have, too."""
    asked = page.exchange.request.query
    query = "&".join(f"{name}={value}" for name, value in asked if name not in ("page", "per_page"))
    return f"page {page.query.page} of {query or 'the list'}"


def statement_of(name: str, value: str) -> str:
    """Return the requirement on one filter with such a value."""
    short = filter_name(name)
    plain = f"list.filter.{short}"
    if short not in (*LISTS, *BOOLEANS):
        return plain
    if value == "false":
        return f"{plain}.false"
    return f"{plain}.values" if "," in value else plain


def told_beside_others(
    history: History, page: Page, reading: Reading, known: list[Candidate]
) -> Iterator[str]:
    """Yield the statements on single filters that keep out a ticket that all the others let in."""
    filters = page.query.filters
    for one in filters if len(filters) > 1 else ():
        others = [pair for pair in filters if pair != one]
        texts = ((each.row, history.texts(each.id, each.row)) for each in known)
        if any(
            meets(*one, row, detail, reading) is False and belongs(others, row, detail, reading)
            for row, detail in texts
        ):
            yield statement_of(*one)


def remark(name: str, value: str, row: Row, reading: Reading) -> str:
    """Return in brackets how a filter is read, and what a ticket has in place of its values."""
    own = _own_values(name, row)
    parts = [_unusual(name, value, reading), f"it has {', '.join(own)}" if own else ""]
    said = "; ".join(filter(None, parts))
    return f" ({said})" if said else ""


def _unusual(name: str, value: str, reading: Reading) -> str:
    """Return how a filter is read, where that is not the usual way."""
    if reading.every_tag and filter_name(name) == "tag_ids" and "," in value:
        return "read as: all of them"
    return "read as: only the others" if reading.false_excludes and value == "false" else ""


def _own_values(name: str, row: Row) -> list[str]:
    """Return what a row has in place of the values of a filter; none for a term or a switch."""
    if filter_name(name) == "tag_ids":
        return [str(tag) for tag in ids_of(row, "tags")]
    known = filter_of(name)
    own = known.example(row, None) if known is not None and known.kind == "list" else None
    return [] if own is None else [own]
