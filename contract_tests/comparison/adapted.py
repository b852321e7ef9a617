"""Differences from the documentation that were adapted to, each with the sides that have it."""

from dataclasses import dataclass

from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.run.differences import Difference


@dataclass(frozen=True)
class Adapted:
    """A difference behind which the answers of its sides were compared."""

    kind: str
    documented: str
    actual: str
    words: str
    breaks: str
    severe: bool
    own_names: tuple[str, ...]
    sides: tuple[str, ...]
    operations: tuple[str, ...]


def adapted(left: list[Difference], right: list[Difference]) -> list[Adapted]:
    """Return each difference of either side once, in the order learnt."""
    found: dict[Adaptation, dict[str, Difference]] = {}
    for side, differences in (("left", left), ("right", right)):
        for difference in differences:
            found.setdefault(difference.adaptation, {})[side] = difference
    return [_adapted(adaptation, own) for adaptation, own in found.items()]


def _adapted(adaptation: Adaptation, own: dict[str, Difference]) -> Adapted:
    first = next(iter(own.values()))
    operations = {name for difference in own.values() for name in difference.operations}
    return Adapted(
        kind=adaptation.kind,
        documented=adaptation.documented,
        actual=adaptation.actual,
        words=adaptation.words,
        breaks=first.breaks,
        severe=first.severe,
        own_names=adaptation.own_names,
        sides=tuple(own),
        operations=tuple(sorted(operations)),
    )
