"""A defect: one contract violation, what it breaks, where it shows and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mockserver.defects.changes.exchange import LIST, Exchange, Reply
from mockserver.defects.changes.frequency import ALWAYS, Rarity

Lie = Callable[[Exchange], Reply]
Visible = Literal["reading", "writing"]


@dataclass(frozen=True, slots=True)
class Defect:
    """`lie` answers the operations of `on` wherever the rarity strikes; all else stays honest."""

    name: str
    family: str
    requirement: str
    lie: Lie
    rarity: Rarity
    on: frozenset[str]
    visible: Visible


@dataclass(frozen=True, slots=True)
class Family:
    """Makes the defects of one family: what most of them have in common need not be said."""

    name: str
    on: frozenset[str] = frozenset({LIST})
    visible: Visible = "reading"
    rarity: Rarity = ALWAYS

    def __call__(
        self,
        name: str,
        requirement: str,
        lie: Lie,
        rarity: Rarity | None = None,
        *,
        on: frozenset[str] | None = None,
        visible: Visible | None = None,
    ) -> Defect:
        return Defect(
            name=name,
            family=self.name,
            requirement=requirement,
            lie=lie,
            rarity=rarity or self.rarity,
            on=on or self.on,
            visible=visible or self.visible,
        )
