"""Lists: walks, sizes, sorts and single filters; each request checks several requirements."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from contract_tests.observations.exchange import LIST_PATH, Request
from contract_tests.observations.filter_semantics import FILTERS, Reading, belongs, spell
from contract_tests.observations.page import Page, link_query
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.plan import probe
from contract_tests.probes.queries.telling_ids import telling_ids

LISTS = ("acceptance", "clock", "completeness", "pagination", "stability", "list_detail_agreement",
         "status_totals", "conservation", "sort", "filters", "search", "detail", "update",
         "responses")  # fmt: skip
KEPT_BACK = {"quick": 2, "standard": 7, "deep": 7}
"""Requests for what is repeated at the end, and for reading again before an accusation."""
_EVERY_STATUS = "spam,open,closed,spam"
"""All three, one of them twice: it keeps every ticket, so that any value that is lost shows."""
_LIST = "GET /api/tickets"
_SORTS = ("created_at", "-created_at", "-updated_at", "updated_at")
"""How filters alone are sorted: open tickets as in the documented example, whose second page was of
another size: the size belongs to what a cache must tell apart."""


@probe(f"{_LIST}?sort=created_at&per_page=100&page=1", "its further pages")
def first_walk(explorer: Explorer) -> None:
    """Every ticket in an order that others cannot disturb: the measure of all later lists."""
    walk = explorer.walk("created_at")
    pages = walk.last - walk.first + 1
    explorer.target.budget.kept_back += pages + KEPT_BACK[explorer.profile]
    if explorer.writes_between:
        explorer.target.budget.kept_back += 1


@probe(_LIST, topics=LISTS)
def plain_list(explorer: Explorer) -> None:
    explorer.list_tickets("defaults")


@probe(f"{_LIST}?page={{the last one}}", since="standard", topics=LISTS)
def last_page(explorer: Explorer) -> None:
    """The end of the plain list, in pages of the size that clients get who ask for none."""
    page = next((page for page in explorer.history.pages if not page.exchange.request.query), None)
    last = page.meta["last_page"] if page is not None and page.meta else 1
    if last > 1:
        explorer.list_tickets("the last page by default", page=last)


@probe(
    f"{_LIST}?filter[status]=open&sort=-updated_at&per_page=10",
    "the page its links.next leads to",
    topics=LISTS,
    between=False,
)
def documented_example(explorer: Explorer) -> None:
    page = explorer.list_tickets(
        "the documented example", status="open", sort="-updated_at", per_page=10
    )
    if page is not None:
        follow(explorer, page, "next")


@probe(
    f"{_LIST}?filter[status]=closed,spam&sort=updated_at (the second half)",
    f"{_LIST}?filter[channel_ids]={{two channels}}&sort=-created_at (the second half)",
    f"{_LIST}?filter[tag_ids]={{two tags}}&sort=updated_at (the second half)",
    topics=LISTS,
    between=False,
)
def lists_of_values(explorer: Explorer) -> None:
    second_half(explorer, "two statuses", status="closed,spam", sort="updated_at")
    channels, tags = telling_ids(explorer, "channel"), telling_ids(explorer, "tags")
    if channels:
        second_half(explorer, "two channels", channel_ids=channels, sort="-created_at")
    if tags:
        second_half(explorer, "two tags", tag_ids=tags, sort="updated_at")


@probe(f"{_LIST}?filter[assigned_to_me]=true&sort=created_at (the second half)", topics=LISTS)
def own_tickets(explorer: Explorer) -> None:
    """Who we are is not known yet, so the page is small enough for whoever has the fewest tickets.

    An empty one would leave that open for the rest of the run.
    """
    counts = [count for count in explorer.counts("assignee").values() if count > 1]
    size = min(5, -(-min(counts, default=10) // 2))
    query: dict[str, Any] = {"assigned_to_me": True, "sort": "created_at", "per_page": size}
    page = explorer.list_tickets("mine", page=2, **query)
    if page is not None and not page.rows and page.total:
        explorer.list_tickets("mine", **query)


@probe(
    f"{_LIST}?filter[unassigned]=true&sort=-created_at (the second half)",
    topics=LISTS,
    between=False,
)
def unassigned_tickets(explorer: Explorer) -> None:
    second_half(explorer, "unassigned tickets", unassigned=True, sort="-created_at")


@probe(
    f"{_LIST}?filter[status]={_EVERY_STATUS}&filter[unassigned]=false&filter[assigned_to_me]=false"
    "&sort=-last_activity_at&per_page=1000",
    topics=LISTS,
)
def switches(explorer: Explorer) -> None:
    """Filters that keep every ticket, the latest activity first.

    The order downwards may be another one than that upwards.
    """
    query: dict[str, Any] = {"status": _EVERY_STATUS, "unassigned": False, "assigned_to_me": False}
    query |= {"sort": "-last_activity_at"}
    page = explorer.list_tickets("both switched off, too large a page", **query, per_page=1000)
    if page is None:
        explorer.list_tickets("both switched off", **query, per_page=100)


def second_half(explorer: Explorer, purpose: str, **query: Any) -> Page | None:
    """Ask for a list in two halves, and for the second: it tells what the first one would.

    Its total counts the whole list, its place says how many come before, and a filter or a sort
    that gets lost on later pages is lost here, and so is a page that is named first. Where no
    member is known for sure, a small page is asked; where none is possible, the first.
    """
    asked = explorer.history.reader.read(tuple(spell(query).items()))
    answers = [belongs(asked.filters, row, None, Reading()) for row in explorer.rows()]
    size = min(100, -(-answers.count(True) // 2)) or (5 if None in answers else 0)
    if size == 0 or answers.count(True) == 1:
        return explorer.list_tickets(purpose, **query, per_page=100)
    return explorer.list_tickets(purpose, page=2, **query, per_page=size)


@probe(f"{_LIST}?sort=last_activity_at&per_page=100", topics=LISTS)
def by_activity(explorer: Explorer) -> None:
    explorer.list_tickets("by last activity", sort="last_activity_at", per_page=100)


@probe(
    f"{_LIST}?filter[channel_ids]={{a channel}}&sort=-last_activity_at&per_page=30",
    topics=LISTS,
    between=False,
)
def latest_activity(explorer: Explorer) -> None:
    channel = telling_ids(explorer, "channel")[:1]
    if channel:
        query: dict[str, Any] = {
            "channel_ids": channel,
            "sort": "-last_activity_at",
            "per_page": 30,
        }
        explorer.list_tickets("one channel, latest activity first", **query)


@probe("every filter alone: the second half", since="standard", topics=LISTS)
def filters_halved(explorer: Explorer) -> None:
    for number, query in enumerate(single_filters(explorer)):
        second_half(explorer, "a filter alone", **query, sort=_SORTS[number % 4])


@probe(
    "each sort key, up and down, of some statuses: second, last page",
    since="standard",
    topics=LISTS,
)
def sorts_paged(explorer: Explorer) -> None:
    """Each with a filter, which no sort may lose; downwards to the end."""
    keys = ("created_at", "updated_at", "last_activity_at")
    to_the_end = explorer.rng.choice(keys)
    for key in keys:
        up: dict[str, Any] = {"status": "open,closed", "sort": key}
        explorer.list_tickets("a sort, paged", **up, per_page=20, page=2)
        down: dict[str, Any] = {"status": "closed,spam", "sort": f"-{key}"}
        page = explorer.list_tickets("a sort downwards, paged", **down, per_page=20, page=2)
        last = page.meta["last_page"] if page is not None and page.meta else 0
        if last > 2 and (key == to_the_end or explorer.profile == "deep"):
            explorer.list_tickets("a sort, last page", **down, per_page=20, page=last)


@probe("each switch off, beside another filter", since="standard", topics=LISTS)
def switched_off(explorer: Explorer) -> None:
    channel, tag = telling_ids(explorer, "channel")[:1], telling_ids(explorer, "tags")[:1]
    queries: list[dict[str, Any]] = [{"unassigned": False, "status": "closed"}]
    queries += [{"assigned_to_me": False, "tag_ids": tag}] if tag else []
    queries[0] |= {"channel_ids": channel} if channel else {}
    for query in queries:
        explorer.list_tickets("a switch off", **query, sort="created_at", per_page=100)


@probe("links.last of some statuses, then links.prev", since="deep", topics=LISTS)
def links_followed(explorer: Explorer) -> None:
    """Through a filtered list: a link that loses the filter leads to other tickets."""
    filtered: dict[str, Any] = {"status": "open,closed", "sort": "created_at"}
    page = explorer.list_tickets("pages of two", **filtered, per_page=2)
    last = follow(explorer, page, "last") if page is not None else None
    if last is not None:
        follow(explorer, last, "prev")


@probe(
    f"{_LIST}?sort=-created_at&per_page={{a small page}} (every page)",
    since="deep",
    topics=LISTS,
)
def small_walk(explorer: Explorer) -> None:
    """A whole walk in pages of an odd size, in four requests or a few more."""
    known = len(explorer.history.observations)
    size = min(100, max(3, -(-known // 3)))
    for number in range(1, 10):
        page = explorer.list_tickets(
            "walk in small pages", sort="-created_at", per_page=size, page=number
        )
        if page is None or page.reaches_end:
            return


@probe(f"{_LIST}?sort=-created_at&per_page=100 (every page)", phase="closing")
def last_walk(explorer: Explorer) -> None:
    """Every ticket once more: what stayed the same can be held against the lists between."""
    session = explorer.write_session
    explorer.target.budget.kept_back = session.undoing if session is not None else 0
    first = explorer.history.walks[0] if explorer.history.walks else None
    as_before = first is None or not first.whole or explorer.writes_between
    explorer.walk("created_at" if as_before else "-created_at")


def follow(explorer: Explorer, page: Page, name: str) -> Page | None:
    """Follow a link, on our own host and path, whatever host it names."""
    link = page.links.get(name)
    if not isinstance(link, str):
        return None
    pairs = tuple(link_query(link).items())
    return explorer.page_of(explorer.ask(Request("GET", LIST_PATH, pairs, purpose=f"links.{name}")))


def single_filters(explorer: Explorer) -> list[dict[str, Any]]:
    """Return a query for each filter alone, with values that some tickets have.

    `switches` asks for the tickets of nobody and for mine.
    """
    channels, tags = telling_ids(explorer, "channel"), telling_ids(explorer, "tags")
    queries: list[dict[str, Any]] = [{"channel_ids": [found]} for found in channels[:1]]
    queries += [{"tag_ids": [found]} for found in tags[:1]]
    queries += [{"status": status} for status in ("open", "closed", "spam")]
    return [*queries, *_other_list_filters(explorer)]


def _other_list_filters(explorer: Explorer) -> Iterator[dict[str, Any]]:
    """Yield queries with the commonest value, and with two, for each further list filter."""
    for name, known in FILTERS.items():
        if known.kind == "list" and name not in ("status", "channel_ids", "tag_ids"):
            found = (known.example(row, None) for row in explorer.rows())
            values = [value for value, _ in Counter(filter(None, found)).most_common(2)]
            yield from ({name: values[:count]} for count in range(1, len(values) + 1))
