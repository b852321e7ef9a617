"""Completeness: each request gets a whole answer."""

from collections.abc import Iterator

from contract_tests.laws.finding import Finding, law, violated
from contract_tests.observations.exchange import Exchange
from contract_tests.observations.history import History

_RARE = 0.05
"""The share of broken connections up to which a network is not to blame for one that breaks
again and again."""


@law("answer.json")
def whole_answers(history: History) -> Iterator[Finding]:
    """A request that breaks alike in every try, while others pass at once, is broken itself."""
    own = [e for e in history.exchanges if not e.cut]
    broken = [e for e in own if _breaks_alike(e)]
    shaky = [e for e in own if e.notes and e not in broken]
    if len(shaky) > _RARE * len(own):
        return
    for exchange in broken:
        if _passes_elsewhere(own, exchange):
            tries = len(exchange.notes)
            message = f"no whole answer in {tries} tries: {exchange.notes[-1]}"
            yield violated("answer.json", message, exchange)


def _breaks_alike(exchange: Exchange) -> bool:
    notes = exchange.notes
    return exchange.status is None and len(notes) > 1 and len(set(notes)) == 1


def _passes_elsewhere(exchanges: list[Exchange], broken: Exchange) -> bool:
    """True when requests before and after were answered: the deployment was there."""
    numbers = [exchange.number for exchange in exchanges if exchange.status is not None]
    return bool(numbers) and numbers[0] < broken.number < numbers[-1]
