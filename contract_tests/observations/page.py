"""A page of the ticket list: an exchange with its parts within reach."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from contract_tests.observations.exchange import Exchange
from contract_tests.observations.query import Query
from contract_tests.observations.ticket import Row, has_id, is_integer

LINKS = ("first", "last", "prev", "next")


@dataclass(frozen=True)
class Page:
    """A list answer of status 200 whose body is an object."""

    exchange: Exchange
    query: Query

    @property
    def number(self) -> int:
        return self.exchange.number

    @cached_property
    def rows(self) -> list[Row]:
        """The rows that can be identified: objects with an integer id."""
        data = self.exchange.document.get("data")
        return [row for row in data if has_id(row)] if isinstance(data, list) else []

    @cached_property
    def complete(self) -> bool:
        """True when nothing of the page had to be left out."""
        data = self.exchange.document.get("data")
        return isinstance(data, list) and len(data) == len(self.rows) and self.meta is not None

    @cached_property
    def meta(self) -> dict[str, int] | None:
        """The four numbers of meta, or None when one is missing or no integer."""
        meta = self.exchange.document.get("meta")
        names = ("current_page", "last_page", "per_page", "total")
        if not isinstance(meta, dict) or not all(is_integer(meta.get(name)) for name in names):
            return None
        return {name: int(meta[name]) for name in names}

    @property
    def links(self) -> dict[str, Any]:
        links = self.exchange.document.get("links")
        return links if isinstance(links, dict) else {}

    @cached_property
    def total(self) -> int:
        return self.meta["total"] if self.meta else len(self.rows)

    @property
    def offset(self) -> int:
        """How many tickets stand before the first row."""
        return (self.query.page - 1) * self.query.per_page

    @property
    def asks_assigned_to_me(self) -> bool:
        return dict(self.query.filters).get("filter[assigned_to_me]") == "true"

    @property
    def assignee_ids(self) -> list[int | None]:
        people = [row.get("assignee") for row in self.rows]
        return [p.get("id") if isinstance(p, dict) else None for p in people]

    @cached_property
    def reaches_end(self) -> bool:
        return self.offset + len(self.rows) >= self.total


def link_query(link: str) -> dict[str, str]:
    """Return the parameters of a link, valid or not."""
    query = link.partition("#")[0].partition("?")[2]
    return dict(parse_qsl(query, keep_blank_values=True))


def link_number(page: Page, name: str) -> int | str | None:
    """Return the page that a link leads to: a number, or what stands in its place."""
    link = page.links.get(name)
    if link is None:
        return None
    number = link_query(str(link)).get("page", "1")
    return int(number) if number.isascii() and number.isdigit() else number


def link_hosts_of(page: Page) -> Iterator[tuple[str, str]]:
    """Yield each link's name, and the host it names; a relative one names none."""
    for name in LINKS:
        link = page.links.get(name)
        host = urlsplit(link).netloc if isinstance(link, str) else ""
        if host:
            yield name, host


def leads_to_list(page: Page, name: str) -> bool:
    """True unless a link, taken as a browser does, leaves the list; a prefix is a proxy's."""
    link, path = page.links.get(name), (page.exchange.sent or page.exchange.request).path
    if not isinstance(link, str):
        return True
    try:
        return urlsplit(urljoin(path, link)).path.endswith(path)
    except ValueError:
        return False
