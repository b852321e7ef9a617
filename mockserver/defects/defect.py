"""A defect: one contract violation with its requirement, its operations and its frequency."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mockserver.defects.changes.exchange import LIST, Exchange, Reply
from mockserver.defects.changes.frequency import ALWAYS, Rarity

Behavior = Callable[[Exchange], Reply]
Visible = Literal["reading", "writing"]


@dataclass(frozen=True, slots=True)
class Defect:
    """`behavior` answers requests to the operations of `on` that the rarity selects."""

    name: str
    family: str
    requirement: str
    behavior: Behavior
    rarity: Rarity
    on: frozenset[str]
    visible: Visible


@dataclass(frozen=True, slots=True)
class Family:
    """Creates the defects of one family with common defaults."""

    name: str
    on: frozenset[str] = frozenset({LIST})
    visible: Visible = "reading"
    rarity: Rarity = ALWAYS

    def __call__(
        self,
        name: str,
        requirement: str,
        behavior: Behavior,
        rarity: Rarity | None = None,
        *,
        on: frozenset[str] | None = None,
        visible: Visible | None = None,
    ) -> Defect:
        return Defect(
            name=name,
            family=self.name,
            requirement=requirement,
            behavior=behavior,
            rarity=rarity or self.rarity,
            on=on or self.on,
            visible=visible or self.visible,
        )
