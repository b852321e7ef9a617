"""Searches: words of tickets are looked for, and what was found without a known cause is read."""

from collections import Counter
from itertools import islice
from typing import Any

from contract_tests.observations.filter_semantics import FILTERS, holds_term
from contract_tests.probes.details import DETAIL, THREADS
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.lists import second_half
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.search_terms import (
    Term,
    common_terms,
    foreign_terms,
    late_first,
    phrases,
    short_terms,
    subject_terms,
    terms_by_place,
)
from contract_tests.probes.queries.unusual_terms import (
    fit_for_signs,
    replaced,
    unusual_terms,
    with_signs,
)

_SEARCH = "GET /api/tickets?filter[search]="
_TOPICS = ("search", "filters", "responses")


@probe(
    f"{_SEARCH}{{a word of a first message}}",
    f"{_SEARCH}{{a word of a note, or of a later message}}",
    f"{_SEARCH}{{A WORD OF SEVERAL SUBJECTS}} (the second half)",
    f"{_SEARCH}{{a word with % in place of a letter}}",
    topics=_TOPICS,
    between=False,
)
def first_searches(explorer: Explorer) -> None:
    terms = late_first(terms_by_place(explorer.history.details, explorer.rng))[:2]
    for number, term in enumerate(terms):
        sort = ("-updated_at", "created_at")[number % 2]
        purpose = f"a word of {term.place}"
        explorer.list_tickets(purpose, search=term.text, per_page=100, sort=sort)
    for term in common_terms(explorer.rows())[:1]:
        second_half(
            explorer, f"a word of {term.place}", search=term.text.upper(), sort="created_at"
        )
    for term in fit_for_signs(terms):
        explorer.list_tickets("a wildcard", search=replaced(term, "%"), per_page=100)


@probe(f"{DETAIL} (a ticket that a search found, but not by its subject)", topics=THREADS)
def found_by_message(explorer: Explorer) -> None:
    """What a search found without cause, only the ticket's messages tell."""
    for ticket in _unexplained(explorer)[:1]:
        explorer.detail(ticket, "a ticket that a search found")


@probe(
    f"{_SEARCH}{{words of first, middle and latest messages, of every type, and of subjects}}",
    f"{_SEARCH}{{in other case, short, with _ and %, beyond ASCII, that stand nowhere}}",
    since="standard",
    topics=_TOPICS,
)
def more_searches(explorer: Explorer) -> None:
    terms = terms_by_place(explorer.history.details, explorer.rng)
    others = late_first([term for number, term in enumerate(terms) if 0 < number < 6 or term.late])
    for number, term in enumerate(others[:5]):
        explorer.list_tickets(
            f"a word of {term.place}",
            search=term.text,
            **_company(explorer, term, number),
            per_page=100,
        )
    for text in islice(phrases(explorer.history.details), 1):
        explorer.list_tickets(
            "a phrase, whose words stand apart elsewhere", search=text, per_page=100
        )
    for term in fit_for_signs(terms):
        explorer.list_tickets("a word in upper case", search=term.text.upper(), per_page=100)
        explorer.list_tickets("a word with _", search=replaced(term, "_"), per_page=100)
    subjects = [t for row in explorer.pick(explorer.rows(), bool) for t in subject_terms(row)]
    foreign, short = list(foreign_terms(explorer.history.details)), short_terms(explorer.rows())
    for term in [*subjects[:1], *short[:1], *foreign[:1]]:
        explorer.list_tickets(
            f"a word of {term.place}", search=term.text, per_page=100, sort="created_at"
        )
    explorer.list_tickets("a term that stands nowhere, or hardly", search="🦜", per_page=100)
    for term in common_terms(explorer.rows())[:1]:
        for page in (1, 2):
            explorer.list_tickets("a search, paged", search=term.text, per_page=2, page=page)


@probe(
    f"{_SEARCH}{{a word with quotes, a backslash, a hyphen, *, a colon, % or / in or beside it}}",
    f"{_SEARCH}{{the commonest word, a number, an id, a long term, a word beyond ASCII}}",
    since="standard",
    topics=_TOPICS,
)
def literal_searches(explorer: Explorer) -> None:
    """Signs that query languages know are plain text, and so are common words and numbers."""
    details = explorer.history.details
    for term in fit_for_signs(terms_by_place(details, explorer.rng)):
        for text in with_signs(term.text.split()[0]):
            explorer.list_tickets("a word with a sign", search=text, per_page=50)
    for text in ("0", *unusual_terms(details)):
        explorer.list_tickets("an unusual term", search=text, per_page=100)


@probe(
    f"{DETAIL} (the ticket that most searches found, but not by its subject)",
    since="standard",
    topics=THREADS,
)
def found_by_many(explorer: Explorer) -> None:
    """A deployment that adds tickets to its searches shows the same ones again and again."""
    for ticket in _unexplained(explorer)[:1]:
        explorer.detail(ticket, "a ticket that several searches found")


def _unexplained(explorer: Explorer) -> list[int]:
    """Return tickets that searches found, for a reason not known yet; most often found first."""
    history, found = explorer.history, Counter[int]()
    for page in history.pages:
        term = dict(page.query.filters).get("filter[search]") if page.query.plain else None
        for row in page.rows if term else ():
            detail = history.texts(row["id"], row)
            if not detail and holds_term(str(term), row, detail) is None:
                found[row["id"]] += 1
    return [ticket for ticket, _ in found.most_common() if explorer.in_scope(ticket)]


def _company(explorer: Explorer, term: Term, number: int) -> dict[str, Any]:
    """Return a filter that the term's ticket meets: what only a message holds, it must not lose."""
    name = ("status", "channel_ids", "tag_ids")[number % 3]
    row = explorer.history.observations[term.ticket][-1].row
    value = FILTERS[name].example(row, None)
    return {name: value} if value else {}
