"""Conditions of requests under which a behavior applies."""

from collections.abc import Callable

from mockserver.defects.changes.exchange import Exchange, Reply
from mockserver.defects.defect import Behavior

Condition = Callable[[Exchange], bool]


def when(condition: Condition, behavior: Behavior) -> Behavior:
    """Apply a behavior to the requests that meet a condition."""
    return lambda exchange: behavior(exchange) if condition(exchange) else exchange.send()


def gives(*names: str) -> Condition:
    """Whether a request gives all these query parameters, none of them empty."""
    return lambda exchange: all(exchange.request.param(name) for name in names)


def value(name: str, fits: Callable[[str], bool]) -> Condition:
    """Whether the value of a query parameter, empty if it is not given, fits."""
    return lambda exchange: fits(exchange.request.param(name) or "")


def size(fits: Callable[[int], bool]) -> Condition:
    """Whether a page size that is given, and is a number, fits."""
    return value("per_page", lambda given: given.isdecimal() and fits(int(given[:9])))


def stands_before(name: str, other: str) -> Condition:
    """Whether one query parameter stands before another one."""

    def condition(exchange: Exchange) -> bool:
        names = [each for each, _ in exchange.request.query]
        return name in names and other in names and names.index(name) < names.index(other)

    return condition


def repeated(exchange: Exchange) -> bool:
    """Whether the request equals the one that came before it in this world."""
    request, kept = exchange.request, exchange.state.kept
    this = (request.token, request.method, request.path, request.query, request.body)
    previous, kept["previous request"] = kept.get("previous request"), this
    return bool(previous == this)


def after(requests: int) -> Condition:
    """Whether the world has answered this many requests."""
    return lambda exchange: exchange.state.requests >= requests


def refused(status: int, answer: Callable[[Exchange, Reply], Reply]) -> Behavior:
    """Answer otherwise where the mock answers with this status."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return answer(exchange, reply) if reply.status == status else reply

    return behavior
