"""Pagination: the place of the page numbers and links of a list."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from contract_tests.adaptations.adaptation import Adaptation, Node, Place, with_key_renamed
from mockserver.contract.document.references import node_at

AT_THE_TOP = "(the top)"
_NUMBERS = ("current_page", "last_page", "per_page", "total")
_ENOUGH = 3
_PAGE: Place = ("components", "schemas", "TicketPage")
_LINKS = ("first", "last", "prev", "next")
_FLAT_LINKS = {
    "first": ("first_page_url", "first_url", "first"),
    "last": ("last_page_url", "last_url", "last"),
    "prev": ("prev_page_url", "prev_url", "previous_page_url", "prev"),
    "next": ("next_page_url", "next_url", "next"),
}
"""The names that frameworks give to links outside of `links`."""


@dataclass(frozen=True)
class Pagination(Adaptation):
    """`documented` is meta or links; `actual` the key that holds them, or AT_THE_TOP."""

    kind = "pagination"
    change = "moved"
    rank = 9

    @property
    def words(self) -> str:
        what = "the page numbers" if self.documented == "meta" else "the links"
        if self.actual == AT_THE_TOP:
            return f"{what} stand at the top of the answer instead of under {self.documented!r}"
        return f"{what} stand under {self.actual!r} instead of {self.documented!r}"

    @property
    def breaks(self) -> str:
        if self.documented == "meta":
            return "a client that reads 'meta' knows neither the total nor the last page"
        return "a client that follows 'links.next' stops after the first page"

    def requirement(self, _operations: Collection[str]) -> str:
        return f"list.{self.documented}"

    def incoming(self, operation: str, document: Any) -> Any:
        if operation != "listTickets" or not isinstance(document, dict):
            return document
        if isinstance(document.get(self.documented), dict):
            return document
        at_top = self.actual == AT_THE_TOP
        found = document if at_top else document.get(self.actual)
        if not isinstance(found, dict):
            return document
        part = _part(self.documented, found)
        rest = {k: v for k, v in found.items() if k not in _spent(self.documented, found)}
        if at_top:
            return {**rest, self.documented: part} if part else document
        others = {k: v for k, v in document.items() if k != self.actual}
        left = {self.actual: rest} if rest else {}
        return {**others, **left, self.documented: part}

    def amended(self, document: Node, _operations: Collection[str]) -> dict[Place, Any]:
        page = node_at(document, _PAGE)
        if self.actual != AT_THE_TOP:
            return {_PAGE: with_key_renamed(page, self.documented, self.actual)}
        properties = {k: v for k, v in page["properties"].items() if k != self.documented}
        required = [name for name in page["required"] if name != self.documented]
        if self.documented == "meta":
            meta = node_at(document, ("components", "schemas", "PageMeta"))
            properties, required = {**properties, **meta["properties"]}, [*required, *_NUMBERS]
        return {_PAGE: {**page, "required": required, "properties": properties}}


def detect(operation: str, document: Any) -> list[Pagination]:
    """Return the place of the page numbers and of the links, where it is not the documented one."""
    if operation != "listTickets" or not isinstance(document, dict):
        return []
    found = []
    for documented in ("meta", "links"):
        if isinstance(document.get(documented), dict):
            continue
        places = [AT_THE_TOP] if _fits(documented, document) else []
        places += [k for k, v in document.items() if isinstance(v, dict) and _fits(documented, v)]
        if len(places) == 1:
            found.append(Pagination(documented, places[0]))
    return found


def _fits(documented: str, node: dict[str, Any]) -> bool:
    return len(_part(documented, node)) >= _ENOUGH


def _part(documented: str, node: dict[str, Any]) -> dict[str, Any]:
    """Return the page numbers or the links of a node by their documented names."""
    if documented == "meta":
        return {name: node[name] for name in _NUMBERS if name in node}
    pairs = ((link, name) for link, names in _FLAT_LINKS.items() for name in names)
    part: dict[str, Any] = {}
    for link, name in pairs:
        if name in node and link not in part:
            part[link] = node[name]
    return part


def _spent(documented: str, node: dict[str, Any]) -> set[str]:
    if documented == "meta":
        return set(_NUMBERS)
    spent = {name for names in _FLAT_LINKS.values() for name in names if name in node}
    return spent | ({"links"} if "links" in node else set())
