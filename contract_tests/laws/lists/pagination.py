"""Pagination: sizes, and the arithmetic of meta and links, on every list answer of the run."""

from collections import Counter
from collections.abc import Iterator
from math import ceil

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.laws.lists.page_bounds import candidates, due_total, members_of
from contract_tests.observations.filter_semantics import readings
from contract_tests.observations.history import History, who_am_i
from contract_tests.observations.page import (
    LINKS,
    Page,
    leads_to_list,
    link_hosts_of,
    link_number,
    link_query,
)
from contract_tests.observations.ticket import is_integer


@law("list.per_page", "list.per_page.default")
def sizes(history: History) -> Iterator[Finding]:
    """A page holds as many tickets as its size and its place allow, unless its total is wrong."""
    for page in judged(history):
        assert page.meta
        requirement = "list.per_page" if page.query.sized else "list.per_page.default"
        left = max(0, page.total - page.offset)
        expected = min(page.query.per_page, left)
        if len(page.rows) != expected and not _is_miscounted(history, page):
            message = f"{len(page.rows)} tickets where {expected} were due"
            yield violated(requirement, message, page.exchange, fragile=True)
        elif len(page.rows) == expected < left:
            yield holds(requirement, page.exchange)


@law("list.meta.total")
def counted(history: History) -> Iterator[Finding]:
    """A total is no less than nothing, whatever was asked for."""
    for page in history.pages:
        if page.meta is not None and page.total < 0:
            yield violated("list.meta.total", f"total is {page.total}", page.exchange)


@law("list.per_page.max")
def largest_page(history: History) -> Iterator[Finding]:
    asked = False
    for page in history.pages:
        if len(page.rows) > history.reader.largest_size:
            message = f"{len(page.rows)} tickets on one page"
            yield violated("list.per_page.max", message, page.exchange)
            continue
        size = (page.meta or {}).get("per_page", 0)
        if _wants_more(page, history) and size > history.reader.largest_size:
            message = f"a page size of {size} was accepted"
            yield violated("list.per_page.max", message, page.exchange)
        elif _wants_more(page, history):
            asked = True
            yield holds("list.per_page.max", page.exchange)
    refused = [
        e for e in history.exchanges if _is_too_large(e.request.parameters, history) and e.refused
    ]
    for exchange in refused:
        yield holds("list.per_page.max", exchange)
    if not asked and not refused:
        yield not_observed("list.per_page.max", "no page size above the maximum was tried")


@law("list.meta.current_page")
def current_page(history: History) -> Iterator[Finding]:
    for page in judged(history):
        assert page.meta
        found, asked = page.meta["current_page"], page.query.page
        beyond = page.offset >= page.total and asked > 1
        if found == asked or (beyond and found == page.meta["last_page"] and not page.rows):
            yield holds("list.meta.current_page", page.exchange)
        else:
            message = f"current_page is {found} where page {asked} was asked for"
            yield violated("list.meta.current_page", message, page.exchange)


@law("list.meta.per_page")
def page_size(history: History) -> Iterator[Finding]:
    for page in judged(history):
        assert page.meta
        found, asked = page.meta["per_page"], page.query.per_page
        if found == asked:
            yield holds("list.meta.per_page", page.exchange)
            continue
        requirement = "list.meta.per_page" if page.query.sized else "list.per_page.default"
        yield violated(requirement, f"per_page is {found} where it is {asked}", page.exchange)


@law("list.meta.last_page", "list.meta.last_page.empty")
def last_page(history: History) -> Iterator[Finding]:
    """Holds inside one answer, whatever was asked for; an empty list may have no page at all."""
    if not any(page.meta and page.total == 0 for page in history.pages):
        yield not_observed("list.meta.last_page.empty", "no list was empty")
    for page in history.pages:
        if page.meta is None or page.meta["per_page"] < 1:
            continue
        due = max(1, ceil(page.meta["total"] / page.meta["per_page"]))
        if _has_no_page(page):
            message = "last_page is 0 where the list is empty"
            yield violated("list.meta.last_page.empty", message, page.exchange)
        elif page.meta["last_page"] == due:
            yield holds("list.meta.last_page", page.exchange)
            if page.total == 0:
                yield holds("list.meta.last_page.empty", page.exchange)
        else:
            message = f"last_page is {page.meta['last_page']} where {due} follows from the total"
            yield violated("list.meta.last_page", message, page.exchange, fragile=True)


@law("list.page.beyond")
def beyond_the_end(history: History) -> Iterator[Finding]:
    for page in judged(history):
        if page.query.page == 1 or page.offset < page.total:
            continue
        if page.rows:
            message = f"{len(page.rows)} tickets on a page beyond the last"
            yield violated("list.page.beyond", message, page.exchange, fragile=True)
        else:
            yield holds("list.page.beyond", page.exchange)


