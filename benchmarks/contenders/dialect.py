"""The query syntax of a contender: the contract's, or the tool's own."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from benchmarks.dataset.dataset import ME, Query, Ticket

NONSENSE = "nonsense"
"""The name of an unknown filter."""


@dataclass(frozen=True)
class Call:
    """A request, without its token."""

    method: str
    path: str
    body: Ticket | None = None


@dataclass(frozen=True)
class Page:
    """A page of a list; `total` is None when the answer does not contain it."""

    tickets: list[Ticket]
    total: int | None


class Documented:
    """The syntax of the contract."""

    words = "documented"

    def listing(self, query: Query, **more: str) -> Call:
        names = {
            "filter[status]": ",".join(query.statuses) or None,
            "filter[channel_ids]": query.channel,
            "filter[search]": query.search,
            "filter[assigned_to_me]": "true" if query.mine else None,
            "filter[unassigned]": "true" if query.unassigned else None,
            "sort": query.sort,
            "page": query.page,
            "per_page": query.size,
        }
        return _get("/api/tickets", names | more)

    def newest(self) -> Call:
        """Return the call for the first page by default: 25, the last updated first."""
        return Call("GET", "/api/tickets")

    def unknown_filter(self) -> Call:
        return self.listing(Query(), **{f"filter[{NONSENSE}]": "1"})

    def detail(self, id: int) -> Call:
        return Call("GET", f"/api/tickets/{id}")

    def change(self, id: int, status: str) -> Call:
        return Call("PUT", f"/api/tickets/{id}/status", {"status": status})

    def page(self, reply: requests.Response) -> Page:
        body = _document(reply)
        return Page(body["data"], body["meta"]["total"])

    def ticket(self, reply: requests.Response) -> Ticket:
        ticket: Ticket = _document(reply)["ticket"]
        return ticket


class Mockoon(Documented):
    """The syntax of Mockoon's CRUD routes."""

    words = "own"

    def listing(self, query: Query, **more: str) -> Call:
        names = {
            "status_eq": _first(query.statuses),
            "channel.id_eq": query.channel,
            "search": query.search,
            "assignee.id_eq": ME if query.mine else None,
            "sort": query.sort.removeprefix("-"),
            "order": _order(query),
            "page": query.page,
            "limit": query.size,
        }
        return _get("/api/tickets", names | more)

    def newest(self) -> Call:
        return self.listing(Query())

    def unknown_filter(self) -> Call:
        return self.listing(Query(), **{f"{NONSENSE}_eq": "1"})

    def change(self, id: int, status: str) -> Call:
        return Call("PATCH", f"/api/tickets/{id}", {"status": status})

    def page(self, reply: requests.Response) -> Page:
        return Page(reply.json(), _number(reply, "X-Filtered-Count"))

    def ticket(self, reply: requests.Response) -> Ticket:
        ticket: Ticket = reply.json()
        return ticket


class JsonServer0(Mockoon):
    """The syntax of json-server 0.17."""

    def listing(self, query: Query, **more: str) -> Call:
        names = {
            "status": query.statuses or None,
            "channel.id": query.channel,
            "q": query.search,
            "assignee.id": ME if query.mine else None,
            "_sort": query.sort.removeprefix("-"),
            "_order": _order(query),
            "_page": query.page,
            "_limit": query.size,
        }
        return _get("/tickets", names | more)

    def unknown_filter(self) -> Call:
        return self.listing(Query(), **{NONSENSE: "1"})

    def detail(self, id: int) -> Call:
        return Call("GET", f"/tickets/{id}?_embed=messages&_embed=activities")

    def change(self, id: int, status: str) -> Call:
        return Call("PATCH", f"/tickets/{id}", {"status": status})

    def page(self, reply: requests.Response) -> Page:
        return Page(reply.json(), _number(reply, "X-Total-Count"))


class JsonServer1(JsonServer0):
    """The syntax of json-server 1.0, which searches one field at a time."""

    def listing(self, query: Query, **more: str) -> Call:
        names = {
            "status": _first(query.statuses),
            "channel.id": query.channel,
            "subject:contains": query.search,
            "assignee.id": ME if query.mine else None,
            "_sort": query.sort,
            "_page": query.page,
            "_per_page": query.size,
        }
        return _get("/tickets", names | more)

    def page(self, reply: requests.Response) -> Page:
        body = reply.json()
        return Page(body["data"], body["items"])


def _document(reply: requests.Response) -> Any:
    """Return a body in which URLs of the server's own files have the dataset's host."""
    parts = urlsplit(reply.url)
    return json.loads(reply.text.replace(f"{parts.scheme}://{parts.netloc}/", "http://localhost/"))


def _get(path: str, names: dict[str, Any]) -> Call:
    given = {name: value for name, value in names.items() if value is not None}
    return Call("GET", f"{path}?{urlencode(given, doseq=True)}")


def _first(statuses: tuple[str, ...]) -> str | None:
    """Return one status, for a tool whose filters take a single value."""
    return statuses[0] if statuses else None


def _order(query: Query) -> str:
    return "desc" if query.sort.startswith("-") else "asc"


def _number(reply: requests.Response, header: str) -> int | None:
    return int(reply.headers[header]) if header in reply.headers else None
