"""Interleaved requests: what quick reads between its writes, several questions in each."""

from dataclasses import replace
from itertools import combinations, islice, product
from typing import Any

from contract_tests.laws.tickets.activity_order import (
    contradicting,
    discordant_with,
    longest_active,
)
from contract_tests.observations.exchange import LIST_PATH, Request, get
from contract_tests.observations.filter_semantics import FILTERS, Reading, belongs, spell
from contract_tests.observations.history import History
from contract_tests.observations.ticket import Row, ids_of, moment
from contract_tests.observations.write import STATUSES
from contract_tests.probes.details import DETAIL, THREADS, longest, unlike
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.invalid_input import known_ticket
from contract_tests.probes.lists import LISTS, second_half
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.list_values import ABSENT
from contract_tests.probes.queries.search_terms import Term, common_terms, terms_by_place
from contract_tests.probes.queries.telling_ids import adding_ids, telling_ids
from contract_tests.probes.queries.unusual_terms import fit_for_signs, odd_phrases, replaced
from contract_tests.probes.repetitions import tie_border

_LIST = "GET /api/tickets"
_SEARCH = f"{_LIST}?filter[search]="
_TOPICS = ("search", "filters", "responses")
_PAGE_OF_WRITTEN = "the page of a written ticket"
LARGEST = 100
"""Tickets on a page, at most."""


@probe(
    f"{DETAIL} (one that was active for long, one that stands against the order, one unlike them)",
    topics=THREADS,
    between=True,
)
def telling_details(explorer: Explorer) -> None:
    """Beside the written tickets, whose threads are known: three that tell more than others."""
    for choose in (_long_active, _out_of_order):
        known = {detail.id for detail in explorer.history.details}
        found = (ticket for ticket in choose(explorer.history, known) if ticket not in known)
        for ticket in islice(filter(explorer.in_scope, found), 1):
            explorer.detail(ticket, "a ticket of the activity order")
    for ticket in unlike(explorer, {detail.id for detail in explorer.history.details})[:1]:
        explorer.detail(ticket, "a ticket unlike the others")


def _out_of_order(history: History, known: set[int]) -> list[int]:
    """Return the tickets that stand against the order beside a known one, or seem to."""
    return [*contradicting(history), *discordant_with(history, known)]


def _long_active(history: History, known: set[int]) -> list[int]:
    """Return the tickets that were active for long, as the order tells, or their times.

    The last update of an open ticket is more often a message.
    """
    opened = [row for row in history.rows() if row.get("status") == "open"]
    return [*longest_active(history), *longest(opened, 1 + len(known))]


@probe(
    f"{_LIST}?filter[status]=open&sort=-updated_at (the third page, or a later one)",
    topics=LISTS,
    between=True,
)
def far_page(explorer: Explorer) -> None:
    """A page far back: there links and offsets have the most to get wrong."""
    size, number = _far_page(len(_members(explorer, {"status": "open"})))
    query: dict[str, Any] = {"status": "open", "sort": "-updated_at"}
    explorer.list_tickets("the documented example", **query, per_page=size, page=number)


