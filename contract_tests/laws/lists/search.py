"""Search: every ticket that holds the term is found, in its subject or in any message."""

import unicodedata
from collections.abc import Iterator

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.lists.filters import (
    is_open,
    judge,
    under_each_reading,
    weight,
    without_search,
)
from contract_tests.laws.lists.page_bounds import candidates
from contract_tests.observations.filter_semantics import Reading, belongs, readings
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.page import Page
from contract_tests.observations.search_matches import stands_in
from contract_tests.observations.ticket import Detail, Row, text_in

_SIGNS = ("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk")
"""What databases, query languages and HTML give a meaning, and an index of words leaves out."""
_PLACES = ("list.filter.search.subject", "list.filter.search.messages")


@law(
    "list.filter.search",
    "list.filter.search.subject",
    "list.filter.search.messages",
    "list.filter.search.case",
    "list.filter.search.literal",
    "list.filter.combined",
)
def found_and_no_other(history: History) -> Iterator[Finding]:
    """A ticket that holds the term as whole words is listed; one without it is not."""
    pages = [p for p in history.pages if p.query.plain and _term(p)]
    reading = _reading(history, pages)
    for page in pages:
        yield from _judge(history, page, reading)
    for place in _PLACES:
        if not any(True for page in pages for _ in _proofs(history, page, place)):
            yield not_observed(place, "no ticket was found to hold a word fit for a search there")


def _reading(history: History, pages: list[Page]) -> Reading:
    """Return how a deployment reads what is open, by its lists without a search before others."""
    me = who_am_i(history)
    if not any(map(is_open, pages)):
        return Reading(me=me)
    groups = [under_each_reading(history, group, me) for group in (without_search(history), pages)]
    return min(readings(me), key=lambda reading: [weight(found[reading]) for found in groups])


def _judge(history: History, page: Page, reading: Reading) -> Iterator[Finding]:
    known = candidates(history, page)
    faults = [f for f in judge(history, page, reading, known) if f.outcome == "violated"]
    yield from (_blame(history, page, fault, reading) for fault in faults)
    if faults:
        return
    if page.rows or history.details:  # else there was nothing that could have been found
        yield holds(_general(history, page), page.exchange)
    for place in _PLACES:
        for row, detail in _proofs(history, page, place):
            evidence = [page.exchange] + ([detail.exchange] if detail else [])
            yield holds(_case_or(place, _term(page), row, detail), *evidence)


def _proofs(history: History, page: Page, place: str) -> Iterator[tuple[Row, Detail | None]]:
    """Yield the listed tickets that are known to hold the term in `place`."""
    for row in page.rows:
        detail = history.texts(row["id"], row)
        if _place(_term(page), row, detail) == place:
            yield row, detail


def _blame(history: History, page: Page, fault: Finding, reading: Reading) -> Finding:
    """Name the requirement by where the term stands in the ticket that is missing."""
    other = "does not meet" in fault.message and "filter[search]" not in fault.message
    if fault.requirement == "list.meta.total" or other:
        return fault
    listed = {row["id"] for row in page.rows}
    for candidate in candidates(history, page):
        detail = history.texts(candidate.id, candidate.row)
        due = belongs(page.query.filters, candidate.row, detail, reading) is True
        if due and candidate.id not in listed and f"ticket {candidate.id} " in fault.message:
            place = _place(_term(page), candidate.row, detail)
            requirement = _case_or(place, _term(page), candidate.row, detail)
            before, after = history.around(candidate.id, page.number)
            evidence = [before, page.exchange, after] + ([detail.exchange] if detail else [])
            return violated(requirement, fault.message, *evidence)
    return Finding(
        _general(history, page), "violated", fault.message, fault.exchanges, fault.fragile
    )


def _place(term: str, row: Row, detail: Detail | None) -> str:
    """Return the one place where a term stands; the subject alone, or a message alone."""
    subject = stands_in(term, text_in(row, "subject"))
    message = detail is not None and any(stands_in(term, text) for text in detail.texts)
    if subject == message:
        return "list.filter.search"
    return _PLACES[0] if subject else _PLACES[1]


def _case_or(place: str, term: str, row: Row, detail: Detail | None) -> str:
    """Return `place`, unless the term has signs, or stands there in another case only."""
    if _has_signs(term):
        return "list.filter.search.literal"
    texts = [text_in(row, "subject"), *(detail.texts if detail else [])]
    if any(term in text for text in texts):
        return place
    return "list.filter.search.case"


def _has_signs(term: str) -> bool:
    return any(unicodedata.category(char) in _SIGNS for char in term)


def _general(history: History, page: Page) -> str:
    """Return what a search as a whole is evidence for, by its term and where that is known."""
    term = _term(page)
    if _has_signs(term):
        return "list.filter.search.literal"
    known = [(row, history.detail_of(row["id"])) for row in history.rows()]
    places = {_case_or("", term, row, detail) for row, detail in known if _holds(term, row, detail)}
    return "list.filter.search.case" if places and "" not in places else "list.filter.search"


def _holds(term: str, row: Row, detail: Detail | None) -> bool:
    texts = [text_in(row, "subject"), *(detail.texts if detail else [])]
    return any(stands_in(term, text) for text in texts)


def _term(page: Page) -> str:
    return dict(page.query.filters).get("filter[search]", "")
