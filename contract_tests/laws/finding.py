"""Findings: a requirement holds, is violated, or could not be observed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from contract_tests.observations.exchange import Exchange

Outcome = Literal["holds", "violated", "not observed"]


@dataclass(frozen=True)
class Finding:
    """One law's word on one requirement; `exchanges` are numbers, in the order sent.

    A `fragile` violation could come from others at work between two steps of the server;
    it needs to be seen again before it counts.
    """

    requirement: str
    outcome: Outcome
    message: str = ""
    exchanges: tuple[int, ...] = ()
    fragile: bool = False
    law: str = ""


Judge = Callable[[Any], Iterator[Finding]]
"""Judges a history: of the page, or of the extension."""


@dataclass(frozen=True)
class Law:
    """A pure function over what was seen, and the requirements that it judges."""

    name: str
    requirements: tuple[str, ...]
    judge: Judge

    @property
    def topic(self) -> str:
        return self.name.partition(".")[0]


LAWS: dict[str, Law] = {}


def law(*requirements: str) -> Callable[[Judge], Judge]:
    """Register a function as the law of its module and name."""

    def register(judge: Judge) -> Judge:
        name = f"{judge.__module__.rpartition('.')[2]}.{judge.__name__}"
        LAWS[name] = Law(name, requirements, judge)
        return judge

    return register


def holds(requirement: str, *exchanges: Exchange) -> Finding:
    return Finding(requirement, "holds", exchanges=_numbers(exchanges))


def violated(
    requirement: str, message: str, *exchanges: Exchange, fragile: bool = False
) -> Finding:
    return Finding(requirement, "violated", message, _numbers(exchanges), fragile)


def not_observed(requirement: str, reason: str) -> Finding:
    return Finding(requirement, "not observed", reason)


def _numbers(exchanges: tuple[Exchange, ...]) -> tuple[int, ...]:
    return tuple(sorted({exchange.number for exchange in exchanges}))
