"""Compares two deployments: sends both the same GET requests and compares the answers' shapes.

Ids, times, texts and the number of rows belong to the data of each side; what is left should be
the same. Where it is not, the laws say which side breaks the contract, if either does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from contract_tests.adaptations.adapter import Adapter
from contract_tests.adaptations.requests.effect import rows_of
from contract_tests.client.session import Session
from contract_tests.client.target import Target
from contract_tests.comparison.requests import PAIRS, Facts
from contract_tests.comparison.response_shape import Traits, alike, traits
from contract_tests.laws.finding import Finding
from contract_tests.laws.requirements import load
from contract_tests.observations.exchange import LIST_PATH, Exchange, get, operation_of
from contract_tests.observations.history import History
from contract_tests.observations.schema.drift import observations
from contract_tests.observations.schema.json_schema import place_in
from contract_tests.run import differences, required_headers
from contract_tests.run.recorded_traffic import judged
from mockserver.contract.operation import Operation
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


@dataclass(frozen=True)
class Adapted:
    """A difference from the documentation behind which the answers of `sides` were compared."""

    difference: differences.Difference
    sides: tuple[str, ...]


@dataclass
class Comparison:
    """The result: differences, and each side's violations."""

    adapted: list[Adapted]
    violations: dict[str, dict[str, str]]
    """Requirement → side → message."""
    requests: tuple[int, int]
    """How many requests were sent to the left and to the right."""
    differences: list[Difference] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def compared(self) -> int:
        """How many pairs of answers were compared."""
        return len(PAIRS) - len(self.left_out)

    def fails(self) -> bool:
        """True when a side breaks what the page states or shows."""
        broken = any(load()[name].severity() == "fail" for name in self.violations)
        return broken or any(each.difference.severe for each in self.adapted)


class Side:
    """One deployment: its responses by the name of the request, and what the laws say of them.

    `adapted` are the differences that were adapted to, so that what is behind them can be compared.
    Raises CannotRun and Exhausted.
    """

    def __init__(self, target: Target, contract: Contract) -> None:
        adapter = target.transport.adaptations = Adapter(contract)
        self.answers = _answers(Session(target, History(contract), "quick"))
        outcome = judged(target.journal, contract, adapter=adapter)
        self.adapted = outcome.differences
        self.faults = [f for f in outcome.findings if f.outcome == "violated" and not _is_named(f)]

    def breaks(self, exchange: Exchange, trait: str) -> bool:
        """True when a violation of the response concerns the trait."""
        own = [fault for fault in self.faults if exchange.number in fault.exchanges]
        pointed = {path for fault in own if (path := _path(fault.message)) is not None}
        if any(trait == path or trait.startswith(f"{path}.") for path in pointed):
            return True
        return any(_path(fault.message) is None for fault in own) and not _is_field(trait)


def compare(left: Target, right: Target, contract: Contract) -> Comparison:
    """Send the same reading requests to both and compare; raises CannotRun and Exhausted."""
    sides = Side(left, contract), Side(right, contract)
    found = Comparison(
        _adapted(*sides), _violations(*sides), (len(left.journal), len(right.journal))
    )
    for pair in PAIRS:
        if all(pair.words in side.answers for side in sides):
            found.differences += _differences(pair.words, *sides, contract)
        else:
            found.left_out.append(pair.words)
    return found


def _answers(session: Session) -> dict[str, Exchange]:
    """Send the requests for which the deployment has data; return the answers by their words."""
    required_headers.find(session)
    query = {"per_page": 100, "sort": "created_at"}
    facts = Facts(rows_of(session.send(get(LIST_PATH, query, "what is there"))))
    requests = {pair.words: pair.make(facts) for pair in PAIRS}
    return {words: session.send(request) for words, request in requests.items() if request}


def _is_named(finding: Finding) -> bool:
    """Return whether a violation is a difference that was adapted to."""
    return finding.law.startswith(f"{differences.LAW}.")


def _adapted(left: Side, right: Side) -> list[Adapted]:
    """Return each difference that either side was adapted to once, in the order learnt."""
    named = (("left", left), ("right", right))
    own = {name: {d.adaptation: d for d in side.adapted} for name, side in named}
    return [
        Adapted(difference, tuple(name for name in own if adaptation in own[name]))
        for adaptation, difference in {**own["left"], **own["right"]}.items()
    ]


def _violations(left: Side, right: Side) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, side in (("left", left), ("right", right)):
        for fault in side.faults:
            found.setdefault(fault.requirement, {}).setdefault(name, fault.message)
    return found


def _differences(words: str, left: Side, right: Side, contract: Contract) -> Iterator[Difference]:
    """Yield the traits in which the answers to a request differ."""
    one, other = left.answers[words], right.answers[words]
    operation = operation_of(contract, one)
    if operation is None:
        return
    headers = _headers(contract, operation)
    sides = traits(one, headers), traits(other, headers)
    added = {s.name for s in observations(contract, (one, other)) if s.kind == "field"}
    for trait in dict.fromkeys((*sides[0], *sides[1])):
        if not _comparable(trait, *sides):
            continue
        shown = [side.get(trait, frozenset()) for side in sides]
        if all(trait in side for side in sides) and alike(*shown):
            continue
        kind = _breaking(left.breaks(one, trait), right.breaks(other, trait))
        name = trait.rpartition(".")[2].removesuffix("[]")
        silent: Kind = "additive" if name in added else "silent"
        texts = [", ".join(sorted(values)) or "missing" for values in shown]
        yield Difference(operation.id, words, trait, texts[0], texts[1], kind or silent)


def _breaking(left: bool, right: bool) -> Kind | None:
    """Return which side breaks the contract; None if neither does."""
    if left and right:
        return "both break it"
    if left or right:
        return "left breaks it" if left else "right breaks it"
    return None


def _comparable(trait: str, left: Traits, right: Traits) -> bool:
    """True when both sides could have shown a trait."""
    if trait in left and trait in right:
        return True
    if left["status"] != right["status"]:
        return False  # a refusal and a success share no fields; the status says it all
    if trait.endswith("[]"):
        return False  # an empty array shows nothing of its items
    parent = trait.rpartition(".")[0] or "body"
    return all("object" in side.get(parent, frozenset()) for side in (left, right))


def _headers(contract: Contract, operation: Operation) -> set[str]:
    """Return the headers that the contract names for a success."""
    responses = contract.document["paths"][operation.path][operation.method.lower()]["responses"]
    return set(contract.resolve(responses["200"]).get("headers", {}))


def _path(message: str) -> str | None:
    """Return the path that the message of a schema fault points to, as a trait names it."""
    place = place_in(message)
    if place is None:
        return None
    return "".join("[]" if step.isdigit() else f".{step}" for step in place).lstrip(".")


def _is_field(trait: str) -> bool:
    return trait not in ("status", "media type") and not trait.startswith("header ")
