"""Robustness: availability, odd values, HEAD, and methods that are unknown."""

from collections.abc import Iterator
from itertools import pairwise

from contract_tests.laws.finding import Finding, holds, law, not_observed, violated
from contract_tests.observations.exchange import LIST_PATH, Exchange
from contract_tests.observations.history import History

ODD = (
    "list.page.odd",
    "list.per_page.odd",
    "list.sort.unknown",
    "list.filter.unknown",
    "list.filter.status.unknown",
)
OUTAGES = 3
"""Separate outages of one run that are more than a restart."""
_SHARE = 1 / 30
"""The share of a run's requests that meet such outages."""


@law("answer.available")
def availability(history: History) -> Iterator[Finding]:
    """A request that a gateway refuses is repeated; one in thirty at separate times is a fault."""
    sent = history.exchanges
    outages = [now for before, now in pairwise(sent) if now.repeated and not before.repeated]
    if len(outages) >= OUTAGES and len(outages) > _SHARE * len(sent):
        message = (
            f"{len(outages)} of {len(sent)} requests got 502, 503 or 504 and had to be repeated"
        )
        yield violated("answer.available", message, *outages[:OUTAGES])
    elif sent and sent[-1].handled:
        yield holds("answer.available", sent[-1])


@law(*ODD)
def odd_values(history: History) -> Iterator[Finding]:
    """An odd value is answered with a list or with a refusal, nothing else."""
    tried = set()
    for exchange in history.exchanges:
        request = exchange.request
        if request.method != "GET" or request.path != LIST_PATH or request.who != "main":
            continue
        odd = history.reader.odd(request.query)
        for requirement in odd if exchange.handled else ():
            tried.add(requirement)
            yield _judge(requirement, exchange)
    for requirement in ODD:
        if requirement not in tried:
            yield not_observed(requirement, "not tried within this budget")


@law("answer.head")
def heads(history: History) -> Iterator[Finding]:
    tried = [e for e in history.exchanges if e.request.method == "HEAD" and e.handled]
    if not tried:
        yield not_observed("answer.head", "HEAD was not tried within this budget")
    for exchange in tried:
        if exchange.request.purpose != "HEAD of what GET answers":
            continue
        if exchange.status != 200 or exchange.body:
            message = f"HEAD answers {exchange.status} with {len(exchange.body)} bytes"
            yield violated("answer.head", message, exchange)
        elif "json" not in exchange.media_type:
            message = f"HEAD says that the body is {exchange.media_type or 'of no type'}"
            yield violated("answer.head", message, exchange)
        else:
            yield holds("answer.head", exchange)


@law("method.unknown")
def unknown_methods(history: History) -> Iterator[Finding]:
    tried = [e for e in history.exchanges if e.request.purpose == "a method the path does not have"]
    if not tried:
        yield not_observed("method.unknown", "not tried within this budget")
    for exchange in tried:
        if exchange.status in (404, 405):
            yield holds("method.unknown", exchange)
        elif exchange.handled and (exchange.status or 0) < 500:
            yield violated("method.unknown", f"answered {exchange.status}", exchange)


def _judge(requirement: str, exchange: Exchange) -> Finding:
    if exchange.status == 200 or exchange.refused or (exchange.status or 0) >= 500:
        return holds(requirement, exchange)
    return violated(requirement, f"answered {exchange.status}", exchange)
