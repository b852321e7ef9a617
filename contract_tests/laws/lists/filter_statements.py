"""Filter statements: which requirement a list with these filters is evidence for."""

from collections.abc import Iterator

from contract_tests.laws.lists.page_bounds import Candidate
from contract_tests.observations.filter_semantics import FILTERS, Reading, belongs, meets
from contract_tests.observations.history import History
from contract_tests.observations.page import Page

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
    plain = f"list.filter.{name[7:-1]}"
    if FILTERS[name[7:-1]].kind == "text":
        return plain
    if value == "false":
        return f"{plain}.false"
    return f"{plain}.values" if "," in value else plain


def told_beside_others(
    history: History, page: Page, reading: Reading, known: list[Candidate]
) -> Iterator[str]:
    """Yield the statements on single filters that keep out a ticket that all the others let in."""
    for one in page.query.filters if len(page.query.filters) > 1 else ():
        others = [pair for pair in page.query.filters if pair != one]
        for each in known:
            detail = history.texts(each.id, each.row)
            if meets(*one, each.row, detail, reading) is False and belongs(
                others, each.row, detail, reading
            ):
                yield statement_of(*one)
                break
