"""Acceptance: a list query made of documented names and values is answered with the list."""

import re
from collections.abc import Iterator

from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.laws.lists.filter_statements import LISTS, statement_of
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.filter_semantics import FILTERS, Reading, belongs, meets
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.query import Query
from contract_tests.observations.search_matches import SHORTEST
from contract_tests.observations.ticket import Row

_ORDINARY_TERM = re.compile(rf"[\w %]{{{SHORTEST},60}}")
"""A term that no firewall and no rule about the length of a term refuses."""


@law(
    "list.answer",
    *(f"list.filter.{name}" for name in FILTERS),
    *(f"list.filter.{name}.values" for name in LISTS),
)
def accepted(history: History) -> Iterator[Finding]:
    """A query whose parts are all documented is answered 200, however few tickets meet it."""
    rows, me = list(history.rows()), who_am_i(history)
    asked = [(e, history.reader.read(e.request.query)) for e in _asked(history)]
    known = {filter_ for e, query in asked if e.status == 200 for filter_ in query.filters}
    for exchange, query in asked:
        if exchange.status == 200:
            yield holds("list.answer", exchange)
        elif exchange.denied and _is_documented(query, rows, me):
            message = f"answered {exchange.status}, though each parameter is documented"
            yield violated(_statement(query, known), message, exchange)


def _asked(history: History) -> Iterator[Exchange]:
    for exchange in history.exchanges:
        request = exchange.request
        is_list = (request.method, request.path, request.who) == ("GET", LIST_PATH, "main")
        if is_list and exchange.answered:
            yield exchange


def _is_documented(query: Query, rows: list[Row], me: int | None) -> bool:
    """True when every value is documented, known to exist, and the page is not beyond the last."""
    if not query.plain or len(query.sorts) > 1:
        return False
    if not all(_exists(name, value, rows) for name, value in query.filters):
        return False
    due = (belongs(query.filters, row, None, Reading(me=me)) is True for row in rows)
    return query.page == 1 or sum(due) > (query.page - 1) * query.per_page


def _exists(name: str, value: str, rows: list[Row]) -> bool:
    """True unless a value may be refused: an id that no ticket has, or an unusual term."""
    if name == "filter[search]":
        return _ORDINARY_TERM.fullmatch(value) is not None
    if not name.endswith("_ids]"):
        return True
    return all(
        any(meets(name, part, row, None, Reading()) is True for row in rows)
        for part in value.split(",")
    )


def _statement(query: Query, known: set[tuple[str, str]]) -> str:
    """Blame a filter that is never answered in this form, else the list as a whole."""
    forms = {(name, "," in value) for name, value in known}
    unknown = [pair for pair in query.filters if (pair[0], "," in pair[1]) not in forms]
    return statement_of(*unknown[0]) if unknown else "list.answer"
