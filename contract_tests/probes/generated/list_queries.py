"""Strategies of list queries: documented names, with values that were seen in tickets."""

from dataclasses import dataclass

from hypothesis import strategies as st

from contract_tests.observations.filter_semantics import FILTERS
from contract_tests.observations.history import who_am_i
from contract_tests.observations.ticket import Row
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.queries.search_terms import subject_terms

Pairs = tuple[tuple[str, str], ...]
MOST_TICKETS = 200
"""Tickets that queries are made of."""
MOST_VALUES = 30
"""Values of a filter that are put beside those of a ticket."""
_SIZES = ("100", "50", "10", "3", "2", "1")
_PAGES = ("2", "3", "4")
_SELDOM = st.sampled_from((False, False, False, True))
_NARROW = {"page", "filter[search]", "filter[assigned_to_me]", "filter[unassigned]"}
"""What leaves few tickets on a page: a page with none shows little."""


@dataclass(frozen=True)
class Values:
    """What a query may contain.

    `tickets` are the values by filter that one ticket meets, `others` those that some ticket meets.
    """

    tickets: list[dict[str, list[str]]]
    others: dict[str, list[str]]
    sorts: list[str]

    @classmethod
    def of(cls, explorer: Explorer) -> "Values":
        rows, me = explorer.rows()[:MOST_TICKETS], who_am_i(explorer.history)
        tickets = [{name: _values(row, name, me) for name in FILTERS} for row in rows]
        others = {name: _all(tickets, name) for name in FILTERS if FILTERS[name].kind == "list"}
        known = explorer.history.contract.operations["listTickets"].query["sort"]
        return cls(tickets, others, [str(choice) for choice in known.choices])


def _values(row: Row, name: str, me: int | None) -> list[str]:
    """Return values of a filter that a ticket meets."""
    if FILTERS[name].kind == "text":
        return [term.text for term in subject_terms(row)]
    value = FILTERS[name].example(row, me)
    return [value] if value else []


def _all(tickets: list[dict[str, list[str]]], name: str) -> list[str]:
    found = (value for ticket in tickets for value in ticket[name])
    return list(dict.fromkeys(found))[:MOST_VALUES]


@st.composite
def queries(draw: st.DrawFn, values: Values) -> Pairs:
    """Draw a query that some ticket meets; the simplest for Hypothesis is a short one.

    A value and a place are drawn for each name, also for what is left out: so a name can be taken
    away, and nothing else changes.
    """
    ticket = draw(st.sampled_from(values.tickets))
    every = {
        f"filter[{name}]": _filter(met, values.others.get(name, []))
        for name, met in ticket.items()
        if met
    }
    every["sort"] = st.sampled_from(values.sorts)
    every["per_page"] = st.sampled_from(_SIZES)
    every["page"] = st.sampled_from(_PAGES)
    given = [name for name in every if draw(_SELDOM if name in _NARROW else st.booleans())]
    drawn = {name: draw(strategy) for name, strategy in every.items()}
    order = draw(st.permutations(list(every)))
    return tuple((name, drawn[name]) for name in order if name in given)


def _filter(met: list[str], others: list[str]) -> st.SearchStrategy[str]:
    """Return a value that a ticket meets, or a list of it and others."""
    value = st.sampled_from(met)
    if not others:
        return value
    more = st.lists(st.sampled_from(others), max_size=2, unique=True)
    return st.tuples(value, more).map(lambda pair: ",".join(dict.fromkeys([pair[0], *pair[1]])))
