"""Details and searches: tickets read whole, and words of theirs looked for."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

from contract_tests.observations.exchange import LIST_PATH, get
from contract_tests.observations.filter_semantics import FILTERS, holds_term
from contract_tests.observations.page import Page
from contract_tests.observations.ticket import Row, moment
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.lists import second_half
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.search_terms import (
    Term,
    common_terms,
    foreign_terms,
    phrases,
    replaced,
    short_terms,
    subject_terms,
    terms_by_place,
    unusual_terms,
    with_signs,
)

THREADS = (
    "completeness",
    "detail",
    "messages",
    "list_detail_agreement",
    "sort",
    "search",
    "responses",
    "update",
)
MISSING = "a ticket that is not there"
UNLISTED = "a ticket that no list shows"
COVERED = {"standard": 17, "deep": 400}
"""How many tickets a profile reads whole, at most."""
WIDEST_GAP = 5
"""Ids that may be left out in a row before they are taken for those of other workspaces."""
_MARKUP = re.compile(r"[&<>\"']")
_FILES = re.compile(r"attach\w*|screenshots?|photos?|files?", re.IGNORECASE)
"""Words of who sends files along: one or several, which only the details show."""
_DETAIL = "GET /api/tickets/{id}"
_SEARCH = "GET /api/tickets?filter[search]="


@probe(f"{_DETAIL} (the first one, as --max-requests allows few)", topics=THREADS, few=True)
def first_detail(explorer: Explorer) -> None:
    """A run that never read a ticket alone has no verdict, and the other details come late."""
    for ticket in explorer.tickets_in_scope()[:1]:
        explorer.send(get(f"{LIST_PATH}/{ticket}", purpose="the first ticket"))


@probe(f"{_DETAIL} (four that tell the activity order)", topics=THREADS)
def telling_details(explorer: Explorer) -> None:
    for ticket in _telling(explorer, 4):
        explorer.detail(ticket, "a ticket of the activity order")


@probe(
    f"{_SEARCH}{{a word of a first message}}",
    f"{_SEARCH}{{a word of a note, or of a later message}}",
    f"{_SEARCH}{{A WORD OF SEVERAL SUBJECTS}} (the second half)",
    f"{_SEARCH}{{a word with % in place of a letter}}",
    topics=("search", "filters", "responses"),
)
def first_searches(explorer: Explorer) -> None:
    terms = terms_by_place(explorer.history.details, explorer.rng)[:2]
    for number, term in enumerate(terms):
        sort = ("-updated_at", "created_at")[number % 2]
        explorer.list_tickets(f"a word of {term.place}", search=term.text, per_page=100, sort=sort)
    for term in common_terms(explorer.rows())[:1]:
        second_half(
            explorer, f"a word of {term.place}", search=term.text.upper(), sort="created_at"
        )
    if terms:
        explorer.list_tickets("a wildcard", search=replaced(terms[0], "%"), per_page=100)


@probe(f"{_DETAIL} (a ticket that a search found, but not by its subject)", topics=THREADS)
def found_by_message(explorer: Explorer) -> None:
    """What a search found without cause, only the ticket's messages tell."""
    for ticket in _unexplained(explorer)[:1]:
        explorer.detail(ticket, "a ticket that a search found")


@probe(
    "GET /api/tickets/{an id between those listed, else one beyond all}",
    topics=("detail", "list_detail_agreement", "access", "robustness", "responses"),
)
def missing_ticket(explorer: Explorer) -> None:
    """An id that no list shows tells twice: it is missing, or the lists have lost it."""
    gaps = _gaps(explorer)
    for ticket in gaps[: 1 if explorer.profile == "quick" else 3]:
        explorer.detail(ticket, UNLISTED)
    if not gaps or explorer.profile != "quick":
        top = max([int(ticket) for ticket in explorer.history.observations] or [0])
        explorer.detail(top + 1_000_003, MISSING)


@probe(
    f"{_DETAIL} (some {COVERED['standard']}: every status, channel, assignee and oddity)",
    since="standard",
    topics=THREADS,
)
def covering_details(explorer: Explorer) -> None:
    known = {detail.id for detail in explorer.history.details}
    for ticket in [*_longest(explorer, 2), *_covering(explorer), *_telling(explorer, 12)]:
        if ticket not in known and len(known) < COVERED[explorer.profile]:
            known.add(ticket)
            explorer.detail(ticket, "a ticket unlike the others")


@probe(
    f"{_SEARCH}{{words of first, middle and latest messages, of every type, and of subjects}}",
    f"{_SEARCH}{{in other case, short, with _ and %, beyond ASCII, with NUL, that stand nowhere}}",
    since="standard",
    topics=("search", "filters", "responses"),
)
def more_searches(explorer: Explorer) -> None:
    terms = terms_by_place(explorer.history.details, explorer.rng)[:6]
    for number, term in enumerate(terms[1:]):
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
    for term in terms[:1]:
        explorer.list_tickets("a word in upper case", search=term.text.upper(), per_page=100)
        explorer.list_tickets("a word with _", search=replaced(term, "_"), per_page=100)
    subjects = [t for row in explorer.pick(explorer.rows(), bool) for t in subject_terms(row)]
    foreign, short = list(foreign_terms(explorer.history.details)), short_terms(explorer.rows())
    for term in [*subjects[:1], *short[:1], *foreign[:1]]:
        explorer.list_tickets(
            f"a word of {term.place}", search=term.text, per_page=100, sort="created_at"
        )
    for odd in ("%", "🦜", "\x00"):
        explorer.list_tickets("a term that stands nowhere, or hardly", search=odd, per_page=100)
    for term in common_terms(explorer.rows())[:1]:
        for page in (1, 2):
            explorer.list_tickets("a search, paged", search=term.text, per_page=2, page=page)


