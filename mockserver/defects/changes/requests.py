"""Lies about the request: the honest app is asked something other than what the client asked."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from mockserver.defects.changes.exchange import LIST, Ask, Exchange, Pairs, Reply
from mockserver.defects.changes.responses import amended
from mockserver.defects.defect import Lie

FILTERS = ("status", "channel_ids", "tag_ids", "search", "assigned_to_me", "unassigned")


def filter_name(name: str) -> str:
    return f"filter[{name}]"


def ask(change: Callable[[Ask], Ask]) -> Lie:
    """Ask what `change` makes of the request; links still speak of the client's own."""

    def lie(exchange: Exchange) -> Reply:
        request = change(exchange.ask)
        reply = exchange.send(request)
        return relinked(reply, request, exchange.ask) if request.operation == LIST else reply

    return lie


def param(name: str, change: Callable[[str], str | None]) -> Lie:
    """Change the value of a query parameter where it is given; None takes it away."""

    def changed(request: Ask) -> Ask:
        given = request.param(name)
        if given is None:
            return request
        value = change(given)
        return request.without(name) if value is None else request.with_param(name, value)

    return ask(changed)


def ignoring(*names: str) -> Lie:
    return ask(lambda request: request.without(*names))


def first_of(value: str) -> str:
    return value.partition(",")[0]


def last_of(value: str) -> str:
    return value.rpartition(",")[2]


def body(change: Callable[[Any], Any]) -> Lie:
    """Ask with another JSON body; what is no object stays as it is."""

    def changed(request: Ask) -> Ask:
        given = request.json
        return request.with_json(change(given)) if isinstance(given, dict) else request

    return ask(changed)


def relinked(reply: Reply, asked: Ask, client: Ask) -> Reply:
    """Write the client's query into the links, unless links carry no query anyway."""
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
