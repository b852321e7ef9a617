"""Filter statements: which requirement a list with these filters is evidence for."""

from contract_tests.observations.filter_semantics import FILTERS
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
