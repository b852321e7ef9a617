"""Combinations of filters with each other, with sorts, and on later pages."""

from typing import Any

from contract_tests.observations.filter_semantics import FILTERS
from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import Row
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.filter_combinations import Combiner
from contract_tests.probes.lists import LISTS
from contract_tests.probes.plan import probe
from contract_tests.probes.search_terms import subject_terms

_SORTS = ("created_at", "-created_at", "updated_at", "-updated_at")
_SIZES = (100, 100, 10, 7, 3)


@probe("GET /api/tickets with three filters at once, each of which matters", topics=LISTS)
def first_pair(explorer: Explorer) -> None:
    _combine(explorer, 1, (3, 2))


@probe(
    "GET /api/tickets with filters together, until each was asked for beside each other one",
    since="standard",
    topics=LISTS,
)
def pairs(explorer: Explorer) -> None:
    if explorer.profile == "deep":
        _combine(explorer, 40, (2,))
    _combine(explorer, 8, (3, 2))


def _combine(explorer: Explorer, most: int, sizes: tuple[int, ...]) -> None:
    """Ask for filters together, as long as that tells something new."""
    combiner = Combiner(explorer.history, explorer.rows(), who_am_i(explorer.history), explorer.rng)
    for _ in range(most):
        combination = combiner.next(sizes)
        if combination is None:
            return
        sort = explorer.rng.choice(_SORTS)
        explorer.list_tickets("filters together", **combination.values, sort=sort, per_page=100)


@probe("GET /api/tickets/{id} and filters, sorts and pages by lot, while the budget lasts",
       topics=(*LISTS, "detail"))  # fmt: skip
def by_lot(explorer: Explorer) -> None:
    """Spend what is left of the budget on details and combinations; deep stops at 150."""
    for number in range(150):
        if not explorer.target.budget.allows():
            return
        if number % 3:
            _another_detail(explorer)
            continue
        names = explorer.rng.sample(
            ("status", "channel_ids", "tag_ids", "search", "who"), k=number // 3 % 3 + 1
        )
        query = _query(explorer, tuple(names))
        size = explorer.rng.choice(_SIZES)
        page = 1 if size == 100 else explorer.rng.choice((1, 2, 3))
        explorer.list_tickets(
            "by lot", **query, sort=explorer.rng.choice(_SORTS), per_page=size, page=page
        )


def _another_detail(explorer: Explorer) -> None:
    known = {detail.id for detail in explorer.history.details}
    rest = [ticket for ticket in sorted(explorer.history.observations) if ticket not in known]
    if rest:
        explorer.detail(explorer.rng.choice(rest), "by lot")


def _query(explorer: Explorer, names: tuple[str, ...]) -> dict[str, Any]:
    """Return filters that one ticket meets all of."""
    rows = explorer.pick(
        explorer.rows(), lambda row: all(_value(row, name) is not None for name in names)
    )
    return {key: value for name in names for key, value in _filter(rows[0], name)} if rows else {}


def _filter(row: Row, name: str) -> list[tuple[str, Any]]:
    if name == "who":
        return [("unassigned" if row.get("assignee") is None else "assigned_to_me", True)]
    return [(name, _value(row, name))]


def _value(row: Row, name: str) -> Any:
    if name == "who":
        return "assignee" in row or None
    if name == "search":
        term = next(subject_terms(row), None)
        return term.text if term else None
    return FILTERS[name].example(row, None)
