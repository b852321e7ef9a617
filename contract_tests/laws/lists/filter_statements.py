"""Filter statements: which requirement a list with these filters is evidence for."""

from collections.abc import Iterator

from contract_tests.laws.lists.page_bounds import Candidate
from contract_tests.observations.filter_semantics import FILTERS, Reading, belongs, meets
from contract_tests.observations.history import History
from contract_tests.observations.page import Page
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
