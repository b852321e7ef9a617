"""Behaviors that change the request before the mock receives it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from mockserver.defects.changes.exchange import LIST, ClientRequest, Exchange, Pairs, Reply
from mockserver.defects.changes.responses import amended
from mockserver.defects.defect import Behavior

FILTERS = ("status", "channel_ids", "tag_ids", "search", "assigned_to_me", "unassigned")


def filter_parameter(name: str) -> str:
    return f"filter[{name}]"


def change_request(change: Callable[[ClientRequest], ClientRequest]) -> Behavior:
    """Send a changed request to the mock; links keep the client's query."""

    def behavior(exchange: Exchange) -> Reply:
        request = change(exchange.request)
        reply = exchange.send(request)
        return relinked(reply, request, exchange.request) if request.operation == LIST else reply

    return behavior


def param(name: str, change: Callable[[str], str | None]) -> Behavior:
    """Change the value of a given query parameter; None removes it."""

    def changed(request: ClientRequest) -> ClientRequest:
        given = request.param(name)
        if given is None:
            return request
        value = change(given)
        return request.without(name) if value is None else request.with_param(name, value)

    return change_request(changed)


def ignoring(*names: str) -> Behavior:
    return change_request(lambda request: request.without(*names))


def first_of(value: str) -> str:
    return value.partition(",")[0]


def last_of(value: str) -> str:
    return value.rpartition(",")[2]


def body(change: Callable[[Any], Any]) -> Behavior:
    """Send a changed JSON body; a body that is not an object is left unchanged."""

    def changed(request: ClientRequest) -> ClientRequest:
        given = request.json
        return request.with_json(change(given)) if isinstance(given, dict) else request

    return change_request(changed)


def relinked(reply: Reply, asked: ClientRequest, client: ClientRequest) -> Reply:
    """Write the client's query into the links, unless the links carry no query."""
    query = client.without("page").query

    def amend(value: Any) -> Any:
        links = value["links"]
        if asked.without("page").query and len(_query(links["first"])) == 1:
            return value
        for name, link in links.items():
            links[name] = link and _link(link, query)
        return value

    return amended(reply, amend)


def to_page(link: str, number: int) -> str:
    """Return a page's link made of another page's."""
    start, _, _ = link.rpartition("page=")
    return f"{start}page={number}"


def _query(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).query, keep_blank_values=True)


def _link(link: str, query: Pairs) -> str:
    path = link.partition("?")[0]
    return f"{path}?{urlencode([*query, ('page', _query(link)['page'][0])])}"
