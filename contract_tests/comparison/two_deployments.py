"""Compares two deployments: sends both the same GET requests and compares the answers' shapes.

Ids, times, texts and the number of rows belong to the data of each side; what is left should be
the same. Where it is not, the laws say which side breaks the contract, if either does.
"""

from dataclasses import dataclass, field
from typing import Literal

from contract_tests.adaptations.adapter import Adapter
from contract_tests.adaptations.requests.effect import rows_of
from contract_tests.client.session import Session
from contract_tests.client.target import Target
from contract_tests.comparison.adapted import Adapted, adapted
from contract_tests.comparison.requests import PAIRS, Facts
from contract_tests.comparison.response_shape import Traits, alike, traits
from contract_tests.laws.finding import Finding
from contract_tests.laws.requirements import load
from contract_tests.observations.drift import observations
from contract_tests.observations.exchange import LIST_PATH, Exchange, get, operation_of
from contract_tests.observations.history import History
from contract_tests.observations.json_schema import place_in
from contract_tests.observations.ticket import Row
from contract_tests.run import differences, required_headers
from contract_tests.run.recorded_traffic import judged
from mockserver.contract.operations import Contract

Kind = Literal["left breaks it", "right breaks it", "both break it", "additive", "silent"]


@dataclass(frozen=True)
class Difference:
    """One trait in which two answers differ; left and right say what each side shows."""

    operation: str
    request: str
    trait: str
    left: str
    right: str
    kind: Kind


@dataclass
class Fidelity:
    """How many traits and statements of an operation were compared, and how many agreed."""

    compared: int = 0
    agreed: int = 0

    @property
    def share(self) -> float:
        return self.agreed / self.compared if self.compared else 1.0


@dataclass
class Side:
    """One deployment: its responses by the name of the request, and their violations.

    `adapted` are the differences that were adapted to, so that what is behind them can be compared.
    """

    session: Session
    answers: dict[str, Exchange] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)
    adapted: list[differences.Difference] = field(default_factory=list)

    @property
    def journal(self) -> list[Exchange]:
        return self.session.target.journal

    def breaks(self, exchange: Exchange, trait: str) -> bool:
        """True when a violation of the response concerns the trait."""
        own = [fault for fault in self.faults if exchange.number in fault.exchanges]
        pointed = {path for fault in own if (path := _path(fault.message)) is not None}
        if any(trait == path or trait.startswith(f"{path}.") for path in pointed):
            return True
        return any(_path(fault.message) is None for fault in own) and not _is_field(trait)


@dataclass
class Comparison:
    """The result: differences, fidelity by operation, and each side's violations."""

    adapted: list[Adapted] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    fidelity: dict[str, Fidelity] = field(default_factory=dict)
    violations: dict[str, dict[str, str]] = field(default_factory=dict)
    """Requirement → side → message."""
    left_out: list[str] = field(default_factory=list)
    requests: tuple[int, int] = (0, 0)
    """How many requests were sent to the left and to the right."""

    def fails(self) -> bool:
        """True when a side breaks what the page states or shows."""
        broken = any(load()[name].severity() == "fail" for name in self.violations)
        return broken or any(each.severe for each in self.adapted)


def compare(left: Target, right: Target, contract: Contract) -> Comparison:
    """Send the same reading requests to both and compare; raises CannotRun and Exhausted."""
    sides = _side(left, contract), _side(right, contract)
    for side in sides:
        _ask(side)
        adapter = side.session.target.transport.adaptations
        outcome = judged(side.journal, contract, adapter=adapter)
        side.adapted = outcome.differences
        side.faults = [f for f in outcome.findings if f.outcome == "violated" and not _is_named(f)]
    comparison = Comparison(requests=(len(left.journal), len(right.journal)))
    for pair in PAIRS:
        one, other = (side.answers.get(pair.words) for side in sides)
        if one is None or other is None:
            comparison.left_out.append(pair.words)
        elif (operation := operation_of(contract, one)) is not None:
            headers = _headers(contract, operation.path, operation.method.lower())
            _Pairing(comparison, sides, contract, operation.id, headers).judge(
                pair.words, one, other
            )
    _name_adapted(comparison, sides)
    _add_violations(comparison, sides, contract)
    return comparison


def _is_named(finding: Finding) -> bool:
    """Return whether a violation is a difference that was adapted to."""
    return finding.law.startswith(f"{differences.LAW}.")


def _side(target: Target, contract: Contract) -> Side:
    target.transport.adaptations = Adapter(contract)
    return Side(Session(target, History(contract), "quick"))


