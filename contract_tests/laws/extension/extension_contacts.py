"""Lists of contacts: pages, sorts and filters."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from contract_tests.laws.extension.extension_lists import out_of_order
from contract_tests.laws.extension.history import ExtensionHistory, numbers, rows
from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.ticket import Row, moment

_FIELDS = {"name": ("name",), "email": ("email",), "search": ("name", "email")}


@law("extension.contacts.pages")
def page_numbers(history: ExtensionHistory) -> Iterator[Finding]:
    """The numbers of a page agree with each other, with the request and with the rows."""
    for exchange in history.lists("listContacts"):
        fault = _fault_of_numbers(exchange)
        if fault:
            yield violated("extension.contacts.pages", fault, exchange)
        else:
            yield holds("extension.contacts.pages", exchange)


def _fault_of_numbers(exchange: Exchange) -> str:
    found = numbers(exchange)
    names = ("total", "per_page", "current_page", "last_page")
    if not all(isinstance(found.get(name), int) for name in names) or not found["per_page"]:
        return ""  # the law of shapes says so
    total, size, number, last = (int(found[name]) for name in names)
    asked = exchange.request.parameters
    count = len(rows(exchange))
    due = min(size, max(0, total - (number - 1) * size))
    if "per_page" in asked and int(asked["per_page"]) <= 100 and size != int(asked["per_page"]):
        return f"per_page is {size}, not {asked['per_page']}"
    if "page" in asked and number != int(asked["page"]):
        return f"current_page is {number}, not {asked['page']}"
    if last != max(1, -(-total // size)):
        return f"last_page is {last} with {total} contacts, {size} on a page"
    return f"{count} rows, where {due} are due" if count != due else ""


@law("extension.contacts.complete")
def each_once(history: ExtensionHistory) -> Iterator[Finding]:
    """A walk over all pages finds each contact once, and as many as the total."""
    walk = _walk(history)
    if not walk:
        yield not_observed("extension.contacts.complete", "the contacts were not read whole")
        return
    counts = Counter(row.get("id") for exchange in walk for row in rows(exchange))
    double = next((id for id, count in counts.items() if count > 1), None)
    if double is not None:
        message = f"contact {double} is on two pages, or twice on one"
        yield violated("extension.contacts.complete", message, *walk)
    elif len(counts) != numbers(walk[0]).get("total"):
        message = f"{len(counts)} contacts are listed, the total is {numbers(walk[0])['total']}"
        yield violated("extension.contacts.complete", message, *walk)
    else:
        yield holds("extension.contacts.complete", *walk)
        yield from _small_pages(history, walk)


def _small_pages(history: ExtensionHistory, walk: list[Exchange]) -> Iterator[Finding]:
    """A page of another size shows the contacts that the walk has in its place."""
    order = [row.get("id") for exchange in walk for row in rows(exchange)]
    for exchange in plain_lists(history):
        found, asked = numbers(exchange), exchange.request.parameters
        size, number = found.get("per_page"), found.get("current_page")
        if exchange in walk or "sort" in asked or not (size and number):
            continue
        due = order[(number - 1) * size : number * size]
        if [row.get("id") for row in rows(exchange)] == due:
            yield holds("extension.contacts.complete", exchange)
        else:
            message = f"page {number} of {size} shows other contacts than larger pages have there"
            yield violated("extension.contacts.complete", message, *walk, exchange)


def _walk(history: ExtensionHistory) -> list[Exchange]:
    """Return the pages of the walk, if its last one was reached."""
    pages = [e for e in history.lists("listContacts") if "walk" in e.request.purpose]
    reached = pages and len(pages) >= (numbers(pages[-1]).get("last_page") or 0)
    return pages if reached else []


@law("extension.contacts.sort", "extension.contacts.default_sort")
def sorts(history: ExtensionHistory) -> Iterator[Finding]:
    """Rows are in the order asked for; without a sort key they are sorted by name."""
    for exchange in history.lists("listContacts"):
        asked = exchange.request.parameters.get("sort")
        key = (asked or "name").lstrip("-")
        requirement = "extension.contacts.sort" if asked else "extension.contacts.default_sort"
        listed = rows(exchange)[:: -1 if (asked or "").startswith("-") else 1]
        if key not in _ORDERS or len(listed) < 2:
            continue
        wrong = next((b for a, b in pairwise(listed) if _ORDERS[key](a, b)), None)
        if wrong is None:
            yield holds(requirement, exchange)
        else:
            message = f"contact {wrong.get('id')} is not in the order of {asked or 'name'}"
            yield violated(requirement, message, exchange)
    yield from _opposites(history)


def _by_activity(before: Row, after: Row) -> bool:
    first, second = (moment(row.get("last_activity_at")) for row in (before, after))
    return first is not None and second is not None and first > second


_ORDERS: dict[str, Callable[[Row, Row], bool]] = {
    "name": lambda before, after: out_of_order(before.get("name"), after.get("name")),
    "last_activity": _by_activity,
}
"""Whether two rows in this order contradict an ascending sort, for keys that rows show."""


def _opposites(history: ExtensionHistory) -> Iterator[Finding]:
    """Ascending and descending begin with other rows, if there is more than one page's worth."""
    first = {
        exchange.request.parameters["sort"]: exchange
        for exchange in history.lists("listContacts")
        if "sort" in exchange.request.parameters and len(rows(exchange)) > 1
    }
    for key, ascending in first.items():
        descending = first.get(f"-{key}")
        if descending is None or key not in ("created_at", *_ORDERS):
            continue
        if rows(ascending)[0].get("id") == rows(descending)[0].get("id"):
            message = f"sort={key} and sort=-{key} begin with the same contact"
            yield violated("extension.contacts.sort", message, ascending, descending)
        else:
            yield holds("extension.contacts.sort", ascending, descending)


@law(
    "extension.contacts.filter.name",
    "extension.contacts.filter.email",
    "extension.contacts.filter.search",
)
def filters(history: ExtensionHistory) -> Iterator[Finding]:
    """A filter keeps the contacts with its text, in either case, and no others."""
    for exchange in history.lists("listContacts"):
        for name, fields in _FIELDS.items():
            term = exchange.request.parameters.get(f"filter[{name}]")
            if term is not None:
                yield _filtered(history, exchange, name, fields, term)


def _filtered(
    history: ExtensionHistory, exchange: Exchange, name: str, fields: tuple[str, ...], term: str
) -> Finding:
    requirement = f"extension.contacts.filter.{name}"
    for row in rows(exchange):
        if not _contains(row, fields, term):
            message = f"contact {row.get('id')} is listed, but has not {term!r}"
            return violated(requirement, message, exchange)
    if numbers(exchange).get("last_page") == 1:
        listed = {row.get("id") for row in rows(exchange)}
        known = (row for page in plain_lists(history) for row in rows(page))
        for row in known:
            if _contains(row, fields, term) and row.get("id") not in listed:
                message = f"contact {row.get('id')} has {term!r}, but is not listed"
                return violated(requirement, message, exchange)
    return holds(requirement, exchange)


def _contains(row: Row, fields: tuple[str, ...], term: str) -> bool:
    return any(term.casefold() in str(row.get(field) or "").casefold() for field in fields)


def plain_lists(history: ExtensionHistory) -> list[Exchange]:
    """Return the lists of contacts without a filter."""
    return [
        exchange
        for exchange in history.lists("listContacts")
        if not any(name.startswith("filter[") for name in exchange.request.parameters)
    ]