@law("list.paginated")
def repeated(history: History) -> Iterator[Finding]:
    """No ticket stands twice on a page."""
    for page in history.pages:
        ids = [row["id"] for row in page.rows]
        twice = next((id for id in ids if ids.count(id) > 1), None)
        if twice is not None:
            yield violated(
                "list.paginated", f"ticket {twice} stands on a page twice", page.exchange
            )
        elif ids:
            yield holds("list.paginated", page.exchange)


@law("list.links.pages", "list.links")
def link_pages(history: History) -> Iterator[Finding]:
    """first, prev, next and last lead to the pages that they name."""
    for page in judged(history):
        assert page.meta
        current, last = page.meta["current_page"], page.meta["last_page"]
        due: dict[str, int | None] = {"first": 1, "last": last}
        due["next"] = current + 1 if current < last else None
        if current <= last:
            due["prev"] = current - 1 if current > 1 else None
        if _has_no_page(page) and link_number(page, "last") in (None, 0, 1):
            del due["last"]
        wrong = [name for name, number in due.items() if link_number(page, name) != number]
        for name in wrong:
            found = link_number(page, name)
            message = f"links.{name} leads to page {found} where {due[name]} is due"
            yield violated("list.links.pages", message, page.exchange)
        astray = next((name for name in due if not leads_to_list(page, name)), None)
        if astray is not None:
            message = f"links.{astray} leads to another path than the list's"
            yield violated("list.links.pages", message, page.exchange)
            continue
        if not wrong:
            yield holds("list.links.pages", page.exchange)


@law("list.links.pages")
def link_hosts(history: History) -> Iterator[Finding]:
    """All links name one host: that of the deployment, or of the proxy in front of it."""
    hosts = [(page, name, host) for page in judged(history) for name, host in link_hosts_of(page)]
    usual = Counter(host for _, _, host in hosts).most_common(1)
    for page, name, host in hosts:
        if host != usual[0][0]:
            message = f"links.{name} leads to another host than other links"
            yield violated("list.links.pages", message, page.exchange)


@law("list.links.query")
def link_queries(history: History) -> Iterator[Finding]:
    """A link keeps the whole query of the request, or none of it; always the one or the other."""
    kept_all: list[Page] = []
    kept_none: list[Page] = []
    for page in judged(history):
        given = _lasting(page, history)
        if not given:
            continue
        for name in LINKS:
            link = page.links.get(name)
            if not isinstance(link, str):
                continue
            kept = _kept(link, given)
            if kept in (0, len(given)):
                (kept_all if kept else kept_none).append(page)
            else:
                message = f"links.{name} keeps {kept} of the {len(given)} parameters of the request"
                yield violated("list.links.query", message, page.exchange)
    odd, usual = sorted((kept_all, kept_none), key=len)
    for page in usual:
        yield holds("list.links.query", page.exchange)
    for page in odd:
        words = (
            "keep the query here, and lose it elsewhere"
            if odd is kept_all
            else "lose the query here"
        )
        yield violated("list.links.query", f"links {words}", page.exchange, usual[0].exchange)


def _lasting(page: Page, history: History) -> dict[str, str]:
    """Return the parameters that links keep; of a size above the maximum, they may name either."""
    unlike = {"page", "per_page"} if _wants_more(page, history) else {"page"}
    return {name: value for name, value in page.exchange.request.query if name not in unlike}


def _has_no_page(page: Page) -> bool:
    """True for an empty list of which meta says that it has no page."""
    return page.meta is not None and page.total == 0 and page.meta["last_page"] == 0


def _is_miscounted(history: History, page: Page) -> bool:
    """True when the known tickets contradict a total, however the query is read."""
    known, me = candidates(history, page), who_am_i(history)
    due = [
        due_total(history, page, members_of(history, page, reading, known))
        for reading in readings(me)
    ]
    return page.total < 0 or all(not sure <= page.total <= most for sure, most in due)


def judged(history: History) -> Iterator[Page]:
    """Yield the pages whose query has a documented meaning and whose parts can be read."""
    return (page for page in history.pages if page.query.plain and page.complete)


def _kept(link: str, given: dict[str, str]) -> int:
    query = link_query(link)
    return sum(_same(query, name, value) for name, value in given.items())


def _same(query: dict[str, str], name: str, value: str) -> bool:
    """True when a link carries a parameter, as one value or as an array."""
    if query.get(name) == value:
        return True
    parts = [v for k, v in query.items() if k.startswith(f"{name}[")]
    return bool(parts) and ",".join(parts) == value


def _wants_more(page: Page, history: History) -> bool:
    return _is_too_large(page.exchange.request.parameters, history)


def _is_too_large(parameters: dict[str, str], history: History) -> bool:
    value = parameters.get("per_page", "")
    large = value.isascii() and value.isdigit() and len(value) < 10
    return large and is_integer(int(value)) and int(value) > history.reader.largest_size