def _ask(side: Side) -> None:
    required_headers.find(side.session)
    facts = Facts(_rows(side.session))
    for pair in PAIRS:
        request = pair.make(facts)
        if request is not None:
            side.answers[pair.words] = side.session.send(request)


def _rows(session: Session) -> list[Row]:
    """Return the rows of a first large page; raises CannotRun if the request is refused."""
    query = {"per_page": 100, "sort": "created_at"}
    return rows_of(session.send(get(LIST_PATH, query, "what is there")))


def _name_adapted(comparison: Comparison, sides: tuple[Side, Side]) -> None:
    """Add what was adapted to; a difference of a single side lowers the fidelity."""
    comparison.adapted = adapted(*(side.adapted for side in sides))
    for each in comparison.adapted:
        for operation in each.operations:
            fidelity = comparison.fidelity.setdefault(operation, Fidelity())
            fidelity.compared += 1
            fidelity.agreed += len(each.sides) == len(sides)


@dataclass
class _Pairing:
    """Compares the two answers to one request."""

    comparison: Comparison
    sides: tuple[Side, Side]
    contract: Contract
    operation: str
    headers: set[str]

    def judge(self, words: str, one: Exchange, other: Exchange) -> None:
        left, right = traits(one, self.headers), traits(other, self.headers)
        fidelity = self.comparison.fidelity.setdefault(self.operation, Fidelity())
        for trait in dict.fromkeys((*left, *right)):
            if not _comparable(trait, left, right):
                continue
            fidelity.compared += 1
            shown = left.get(trait, frozenset()), right.get(trait, frozenset())
            if trait in left and trait in right and alike(*shown):
                fidelity.agreed += 1
                continue
            kind = self._kind(trait, one, other)
            texts = [", ".join(sorted(values)) or "missing" for values in shown]
            difference = Difference(self.operation, words, trait, texts[0], texts[1], kind)
            self.comparison.differences.append(difference)

    def _kind(self, trait: str, one: Exchange, other: Exchange) -> Kind:
        left, right = self.sides[0].breaks(one, trait), self.sides[1].breaks(other, trait)
        if left and right:
            return "both break it"
        if left or right:
            return "left breaks it" if left else "right breaks it"
        name = trait.rpartition(".")[2].removesuffix("[]")
        added = {s.name for s in observations(self.contract, (one, other)) if s.kind == "field"}
        return "additive" if name in added else "silent"


def _comparable(trait: str, left: Traits, right: Traits) -> bool:
    """True when both sides could have shown a trait."""
    if trait in left and trait in right:
        return True
    if left["status"] != right["status"]:
        return False  # a refusal and a success share no fields; the status says it all
    parent = trait.removesuffix("[]") if trait.endswith("[]") else trait.rpartition(".")[0]
    if trait.endswith("[]"):
        return False  # an empty array shows nothing of its items
    return all("object" in side.get(parent or "body", frozenset()) for side in (left, right))


def _headers(contract: Contract, path: str, method: str) -> set[str]:
    """Return the headers that the contract names for a success."""
    responses = contract.document["paths"][path][method]["responses"]
    return set(contract.resolve(responses["200"]).get("headers", {}))


def _add_violations(comparison: Comparison, sides: tuple[Side, Side], contract: Contract) -> None:
    """Add each side's violations; one of a single side counts as a difference."""
    for name, side in zip(("left", "right"), sides, strict=True):
        for fault in side.faults:
            comparison.violations.setdefault(fault.requirement, {}).setdefault(name, fault.message)
    for requirement, messages in comparison.violations.items():
        if len(messages) == 1:
            (name,) = messages
            side = sides[0] if name == "left" else sides[1]
            _count(comparison, side, requirement, contract)


def _count(comparison: Comparison, side: Side, requirement: str, contract: Contract) -> None:
    numbers = next(f.exchanges for f in side.faults if f.requirement == requirement)
    operation = operation_of(contract, side.journal[numbers[0] - 1]) if numbers else None
    if operation is not None:
        comparison.fidelity.setdefault(operation.id, Fidelity()).compared += 1


def _path(message: str) -> str | None:
    """Return the path that the message of a schema fault points to, as a trait names it."""
    place = place_in(message)
    if place is None:
        return None
    return "".join("[]" if step.isdigit() else f".{step}" for step in place).lstrip(".")


def _is_field(trait: str) -> bool:
    return trait not in ("status", "media type") and not trait.startswith("header ")
