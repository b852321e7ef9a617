"""A parameter of the list under another name, as the text of a refusal gives it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from contract_tests.adaptations import refusal
from contract_tests.adaptations.adaptation import Adaptation, Node, Place, Proposal, at
from contract_tests.observations.exchange import LIST_PATH, Exchange, Request

_INNER = re.compile(r"filter\[(\w+)\]")
_SIMILAR = 0.7
_PARAMETERS: Place = ("paths", LIST_PATH, "get", "parameters")
_SYNONYMS = {
    "search": {"q", "query", "term", "text", "keyword"},
    "assignedtome": {"mine", "my"},
    "tag": {"label"},
    "perpage": {"limit", "pagesize", "size"},
    "page": {"pagenumber"},
    "sort": {"order", "orderby", "sortby"},
}


@dataclass(frozen=True)
class Parameter(Adaptation):
    """`documented` and `actual` are names in the query string."""

    kind = "parameter"

    @property
    def words(self) -> str:
        return f"the parameter {self.documented} is called {self.actual}"

    @property
    def breaks(self) -> str:
        return f"a client that sends {self.documented} is refused"

    def requirement(self, _operations: Collection[str]) -> str:
        match = _INNER.fullmatch(self.documented)
        if match:
            return f"list.filter.{match[1]}"
        return {"per_page": "list.per_page", "sort": "list.sort.created_at"}.get(
            self.documented, "list.paginated"
        )

    def outgoing(self, request: Request) -> Request:
        if request.path != LIST_PATH or self.documented not in request.parameters:
            return request
        query = ((self.actual if n == self.documented else n, v) for n, v in request.query)
        return replace(request, query=tuple(query))

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        return _with_names(document, {self.documented: self.actual})


@dataclass(frozen=True)
class BareFilters(Adaptation):
    """Filters are named without the word filter and brackets."""

    documented: str = "filter[…]"
    actual: str = "…"

    kind = "filter_style"

    @property
    def words(self) -> str:
        return "filters are given without 'filter[…]': status instead of filter[status]"

    @property
    def breaks(self) -> str:
        return "a client that sends filter[status] is refused"

    def requirement(self, _operations: Collection[str]) -> str:
        return "list.filter.status"

    def outgoing(self, request: Request) -> Request:
        if request.path != LIST_PATH:
            return request
        return replace(request, query=tuple((_inner(name), value) for name, value in request.query))

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        names = [node["name"] for node in at(document, _PARAMETERS)]
        return _with_names(document, {name: _inner(name) for name in names})


def detect(exchange: Exchange, documented: Collection[str]) -> list[Proposal]:
    """Return what to try instead of a documented query that was refused, the likeliest first.

    Each is a name for every parameter of the query whose name the refusal does not allow.
    """
    text = f"{' '.join(refusal.field_names(exchange))} {refusal.words(exchange)}"
    mentioned = refusal.allowed_names(text) or refusal.names(text)
    known = {*documented, *(_inner(name) for name in documented)}
    candidates = [name for name in mentioned if name not in documented]
    foreign = [name for name in candidates if name not in known]
    tries: list[list[Parameter]] = [[], []]
    for name in exchange.request.parameters:
        if name in mentioned or name not in documented:
            continue
        if _inner(name) in candidates and _inner(name) != name:
            return [(BareFilters(),)]
        for number, actual in enumerate(_spellings(name, foreign)):
            tries[number].append(Parameter(name, actual))
    return [tuple(found) for found in tries if found]


def _spellings(name: str, foreign: list[str]) -> list[str]:
    """Return up to two names that a parameter may have instead."""
    inner = _inner(name)
    near = _nearest(inner, foreign)
    if near is None:
        return []
    is_bare = inner != name and "[" not in near
    return [f"filter[{near}]", near] if is_bare else [near]


def _nearest(name: str, foreign: list[str]) -> str | None:
    """Return the one foreign name that means the same as a documented one."""
    alike = [other for other in foreign if _is_alike(_core(name), _core(_inner(other)))]
    return alike[0] if len(alike) == 1 else None


def _is_alike(name: str, other: str) -> bool:
    if name == other or other in _SYNONYMS.get(name, ()):
        return True
    return SequenceMatcher(None, name, other).ratio() >= _SIMILAR


def _core(name: str) -> str:
    """Return a name without case, signs, and the endings of ids and of plurals."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    return re.sub(r"(ids?|s)$", "", plain) or plain


def _inner(name: str) -> str:
    match = re.fullmatch(r"\w+\[([\w-]+)\]", name)
    return match[1] if match else name


def _with_names(document: Node, names: dict[str, str]) -> dict[Place, Any]:
    """Return the parameters of the list, renamed; a tool replaces them as a whole or not at all."""
    nodes = at(document, _PARAMETERS)
    renamed = [{**node, "name": names.get(node["name"], node["name"])} for node in nodes]
    return {_PARAMETERS: renamed}
