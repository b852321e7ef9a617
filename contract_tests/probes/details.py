"""Details: tickets read whole, those that tell most first."""

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from contract_tests.laws.tickets.activity_order import activity_pages, discordant
from contract_tests.observations.exchange import LIST_PATH, get
from contract_tests.observations.ticket import Row, moment
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe

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
COVERED = {"standard": 15, "deep": 400}
"""How many tickets a profile reads whole, at most."""
WIDEST_GAP = 5
"""Ids that may be left out in a row before they are taken for those of other workspaces."""
_MARKUP = re.compile(r"[&<>\"']")
_FILES = re.compile(r"attach\w*|screenshots?|photos?|files?", re.IGNORECASE)
"""Words of who sends files along: one or several, which only the details show."""
DETAIL = "GET /api/tickets/{id}"


@probe(f"{DETAIL} (the first one, as --max-requests allows few)", topics=THREADS, few=True)
def first_detail(explorer: Explorer) -> None:
    """A run that never read a ticket alone has no verdict, and the other details come late."""
    for ticket in explorer.tickets_in_scope()[:1]:
        explorer.send(get(f"{LIST_PATH}/{ticket}", purpose="the first ticket"))


@probe(f"{DETAIL} (some that tell the activity order)", topics=THREADS, between=False)
def details_by_activity(explorer: Explorer) -> None:
    count = 4 if explorer.write_session is None else 3
    for ticket in _telling(explorer, count):
        explorer.detail(ticket, "a ticket of the activity order")


@probe(
    "GET /api/tickets/{an id between those listed, else one beyond all}",
    topics=("detail", "list_detail_agreement", "access", "robustness", "responses"),
)
def missing_ticket(explorer: Explorer) -> None:
    """An id that no list shows tells twice: it is missing, or the lists have lost it."""
    gaps = _gaps(explorer)
    for ticket in gaps[: 1 if explorer.profile == "quick" else 2]:
        explorer.detail(ticket, UNLISTED)
    if not gaps or explorer.profile != "quick":
        top = max([int(ticket) for ticket in explorer.history.observations] or [0])
        explorer.detail(top + 1_000_003, MISSING)


@probe(
    f"{DETAIL} (some {COVERED['standard']}: every status, channel, assignee and oddity)",
    since="standard",
    topics=THREADS,
)
def covering_details(explorer: Explorer) -> None:
    known = {detail.id for detail in explorer.history.details}
    for ticket in [
        *longest(explorer.rows_in_scope(), 2),
        *covering(explorer),
        *_telling(explorer, 12),
    ]:
        if ticket not in known and len(known) < COVERED[explorer.profile]:
            known.add(ticket)
            explorer.detail(ticket, "a ticket unlike the others")


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
    pages = activity_pages(explorer.history)
    chosen: list[int] = []
    for page in pages:
        chosen += discordant(page)[: max(2, count // max(1, len(pages)))]
    spread = [row["id"] for page in pages for row in page.rows]
    step = max(1, len(spread) // count)
    found = dict.fromkeys([*chosen, *spread[::step], *covering(explorer)])
    return [ticket for ticket in found if explorer.in_scope(ticket)][:count]


def longest(rows: list[Row], count: int) -> list[int]:
    """Return the tickets that were at work for longest: long threads are among them."""
    spans = []
    for row in rows:
        born, updated = moment(row.get("created_at")), moment(row.get("updated_at"))
        if born is not None and updated is not None:
            spans.append((updated - born, int(row["id"])))
    return [ticket for _, ticket in sorted(spans, reverse=True)[:count]]


def covering(explorer: Explorer, known: Collection[int] = ()) -> list[int]:
    """Return tickets so that each status, channel, assignee and oddity has one, rare ones first.

    What the `known` tickets cover needs no other one.
    """
    rows = explorer.rows_in_scope()
    explorer.rng.shuffle(rows)
    counts = Counter(trait for row in rows for trait in _traits(row))
    rows.sort(key=lambda row: min(counts[trait] for trait in _traits(row)))
    chosen, covered = [], {trait for row in rows if row["id"] in known for trait in _traits(row)}
    for row in rows:
        traits = _traits(row) - covered
        if traits:
            covered |= traits
            chosen.append(int(row["id"]))
    rest = [int(row["id"]) for row in rows if int(row["id"]) not in (*chosen, *known)]
    return [*chosen, *rest]


def unlike(explorer: Explorer, known: Collection[int]) -> list[int]:
    """Return tickets that are not known, those unlike the known ones in most respects first.

    What is rare counts more. A status of which none was read comes before all else, as each is
    shown by code of its own, and then a subject with signs that HTML spells otherwise.
    """
    rows = explorer.rows_in_scope()
    counts = Counter(trait for row in rows for trait in _traits(row))
    covered = {trait for row in rows if row["id"] in known for trait in _traits(row)}
    statuses = {row.get("status") for row in rows if row["id"] in known}
    rest = [row for row in rows if row["id"] not in known]
    explorer.rng.shuffle(rest)
    rest.sort(key=lambda row: -sum(1 / counts[trait] for trait in _traits(row) - covered))
    marked = ("markup", True)
    rest.sort(key=lambda row: marked in covered or marked not in _traits(row))
    rest.sort(key=lambda row: row.get("status") in statuses)
    return [int(row["id"]) for row in rest]


def _traits(row: Row) -> set[object]:
    tags, assignee = row.get("tags"), row.get("assignee")
    channel, contact = row.get("channel"), row.get("contact")
    text = f"{row.get('subject')}{row.get('latest_message_preview')}"
    return {
        *(("files", word.lower()) for word in _FILES.findall(text)),
        ("letters", len(max(text, default="").encode())),
        ("markup", bool(_MARKUP.search(str(row.get("subject"))))),
        ("broken", "\ufffd" in text),
        ("subject", min(4, len(str(row.get("subject"))) // 40)),
        ("preview", bool(row.get("latest_message_preview")), text.endswith(("...", "…"))),
        ("contact", isinstance(contact, dict) and contact.get("name") is None),
        ("status", str(row.get("status")), assignee is None),
        ("channel", channel.get("id") if isinstance(channel, dict) else None),
        ("channel type", channel.get("type") if isinstance(channel, dict) else None),
        ("tags", min(4, len(tags)) if isinstance(tags, list) else None),
        ("summary", row.get("summary") is None),
        ("assignee", assignee.get("id") if isinstance(assignee, dict) else None),
    }
