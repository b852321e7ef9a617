"""Combinations of filters with each other, with sorts, and on later pages."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from contract_tests.observations.filter_semantics import FILTERS, Reading, meets
from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import Row
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.lists import LISTS
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.filter_combinations import Combiner
from contract_tests.probes.queries.search_terms import message_terms, subject_terms

_SHUTTING = ("channel_ids", "tag_ids", "unassigned")


@probe("GET /api/tickets with up to five filters at once, each of which matters", topics=LISTS,
       between=False)  # fmt: skip
def first_combinations(explorer: Explorer) -> None:
    _combine(explorer, 3, (5, 4, 3, 2))


@probe("GET /api/tickets with up to five filters at once, each of which matters", topics=LISTS,
       between=True)  # fmt: skip
def one_combination(explorer: Explorer) -> None:
    _combine(explorer, 1, (5, 4, 3, 2))


@probe(
    "GET /api/tickets with filters together, until each was asked for beside each other one, before"
    " and after it, with each sort, with small pages and on later ones",
    since="standard",
    topics=LISTS,
)
def pairs(explorer: Explorer) -> None:
    if explorer.profile == "deep":
        _combine(explorer, 60, (2,))
    _combine(explorer, 7, (4, 3, 2))


@probe(
    "GET /api/tickets?filter[search]={a word of a message}&{a filter that shuts its ticket out}",
    topics=LISTS,
)
def excluding_combinations(explorer: Explorer) -> None:
    """A ticket that only a message brings into a search is subject to the other filters too."""
    used = {term.lower() for term in _searched(explorer)}
    most = 1 if explorer.profile == "quick" else 2
    for number, (term, row) in enumerate(islice(_unsearched(explorer, used), most)):
        others = [_other_value(explorer, row, name) for name in ("status", *_SHUTTING)]
        values = [pair for pair in others if pair is not None]
        if not values:  # no ticket has another value of any filter
            return
        name, value = values[number % len(values)]
        query = {"search": term, name: value}
        if number % 2:
            query = dict(reversed(query.items()))
        explorer.list_tickets("a search for a ticket that a filter shuts out", **query, per_page=50)


def _searched(explorer: Explorer) -> Iterator[str]:
    for page in explorer.history.pages:
        yield from (value for name, value in page.query.filters if name == "filter[search]")


def _unsearched(explorer: Explorer, used: set[str]) -> Iterator[tuple[str, Row]]:
    """Yield words that stand in one message only and were not searched for, with their tickets."""
    for detail in explorer.history.details:
        for index in range(len(detail.messages)):
            terms = message_terms(detail, index, explorer.rng)
            term = next((t.text for t in terms if t.text.lower() not in used), None)
            if term is not None:
                yield term, detail.ticket
                break


def _other_value(explorer: Explorer, row: Row, name: str) -> tuple[str, Any] | None:
    """Return a filter with a value that other tickets meet, and this one does not."""
    me = who_am_i(explorer.history)
    for other in explorer.rows():
        value = FILTERS[name].example(other, me)
        if value and meets(f"filter[{name}]", value, row, None, Reading(me=me)) is False:
            return name, value
    return None


def _combine(explorer: Explorer, most: int, sizes: tuple[int, ...]) -> None:
    """Ask for filters together, as long as that tells something new."""
    me = who_am_i(explorer.history)
    combiner = Combiner(explorer.history, explorer.rows(), me, explorer.rng, explorer.told)
    for _ in range(most):
        combination = combiner.next(sizes)
        if combination is None:
            return
        values = combination.values
        form = explorer.forms.next(values, combiner.members(values))
        explorer.list_tickets("filters together", **form.query(values))


@probe("GET /api/tickets/{id} and filters, sorts and pages at random, while the budget lasts",
       topics=(*LISTS, "detail"))  # fmt: skip
def random_queries(explorer: Explorer) -> None:
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
        explorer.list_tickets("at random", **explorer.forms.next(query, 1).query(query))


def _another_detail(explorer: Explorer) -> None:
    known = {detail.id for detail in explorer.history.details}
    rest = [ticket for ticket in sorted(explorer.tickets_in_scope()) if ticket not in known]
    if rest:
        explorer.detail(explorer.rng.choice(rest), "at random")


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
