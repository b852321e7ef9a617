"""Filters in company: with each other, with sorts, and on later pages."""

from typing import Any

from contract_tests.combining import Combiner
from contract_tests.laws.membership import who_am_i
from contract_tests.plan import probe
from contract_tests.probes.listing import LISTS
from contract_tests.scout import Scout, ids_of
from contract_tests.terms import subject_terms
from contract_tests.views import Row

_SORTS = ("created_at", "-created_at", "updated_at", "-updated_at")
_SIZES = (100, 100, 10, 7, 3)


@probe("GET /api/tickets with three filters at once, each of which matters", topics=LISTS)
def first_pair(scout: Scout) -> None:
    _combine(scout, 1, (3, 2))


@probe(
    "GET /api/tickets with filters together, until each was asked for beside each other one",
    since="standard",
    topics=LISTS,
)
def pairs(scout: Scout) -> None:
    if scout.profile == "deep":
        _combine(scout, 40, (2,))
    _combine(scout, 8, (3, 2))


def _combine(scout: Scout, most: int, sizes: tuple[int, ...]) -> None:
    """Ask for filters together, as long as that tells something new."""
    combiner = Combiner(scout.seen, scout.rows(), who_am_i(scout.seen), scout.rng)
    for _ in range(most):
        combination = combiner.next(sizes)
        if combination is None:
            return
        sort = scout.rng.choice(_SORTS)
        scout.list_tickets("filters together", **combination.values, sort=sort, per_page=100)


@probe("GET /api/tickets/{id} and filters, sorts and pages by lot, while the budget lasts",
       topics=(*LISTS, "detail"))  # fmt: skip
def by_lot(scout: Scout) -> None:
    """Spend what is left of the budget on details and combinations; deep stops at 150."""
    for number in range(150):
        if not scout.target.budget.allows():
            return
        if number % 3:
            _another_detail(scout)
            continue
        names = scout.rng.sample(
            ("status", "channel_ids", "tag_ids", "search", "who"), k=number // 3 % 3 + 1
        )
        query = _query(scout, tuple(names))
        size = scout.rng.choice(_SIZES)
        page = 1 if size == 100 else scout.rng.choice((1, 2, 3))
        scout.list_tickets(
            "by lot", **query, sort=scout.rng.choice(_SORTS), per_page=size, page=page
        )


def _another_detail(scout: Scout) -> None:
    known = {detail.id for detail in scout.seen.details}
    rest = [ticket for ticket in sorted(scout.seen.sightings) if ticket not in known]
    if rest:
        scout.detail(scout.rng.choice(rest), "by lot")


def _query(scout: Scout, names: tuple[str, ...]) -> dict[str, Any]:
    """Return filters that one ticket meets all of."""
    rows = scout.pick(
        scout.rows(), lambda row: all(_value(row, name) is not None for name in names)
    )
    return {key: value for name in names for key, value in _filter(rows[0], name)} if rows else {}


def _filter(row: Row, name: str) -> list[tuple[str, Any]]:
    if name == "who":
        return [("unassigned" if row.get("assignee") is None else "assigned_to_me", True)]
    return [(name, _value(row, name))]


def _value(row: Row, name: str) -> Any:
    if name == "status":
        return _status(row)
    if name == "who":
        return "assignee" in row or None
    if name == "search":
        term = next(subject_terms(row), None)
        return term.text if term else None
    return next(ids_of(row, name.removesuffix("_ids") if name == "channel_ids" else "tags"), None)


def _status(row: Row) -> str | None:
    status = row.get("status")
    return status if status in ("open", "closed", "spam") else None
