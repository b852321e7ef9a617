"""A parameter of the list with another name, which the text of a refusal gives."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Adaptation, Proposal, camel_case
from contract_tests.adaptations.requests.filter_style import BareFilters
from contract_tests.adaptations.requests.renaming import Renaming, inner, statement
from contract_tests.observations.exchange import Exchange

_AND = ", "
_SIMILAR = 0.7
_SYNONYMS = {
    "search": {"q", "query", "term", "text", "keyword"},
    "assignedtome": {"mine", "my"},
    "tag": {"label"},
    "perpage": {"limit", "pagesize", "size"},
    "page": {"pagenumber"},
    "sort": {"order", "orderby", "sortby"},
}


@dataclass(frozen=True)
class Parameter(Renaming):
    """`documented` and `actual` are names in the query string, or lists of them.

    All names in camel case are one difference, however many there are.
    """

    kind = "parameter"

    @property
    def _in_camel_case(self) -> bool:
        return self.actual != self.documented and self.actual == camel_case(self.documented)

    @property
    def label(self) -> str:
        return f"{self.labels}camelCase" if self._in_camel_case else super().label

    @property
    def labels(self) -> str:
        documented = "snake_case" if self._in_camel_case else self.documented
        return f"{self.kind}: {documented} -> "

    @property
    def names(self) -> dict[str, str]:
        return dict(zip(self.documented.split(_AND), self.own_names, strict=True))

    @property
    def own_names(self) -> tuple[str, ...]:
        return tuple(self.actual.split(_AND))

    @property
    def words(self) -> str:
        if not self._in_camel_case:
            return f"the parameter {self.documented} is called {self.actual}"
        pairs = [f"{own} instead of {documented}" for documented, own in self.names.items()]
        return f"parameters of several words are named in camel case: {_AND.join(pairs)}"

    def requirement(self, _operations: Collection[str]) -> str:
        return statement(next(iter(self.names)))

    def joined(self, others: Collection[Adaptation]) -> "Parameter":
        documented = [self.documented, *(each.documented for each in others)]
        actual = [self.actual, *(each.actual for each in others)]
        return Parameter(_AND.join(documented), _AND.join(actual), self.agreed)


def detect(exchange: Exchange, documented: Collection[str]) -> list[Proposal]:
    """Return proposals for a documented query that was refused, the likeliest first.

    Each is a name for every parameter of the query whose name the refusal does not allow.
    """
    text = f"{' '.join(refusal.field_names(exchange))} {refusal.words(exchange)}"
    mentioned = refusal.allowed_names(text) or refusal.names(text)
    known = {*documented, *(inner(name) for name in documented)}
    candidates = [name for name in mentioned if name not in documented]
    foreign = [name for name in candidates if name not in known]
    tries: list[list[Adaptation]] = [[], []]
    for name in exchange.request.parameters:
        if name in mentioned or name not in documented:
            continue
        if inner(name) in candidates and inner(name) != name:
            return [(BareFilters(),)]
        for number, actual in enumerate(_spellings(name, foreign)):
            tries[number].append(Parameter(name, actual))
    found = [tuple(dict.fromkeys(each)) for each in tries if each]
    return [*found, *guess(_refused(exchange.request.parameters, text))]


def _refused(names: Iterable[str], text: str) -> list[str]:
    """Return the names that a refusal mentions, or all if it mentions none; never allowed ones."""
    allowed, said = {*refusal.allowed_names(text)}, {*refusal.names(text)}
    doubted = [name for name in names if not {name, inner(name)} & allowed]
    return [name for name in doubted if {name, inner(name)} & said] or doubted


def guess(names: Iterable[str]) -> list[Proposal]:
    """Return the proposal to send refused or ignored parameters in camel case."""
    found = tuple(Parameter(name, camel_case(name)) for name in names if "_" in name)
    return [found] if found else []


def _spellings(name: str, foreign: list[str]) -> list[str]:
    """Return up to two names that a parameter may have instead."""
    bare = inner(name)
    near = _nearest(bare, foreign)
    if near is None:
        return []
    is_bare = bare != name and "[" not in near
    return [f"filter[{near}]", near] if is_bare else [near]


def _nearest(name: str, foreign: list[str]) -> str | None:
    """Return the only unknown name that means the same as a documented one."""
    alike = [other for other in foreign if mean_the_same(name, other)]
    return alike[0] if len(alike) == 1 else None


def mean_the_same(name: str, other: str) -> bool:
    """Return whether two names of parameters are alike in spelling or meaning."""
    return _is_alike(_core(inner(name)), _core(inner(other)))


def _is_alike(name: str, other: str) -> bool:
    if name == other or other in _SYNONYMS.get(name, ()):
        return True
    return SequenceMatcher(None, name, other).ratio() >= _SIMILAR


def _core(name: str) -> str:
    """Return a name in lower case, without signs and without endings of ids and plurals."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    return re.sub(r"(ids?|s)$", "", plain) or plain