def _far_page(members: int) -> tuple[int, int]:
    """Return the size and the number of a last page that is full, or else of the third one of four.

    After a full page a next one seems to be due, and the one before the last leads to a short one.
    """
    pages = next((n for n in range(3, 7) if members % n == 0 and members > n), None)
    if pages is not None:
        return min(LARGEST, members // pages), pages
    return (min(LARGEST, -(-members // 4)), 3) if members > 3 else (10, 1)


@probe(
    f"{_LIST}?filter[status]={{two}}&filter[channel_ids]={{two channels}}"
    " (two pages, between equal times, or the second half)",
    topics=LISTS,
    between=True,
)
def statuses_and_channels(explorer: Explorer) -> None:
    """Two lists of values, and where tickets have equal times, a border between two of them.

    Equal times of creation come first: lists by update are asked for more often.
    The ticket whose status was written last is in one of the channels: the total tells of it.
    """
    written = explorer.write_session.ticket_writers if explorer.write_session else {}
    rows = [writer.row for writer in written.values()]
    query: dict[str, Any] = {"status": "closed,spam"}
    query |= _own_and_others(explorer, rows[-1] if rows else {}, "channel_ids", "channel", 2)
    for key, pair in product(("created_at", "updated_at"), combinations(STATUSES[::-1], 2)):
        tied = {**query, "status": ",".join(pair)}
        border = tie_border(_members(explorer, tied), key) if explorer.history.whole else None
        if border is not None:
            for number in (border[1], border[1] + 1):
                form: dict[str, Any] = {"sort": key, "per_page": border[0], "page": number}
                explorer.list_tickets("between equal times, filtered", **tied, **form)
            return
    second_half(explorer, "two statuses and two channels", **query, sort="updated_at")


def _own_and_others(
    explorer: Explorer, row: Row, name: str, field: str, count: int
) -> dict[str, list[int]]:
    """Return a filter with an id that a ticket has, a telling one, and more that add tickets."""
    own = list(islice(ids_of(row, field), 1))
    others = [found for found in telling_ids(explorer, field) if found not in own]
    ids = [*own, *others][: min(2, count)]
    ids += adding_ids(explorer, field, ids)[: count - len(ids)]
    return {name: ids} if own and ids else {}


def _members(explorer: Explorer, query: dict[str, Any]) -> list[Row]:
    """Return the tickets that are known to meet filters."""
    filters, rows = tuple(spell(query).items()), explorer.rows()
    return [row for row in rows if belongs(filters, row, None, Reading()) is True]


def ask_for_page_of(explorer: Explorer, row: Row) -> None:
    """List the tickets of a ticket's tag and of two others: where it begins a page once written.

    The statuses are those that it has not yet, one of them twice, so that a copy from before the
    writes lacks it. Commas leave as most libraries send them.
    """
    asked = (e.request for e in explorer.history.exchanges)
    before = next((request for request in asked if request.purpose == _PAGE_OF_WRITTEN), None)
    if before is not None:
        explorer.ask(replace(before, spelling=""))
        return
    one, two = [status for status in STATUSES if status != row.get("status")][:2]
    query: dict[str, Any] = {"status": f"{two},{one},{two}"}
    query |= _own_and_others(explorer, row, "tag_ids", "tags", 3)
    born = moment(row.get("created_at"))
    times = [moment(member.get("created_at")) for member in _members(explorer, query)]
    earlier = sum(time < born for time in times if time and born)
    size, number = (earlier, 2) if 0 < earlier <= LARGEST else (LARGEST, earlier // LARGEST + 1)
    query |= {"sort": "created_at", "per_page": size, "page": number}
    request = get(LIST_PATH, spell(query), _PAGE_OF_WRITTEN)
    explorer.ask(replace(request, encoded=True))


@probe(
    f"{_SEARCH}{{a word of a later message of a written ticket}}&filter[status]={{its status}}",
    f"{_SEARCH}{{a word of a note, or of a first message}}&filter[channel_ids]={{its channel}}",
    f"{_SEARCH}{{wORDS OF A MESSAGE, with signs and letters beyond ASCII, where there are some}}",
    f"{_SEARCH}{{a COMMON WORD of subjects}} (the second half)",
    topics=_TOPICS,
    between=True,
)
def telling_searches(explorer: Explorer) -> None:
    """Rows that a search finds are to show what was written, too.

    They are sorted by what never changes: an index may be behind what others write meanwhile.
    """
    for number, term in enumerate(_telling_terms(explorer)):
        name = ("status", "channel_ids")[number]
        query: dict[str, Any] = {"search": term.text, **_met_by(explorer, term, name)}
        query |= {} if number else {"sort": "created_at"}
        explorer.list_tickets(f"a word of {term.place}", **query, per_page=100)
    for phrase in islice(odd_phrases(explorer.history.details), 1):
        purpose = "words of a message, in other case"
        explorer.list_tickets(purpose, search=phrase, sort="-created_at", per_page=100)
    for term in common_terms(explorer.rows())[:1]:
        query = {"search": term.text.swapcase(), "sort": "created_at"}
        second_half(explorer, f"{term.place}, in other case", **query)


@probe(f"{_SEARCH}{{a word with % in place of a letter}}", topics=_TOPICS, between=True)
def wildcard(explorer: Explorer) -> None:
    """A term that stands nowhere, unless the sign in it stands for any letter."""
    for term in fit_for_signs(terms_by_place(explorer.history.details, explorer.rng)):
        query = {"search": replaced(term, "%"), **_met_by(explorer, term, "status")}
        explorer.list_tickets("a wildcard", **query, per_page=100)


def _telling_terms(explorer: Explorer) -> list[Term]:
    """Return a word of a late answer in a written ticket, and one of a note or a first message."""
    details, changes = explorer.history.details, explorer.history.changes
    terms = terms_by_place(details, explorer.rng)
    written = terms_by_place([d for d in details if d.id in changes], explorer.rng) or terms
    late = sorted(written, key=lambda term: (term.kind == "outbound", term.index))[-1:]
    rest = [term for term in terms if term.text not in {each.text for each in late}]
    return [*late, *sorted(rest, key=lambda term: (term.kind != "note", term.index))[:1]]


def _met_by(explorer: Explorer, term: Term, name: str) -> dict[str, Any]:
    """Return a filter with the value that the ticket of a term has now."""
    row = next((row for row in explorer.rows() if row["id"] == term.ticket), {})
    value = FILTERS[name].example(row, None)
    return {name: value} if value else {}


@probe(
    "a list of several filters once more, without a token",
    f"{DETAIL} with the token in other case",
    topics=("access", "responses"),
    between=True,
)
def strangers_read(explorer: Explorer) -> None:
    """What was answered a moment ago must not come out of a cache, nor a refusal afterwards."""
    filtered = [page.exchange.request for page in explorer.history.pages if page.query.filters]
    request = max(filtered, key=lambda each: len(each.query), default=Request("GET", LIST_PATH))
    explorer.ask(replace(request, spelling="", who="none", purpose="without a token"))
    written = explorer.write_session.ticket_writers if explorer.write_session else {}
    ticket = next(iter(written), known_ticket(explorer))  # it is read once more at the end
    explorer.detail(ticket, "the token in other case", who="near")


@probe(f"{DETAIL} with the token under another scheme", topics=("access", "responses"),
       between=True)  # fmt: skip
def another_scheme(explorer: Explorer) -> None:
    explorer.detail(known_ticket(explorer), "the token under another scheme", who="basic")


@probe(f"{_LIST}?filter[tag_ids]={{one that does not exist}}&per_page=10, if a request is left",
       topics=LISTS, between=True)  # fmt: skip
def absent_tag(explorer: Explorer) -> None:
    """A value that no ticket has keeps none: it does not switch the filter off."""
    explorer.list_tickets("an id that does not exist", tag_ids=[ABSENT], per_page=10)
