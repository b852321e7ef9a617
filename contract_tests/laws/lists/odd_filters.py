"""Odd filters: what a query still asks for when a value of it is not documented."""

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.laws.finding import Finding, law, violated
from contract_tests.laws.lists.filter_statements import BOOLEANS, LISTS, statement_of
from contract_tests.laws.lists.filters import under_each_reading, weight
from contract_tests.observations.filter_semantics import Reading, meets
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.page import Page
from mockserver.contract.operation import filter_name

FALSE = ("0", "no", "off", "False", "FALSE")
"""Spellings of false: some libraries send 0 for it."""


@law(*(f"list.filter.{name}" for name in (*LISTS, *BOOLEANS)), "list.per_page")
def beside_odd_values(history: History) -> Iterator[Finding]:
    """A value that is ignored takes no documented parameter beside it along."""
    me = who_am_i(history)
    for page in history.pages:
        if page.query.plain:
            continue
        query = history.reader.documented(page.exchange.request.query)
        for name, value in query.filters:
            if any(meets(name, value, row, None, Reading(me=me)) is False for row in page.rows):
                message = f"{name}={value} is ignored beside a value that is not documented"
                yield violated(statement_of(name, value), message, page.exchange)
        if query.sized and len(page.rows) > query.per_page:
            message = f"per_page={query.per_page} is ignored beside a value that is not documented"
            yield violated("list.per_page", message, page.exchange)


@law(*(f"list.filter.{name}.values" for name in LISTS))
def beside_odd_items(history: History) -> Iterator[Finding]:
    """An item of a list that means nothing takes no other item of the list along."""
    for page in history.pages:
        if page.query.plain:
            continue
        for name, value in page.query.filters:
            items = history.reader.documented_items(name, value)
            if not items or items == value:
                continue
            strange = [
                row for row in page.rows if meets(name, items, row, None, Reading()) is False
            ]
            if strange:
                message = (
                    f"ticket {strange[0]['id']} is listed for {name}={value}, but meets no item "
                    "of it"
                )
                yield violated(f"{statement_of(name, '')}.values", message, page.exchange)


@law(*(f"list.filter.{name}.false" for name in BOOLEANS))
def other_false(history: History) -> Iterator[Finding]:
    """A switch set to 0 is refused, ignored or off, but not on."""
    me = who_am_i(history)
    for page in history.pages:
        named = [name for name, value in page.query.filters if filter_name(name) in BOOLEANS
                 and value in FALSE]  # fmt: skip
        meant = _with_false(page, history)
        if not named or not meant.query.plain:
            continue
        under = under_each_reading(history, [meant], me)
        faults = min(under.values(), key=weight)
        if weight(faults):
            message = f"{named[0]}={dict(page.query.filters)[named[0]]} is taken for true"
            yield violated(statement_of(named[0], "false"), message, page.exchange)


def _with_false(page: Page, history: History) -> Page:
    """Return a page as if each switch had been set to false as documented."""
    pairs = tuple(
        (name, "false" if filter_name(name) in BOOLEANS and value in FALSE else value)
        for name, value in page.exchange.request.query
    )
    return replace(page, query=history.reader.read(pairs))
