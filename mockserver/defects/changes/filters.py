"""Behaviors that change which tickets a filter lets in."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import ClientRequest, Exchange, Row
from mockserver.defects.changes.lists import listing
from mockserver.defects.changes.requests import change_request, param
from mockserver.defects.defect import Behavior

STATUS, CHANNELS, TAGS = "filter[status]", "filter[channel_ids]", "filter[tag_ids]"
MINE, UNASSIGNED, SEARCH = "filter[assigned_to_me]", "filter[unassigned]", "filter[search]"

Predicate = Callable[[Exchange, Row], bool]


def asked(request: ClientRequest, name: str) -> list[str]:
    """Return the values of a filter; none: it is not given, or switched off."""
    given = request.param(name) or ""
    if name in (MINE, UNASSIGNED):
        return [given] if given in ("true", "1") else []
    return [value for value in given.split(",") if value]


def selecting(name: str, select: Callable[[Exchange], list[Row]]) -> Behavior:
    """Choose the tickets of a list where this filter is given."""
    return listing(lambda exchange: select(exchange) if asked(exchange.request, name) else None)


def narrower(name: str, keeps: Predicate) -> Behavior:
    """Let in only some of what the filter lets in."""
    return selecting(
        name,
        lambda exchange: [row for row in exchange.rows(exchange.request) if keeps(exchange, row)],
    )


def wider(name: str, also: Predicate) -> Behavior:
    """Let in other tickets besides those that the filter lets in."""

    def select(exchange: Exchange) -> list[Row]:
        right = ids(exchange.rows(exchange.request))
        rows = exchange.rows(exchange.request.without(name))
        return [row for row in rows if row["id"] in right or also(exchange, row)]

    return selecting(name, select)


def inverted(name: str) -> Behavior:
    def select(exchange: Exchange) -> list[Row]:
        wrong = ids(exchange.rows(exchange.request))
        rows = exchange.rows(exchange.request.without(name))
        return [row for row in rows if row["id"] not in wrong]

    return selecting(name, select)


def literal(name: str) -> Behavior:
    """Take a list for one value, which nothing has."""
    return selecting(
        name,
        lambda exchange: (
            [] if len(asked(exchange.request, name)) > 1 else exchange.rows(exchange.request)
        ),
    )


def taken_for_true(name: str) -> Behavior:
    """Look only whether a switch is given, not at its value."""
    return param(name, lambda _: "true")


def given_filters(request: ClientRequest) -> list[str]:
    names = dict.fromkeys(name for name, _ in request.query)
    return [name for name in names if name.startswith("filter[") and request.param(name)]


def only(kept: slice) -> Behavior:
    """Take these of several filters, and drop the others."""

    def change(request: ClientRequest) -> ClientRequest:
        names = given_filters(request)
        return request.without(*(set(names) - set(names[kept])))

    return change_request(change)


def beside(name: str, other: str) -> Behavior:
    """Ignore a filter where this other one is given too."""
    return change_request(
        lambda request: request.without(name) if request.param(other) else request
    )


def ids(rows: list[Row]) -> set[Any]:
    return {row["id"] for row in rows}
