"""Search: every ticket that holds the term is found, in its subject or in any message."""

from collections.abc import Iterator

from contract_tests.laws.membership import (
    is_open,
    judge,
    under_each_reading,
    weight,
    who_am_i,
    without_search,
)
from contract_tests.predicate import Reading, belongs, readings, stands_in
from contract_tests.seen import Seen
from contract_tests.verdict import Finding, holds, law, unseen, violated
from contract_tests.views import Detail, Page, Row
from contract_tests.window import around, candidates

_PLACES = ("list.filter.search.subject", "list.filter.search.messages")


@law(
    "list.filter.search",
    "list.filter.search.subject",
    "list.filter.search.messages",
    "list.filter.search.case",
    "list.filter.search.literal",
    "list.filter.combined",
)
def found_and_no_other(seen: Seen) -> Iterator[Finding]:
    """A ticket that holds the term as whole words is listed; one without it is not."""
    pages = [p for p in seen.pages if p.query.plain and _term(p)]
    reading = _reading(seen, pages)
    for page in pages:
        yield from _judge(seen, page, reading)
    for place in _PLACES:
        if not any(True for page in pages for _ in _proofs(seen, page, place)):
            yield unseen(place, "no ticket was found to hold a word fit for a search there")


def _reading(seen: Seen, pages: list[Page]) -> Reading:
    """Return how a deployment reads what is open, by its lists without a search before others."""
    me = who_am_i(seen)
    if not any(map(is_open, pages)):
        return Reading(me=me)
    groups = [under_each_reading(seen, group, me) for group in (without_search(seen), pages)]
    return min(readings(me), key=lambda reading: [weight(found[reading]) for found in groups])


def _judge(seen: Seen, page: Page, reading: Reading) -> Iterator[Finding]:
    known = candidates(seen, page)
    faults = [f for f in judge(seen, page, reading, known) if f.outcome == "violated"]
    yield from (_blame(seen, page, fault, reading) for fault in faults)
    if faults:
        return
    if page.rows or seen.details:  # else there was nothing that could have been found
        yield holds(_general(seen, page), page.exchange)
    for place in _PLACES:
        for row, detail in _proofs(seen, page, place):
            evidence = [page.exchange] + ([detail.exchange] if detail else [])
            yield holds(_case_or(place, _term(page), row, detail), *evidence)


def _proofs(seen: Seen, page: Page, place: str) -> Iterator[tuple[Row, Detail | None]]:
    """Yield the listed tickets that are known to hold the term in `place`."""
    for row in page.rows:
        detail = seen.thread(row["id"], row)
        if _place(_term(page), row, detail) == place:
            yield row, detail


def _blame(seen: Seen, page: Page, fault: Finding, reading: Reading) -> Finding:
    """Name the requirement by where the term stands in the ticket that is missing."""
    other = "does not meet" in fault.message and "filter[search]" not in fault.message
    if fault.requirement == "list.meta.total" or other:
        return fault
    listed = {row["id"] for row in page.rows}
    for candidate in candidates(seen, page):
        detail = seen.thread(candidate.id, candidate.row)
        due = belongs(page.query, candidate.row, detail, reading) is True
        if due and candidate.id not in listed and f"ticket {candidate.id} " in fault.message:
            place = _place(_term(page), candidate.row, detail)
            requirement = _case_or(place, _term(page), candidate.row, detail)
            before, after = around(seen, candidate.id, page.number)
            evidence = [before, page.exchange, after] + ([detail.exchange] if detail else [])
            return violated(requirement, fault.message, *evidence)
    return Finding(_general(seen, page), "violated", fault.message, fault.exchanges, fault.fragile)


def _place(term: str, row: Row, detail: Detail | None) -> str:
    """Return the one place where a term stands; the subject alone, or a message alone."""
    subject = stands_in(term, str(row.get("subject", "")))
    message = detail is not None and any(stands_in(term, text) for text in detail.texts)
    if subject == message:
        return "list.filter.search"
    return _PLACES[0] if subject else _PLACES[1]


def _case_or(place: str, term: str, row: Row, detail: Detail | None) -> str:
    """Return `place`, unless the term stands there in another case only."""
    texts = [str(row.get("subject", "")), *(detail.texts if detail else [])]
    if any(term in text for text in texts):
        return place
    return "list.filter.search.case"


def _general(seen: Seen, page: Page) -> str:
    """Return what a search as a whole is evidence for, by its term and where that is known."""
    term = _term(page)
    if set(term) & set("%_'\""):
        return "list.filter.search.literal"
    known = [(row, seen.detail_of(row["id"])) for row in seen.rows()]
    places = {_case_or("", term, row, detail) for row, detail in known if _holds(term, row, detail)}
    return "list.filter.search.case" if places and "" not in places else "list.filter.search"


def _holds(term: str, row: Row, detail: Detail | None) -> bool:
    texts = [str(row.get("subject", "")), *(detail.texts if detail else [])]
    return any(stands_in(term, text) for text in texts)


def _term(page: Page) -> str:
    return dict(page.query.filters).get("filter[search]", "")
