"""The source of each statement of the contract: checked, and listed in docs/provenance.md."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.contract.document.references import METHODS, Node

EVIDENCE = ("stated", "shown", "vendor", "inferred")

_NAMING = frozenset(
    {"parameters", "responses", "headers", "securitySchemes", "schemas", "properties"}
)
_OPAQUE = frozenset({"x-source", "links", "example", "examples"})
# What an example cannot show: it gives one value, never the border of the values.
_BORDERS = frozenset(
    {"enum", "const", "default", "pattern", "minimum", "maximum", "uniqueItems"}
    | {"minLength", "maxLength", "minItems", "maxItems"}
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A part of the contract that claims something of the vendor's API."""

    place: str
    node: Node

    def sources(self) -> Iterator[tuple[str, Any]]:
        """Yield each claim with its source: the part as a whole, then single keywords."""
        source = self.node.get("x-source")
        yield self.place, source
        limits = source.get("limits", {}) if isinstance(source, dict) else {}
        yield from ((f"{self.place} {keyword}", limits[keyword]) for keyword in limits)

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the sources, and how to mend it."""
        wrong = [fault for place, source in self.sources() for fault in _faults_of(place, source)]
        yield from wrong
        if not wrong:
            yield from self._misplaced()

    def _misplaced(self) -> Iterator[str]:
        source, keywords = self.node["x-source"], set(_keywords(self.node))
        limits = set(source.get("limits", {}))
        for keyword in sorted(limits - keywords):
            yield f"{self.place}: x-source has limits for {keyword!r}, which is not there; drop it"
        if source["evidence"] == "shown":
            for keyword in sorted((keywords & _BORDERS) - limits):
                yield f"{self.place}: no example shows {keyword!r}; give its source in limits"


def statements(document: Node) -> list[Statement]:
    """Return every operation, parameter, body, response, header, noun and field, outer first."""
    return list(_inside(document, ""))


def faults(document: Node) -> list[str]:
    """Return what is wrong with the sources of the bundled `document`; empty when nothing is."""
    return [fault for statement in statements(document) for fault in statement.faults()]


def table(document: Node) -> str:
    """Return the sources of the bundled `document` as Markdown, their numbers above the table."""
    sources = [claim for statement in statements(document) for claim in statement.sources()]
    count = Counter(source["evidence"] for _, source in sources)
    numbers = ", ".join(f"{count[word]} {word}" for word in EVIDENCE)
    rows = [f"| `{place}` | {source['evidence']} | {_cell(source)} |" for place, source in sources]
    head = ["| Statement | Evidence | Where |", "| --- | --- | --- |"]
    return "\n".join([f"{len(sources)} statements: {numbers}.", "", *head, *rows])


def _inside(node: Any, place: str) -> Iterator[Statement]:
    for key, child in _entries(node):
        parts = _parts(key, child)
        for name, part in parts:
            inner = f"{place}.{name}".removeprefix(".")
            if key == "properties" or set(part) != {"$ref"}:  # a bare reference states nothing
                yield Statement(inner, part)
            yield from _inside(part, inner)
        if not parts:
            yield from _inside(child, place)


def _keywords(node: Any) -> Iterator[str]:
    for key, child in _entries(node):
        if not _parts(key, child):
            yield str(key)
            yield from _keywords(child)


def _entries(node: Any) -> list[tuple[Any, Any]]:
    if isinstance(node, list):
        return list(enumerate(node))
    return [(k, v) for k, v in node.items() if k not in _OPAQUE] if isinstance(node, dict) else []


def _parts(key: str, child: Any) -> list[tuple[str, Node]]:
    """Return the named statements that `child` consists of under `key`, if it does."""
    if key in METHODS:
        return [(child.get("operationId", key), child)]
    if key == "requestBody":
        return [("body", child)]
    if key not in _NAMING:
        return []
    if isinstance(child, list):
        return [(parameter.get("name", ""), parameter) for parameter in child]
    return list(child.items())


def _faults_of(place: str, source: Any) -> Iterator[str]:
    if not isinstance(source, dict):
        words = "|".join(EVIDENCE)
        yield f"{place}: no x-source; say {{evidence: {words}, where: …}}"
        return
    if source.get("evidence") not in EVIDENCE:
        words = ", ".join(EVIDENCE)
        yield f"{place}: evidence {source.get('evidence')!r} is not one of {words}"
    if not str(source.get("where") or "").strip():
        yield f"{place}: x-source does not say where"
    for key in sorted(set(source) - {"evidence", "where", "limits"}):
        yield f"{place}: x-source has {key!r}; it takes evidence, where and limits"


def _cell(source: Node) -> str:
    """Return where the evidence is, with what Markdown would take for a tag or a cell escaped."""
    text = " ".join(source["where"].split())
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("*", "\\*")
