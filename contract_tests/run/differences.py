"""The differences of a deployment that a run adapted to, each with its evidence."""

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Adaptation
from contract_tests.adaptations.adapter import Adapter
from contract_tests.laws.finding import Finding
from contract_tests.observations.exchange import Exchange, operation_id
from contract_tests.observations.history import History

LAW = "differences"
"""The prefix of the law of a violation that is such a difference."""

_PRESUMED = "not known: nobody sent what is documented, which the deployment may take, too"


@dataclass(frozen=True)
class Difference:
    """`count` exchanges went through it; `exchanges` show it, the refusal before what helped.

    `operations` show it, and `requirement` is the statement that it breaks.
    `server_words` are what the server said when it refused the documented form, `refusals` times.
    It is `presumed` where nobody sent the documented form, which may do as well.
    """

    adaptation: Adaptation
    requirement: str
    operations: tuple[str, ...]
    count: int
    exchanges: tuple[int, ...]
    server_words: str = ""
    refusals: int = 0
    presumed: bool = False

    @property
    def severe(self) -> bool:
        return self.adaptation.severe and not self.presumed

    @property
    def breaks(self) -> str:
        """What goes wrong in a client that follows the documentation."""
        return _PRESUMED if self.presumed else self.adaptation.breaks


def differences(adapter: Adapter, history: History) -> list[Difference]:
    """Return what a run adapted to, in the order learnt, unless its contract documents it."""
    groups: dict[str, list[Adaptation]] = {}
    for adaptation in adapter.active:
        if not adaptation.agreed:
            groups.setdefault(adaptation.label, []).append(adaptation)
    return [_difference(group, adapter, history) for group in groups.values()]


def findings(found: list[Difference]) -> Iterator[Finding]:
    """Yield each difference as a violation, unless the documentation leaves it open."""
    for difference in found:
        adaptation = difference.adaptation
        if difference.severe:
            law, words = f"{LAW}.{adaptation.kind}", adaptation.words
            numbers = difference.exchanges
            yield Finding(difference.requirement, "violated", words, numbers, law=law)


def _difference(group: list[Adaptation], adapter: Adapter, history: History) -> Difference:
    """Return the difference that adaptations with the same label stand for."""
    adaptation = group[0].joined(group[1:])
    words, label = adapter.words.get(adaptation.label, ""), adaptation.label
    through = [e for e in history.exchanges if label in e.through and not e.superseded]
    refused = [e for e in history.exchanges if _is_refused_so(e, adaptation, words)]
    shown = {e.number for e in through[:1]}
    operations = tuple(sorted({name for e in through if (name := operation_id(e.request))}))
    return Difference(
        adaptation,
        adaptation.requirement(operations),
        operations,
        count=len(through),
        exchanges=tuple(sorted(shown | {adapter.shown.get(label, n) for n in shown})),
        server_words=words,
        refusals=len(refused),
        presumed=adapter.presumed.issuperset(group),
    )


def _is_refused_so(exchange: Exchange, adaptation: Adaptation, words: str) -> bool:
    """Return whether an exchange was refused with these words because of the documented form."""
    if not words or not exchange.client_error or refusal.words(exchange) != words:
        return False
    tried = any(label.startswith(adaptation.labels) for label in exchange.through)
    return not tried and (exchange.superseded or not adaptation.severe)
