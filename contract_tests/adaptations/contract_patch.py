"""Adaptations as the actions of an overlay, and read back from a patched contract.

The patched document describes the deployment as it is, for every tool that reads OpenAPI. Under
`x-adaptations` it keeps what this suite needs to judge it by the documented names.
"""

from collections.abc import Collection, Iterable, Iterator
from copy import deepcopy
from typing import Any

from contract_tests.adaptations import kinds
from contract_tests.adaptations.adaptation import Adaptation, Node, Place
from mockserver.contract.document.references import node_at

KEY = "x-adaptations"
Action = tuple[Place, str, Any]
"""Target, description, and the update; None removes the target."""


def actions(
    found: Iterable[tuple[Adaptation, Collection[str]]], document: Node
) -> Iterator[Action]:
    """Yield the actions that document adaptations; each adaptation comes with its operations."""
    document = deepcopy(document)
    entries = []
    for adaptation, operations in sorted(found, key=lambda pair: bool(pair[0].renamed(document))):
        originals = []
        for place, node in adaptation.amended(document, operations).items():
            before = node_at(document, place)
            originals.append({"at": list(place), "node": before})
            yield from _replaced(place, before, node, adaptation.words)
            _put(document, place, deepcopy(node))
        entry = {**kinds.written(adaptation), "originals": originals}
        renamed = adaptation.renamed(document)
        for place, names in renamed.items():
            yield from _with_new_keys(place, node_at(document, place), names, adaptation.words)
            _rename(node_at(document, place), names)
        if renamed:
            entry["renamed"] = [{"at": list(p), "keys": names} for p, names in renamed.items()]
        entries.append(entry)
    if entries:
        yield (), "how the documented names are found again", {KEY: entries}


def restored(document: Node) -> tuple[Node, list[Adaptation]]:
    """Return a patched document with the documented names again, and its adaptations.

    Raises KeyError, TypeError or IndexError for entries that no overlay of ours contains.
    """
    document = deepcopy(document)
    entries = document.pop(KEY, [])
    for entry in reversed(entries):
        for node in entry.get("renamed", ()):
            keys = {actual: documented for documented, actual in node["keys"].items()}
            _rename(node_at(document, tuple(node["at"])), keys)
        for original in reversed(entry["originals"]):
            _put(document, tuple(original["at"]), original["node"])
    return document, [kinds.read(entry, agreed=True) for entry in entries]


def _replaced(place: Place, before: Any, node: Any, words: str) -> Iterator[Action]:
    """Yield the actions that replace a node: an update alone would merge the two."""
    if before is not None:
        yield place, words, None
    yield place[:-1], words, {place[-1]: node}


def moved(place: Place, found: Iterable[Adaptation], document: Node) -> Place:
    """Return where a place of a document is after the adaptations are applied."""
    for adaptation in found:
        for parent, names in adaptation.renamed(document).items():
            length = len(parent)
            if place[:length] == parent and len(place) > length:
                place = (*parent, names.get(place[length], place[length]), *place[length + 1 :])
    return place


def _with_new_keys(place: Place, node: Node, names: dict[str, str], words: str) -> Iterator[Action]:
    """Yield the actions that rename keys of an object."""
    for documented, actual in names.items():
        yield (*place, documented), words, None
        yield place, words, {actual: node[documented]}


def _rename(node: Node, names: dict[str, str]) -> None:
    """Rename keys of an object; their order stays."""
    items = [(names.get(key, key), value) for key, value in node.items()]
    node.clear()
    node.update(items)


def _put(document: Node, place: Place, node: Any) -> None:
    """Set a node of a document; None removes it."""
    home = node_at(document, place[:-1])
    if node is None:
        home.pop(place[-1], None)
    else:
        home[place[-1]] = node