@probe(
    f"{_SEARCH}{{a word with quotes, a backslash, a hyphen, *, a colon, % or / in or beside it}}",
    f"{_SEARCH}{{the commonest word, a number, an id, a long term, a word beyond ASCII}}",
    since="standard",
    topics=("search", "filters", "responses"),
)
def literal_searches(explorer: Explorer) -> None:
    """Signs that query languages know are plain text, and so are common words and numbers."""
    details = explorer.history.details
    for term in terms_by_place(details, explorer.rng)[:1]:
        for text in with_signs(term.text.split()[0]):
            explorer.list_tickets("a word with a sign", search=text, per_page=50)
    for text in ("0", *unusual_terms(details)):
        explorer.list_tickets("an unusual term", search=text, per_page=100)


@probe(
    f"{_DETAIL} (the ticket that most searches found, but not by its subject)",
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
            detail = history.thread(row["id"], row)
            if not detail and holds_term(str(term), row, detail) is None:
                found[row["id"]] += 1
    return [ticket for ticket, _ in found.most_common() if explorer.in_scope(ticket)]


def _gaps(explorer: Explorer) -> list[int]:
    """Return ids in the narrowest gaps between listed ones: tickets that lists may have lost."""
    if explorer.ticket_ids.by_ulid:
        return []
    gaps = [
        (b - a - 1, explorer.rng.random(), a + 1)
        for a, b in pairwise(sorted(explorer.history.observations))
    ]
    close = (first for width, _, first in sorted(gaps) if 0 < width <= WIDEST_GAP)
    return [ticket for ticket in close if explorer.in_scope(ticket)]


def _telling(explorer: Explorer, count: int) -> list[int]:
    """Return tickets whose activity order and update order disagree most, then long ones."""
    pages = [p for p in explorer.history.pages if p.query.sorts[:1] and _by_activity(p)]
    chosen: list[int] = []
    for page in pages:
        chosen += _discordant(page)[: max(2, count // max(1, len(pages)))]
    spread = [row["id"] for page in pages for row in page.rows]
    step = max(1, len(spread) // count)
    found = dict.fromkeys([*chosen, *spread[::step], *_covering(explorer)])
    return [ticket for ticket in found if explorer.in_scope(ticket)][:count]


def _by_activity(page: Page) -> bool:
    return page.query.plain and page.query.sorts[0].key == "last_activity_at"


def _discordant(page: Page) -> list[int]:
    """Return the two rows of a page whose updates stand most against the order, or its ends."""
    rows = page.rows if not page.query.sorts[0].descending else page.rows[::-1]
    times = [(moment(row.get("updated_at")), row["id"]) for row in rows]
    known = [(time, ticket) for time, ticket in times if time is not None]
    pairs = [
        (early[0] - late[0], early[1], late[1])
        for i, early in enumerate(known)
        for late in known[i + 1 :]
        if early[0] > late[0]
    ]
    if pairs:
        _, first, second = max(pairs)
        return [first, second]
    return [rows[0]["id"], rows[-1]["id"]] if rows else []


def _longest(explorer: Explorer, count: int) -> list[int]:
    """Return the tickets that were at work for longest: long threads are among them."""
    spans = []
    for row in explorer.rows_in_scope():
        born, updated = moment(row.get("created_at")), moment(row.get("updated_at"))
        if born is not None and updated is not None:
            spans.append((updated - born, int(row["id"])))
    return [ticket for _, ticket in sorted(spans, reverse=True)[:count]]


def _covering(explorer: Explorer) -> list[int]:
    """Return tickets so that each status, channel, assignee and oddity has one, rare ones first."""
    rows = explorer.rows_in_scope()
    explorer.rng.shuffle(rows)
    counts = Counter(trait for row in rows for trait in _traits(row))
    rows.sort(key=lambda row: min(counts[trait] for trait in _traits(row)))
    chosen, covered = [], set[object]()
    for row in rows:
        traits = _traits(row) - covered
        if traits:
            covered |= traits
            chosen.append(int(row["id"]))
    rest = [int(row["id"]) for row in rows if int(row["id"]) not in chosen]
    return [*chosen, *rest]


def _traits(row: Row) -> set[object]:
    tags, assignee = row.get("tags"), row.get("assignee")
    channel, contact = row.get("channel"), row.get("contact")
    text = f"{row.get('subject')}{row.get('latest_message_preview')}"
    return {
        *(("files", word.lower()) for word in _FILES.findall(text)),
        ("letters", len(max(text, default="").encode())),
        ("markup", bool(_MARKUP.search(str(row.get("subject"))))),
        ("subject", min(4, len(str(row.get("subject"))) // 40)),
        ("preview", bool(row.get("latest_message_preview"))),
        ("contact", isinstance(contact, dict) and contact.get("name") is None),
        ("status", str(row.get("status")), assignee is None),
        ("channel", channel.get("id") if isinstance(channel, dict) else None),
        ("tags", min(4, len(tags)) if isinstance(tags, list) else None),
        ("summary", row.get("summary") is None),
        ("assignee", assignee.get("id") if isinstance(assignee, dict) else None),
    }


def _company(explorer: Explorer, term: Term, number: int) -> dict[str, Any]:
    """Return a filter that the term's ticket meets: what only a message holds, it must not lose."""
    name = ("status", "channel_ids", "tag_ids")[number % 3]
    row = explorer.history.observations[term.ticket][-1].row
    value = FILTERS[name].example(row, None)
    return {name: value} if value else {}
