"""Adaptations in the contract: as the actions of an overlay, and read back from a patched one.

The patched document describes the deployment as it is, for every tool that reads OpenAPI. Under
`x-adaptations` it keeps what this suite needs to judge it by the documented names.
"""

from collections.abc import Collection, Iterable, Iterator
from copy import deepcopy
from typing import Any

from contract_tests.adaptations import kinds
from contract_tests.adaptations.adaptation import Adaptation, Node, Place, at

KEY = "x-adaptations"
Action = tuple[Place, str, Any]
"""Target, description, and the update; None removes the target."""


def actions(
    found: Iterable[tuple[Adaptation, Collection[str]]], document: Node
) -> Iterator[Action]:
    """Yield the actions that put adaptations into a document; each comes with its operations."""
    document = deepcopy(document)
    entries = []
    for adaptation, operations in found:
        originals = []
        for place, node in adaptation.amended(document, operations).items():
            before = at(document, place)
            originals.append({"at": list(place), "node": before})
            yield from _replaced(place, before, node, adaptation.words)
            _put(document, place, deepcopy(node))
        entries.append({**kinds.written(adaptation), "originals": originals})
    if entries:
        yield (), "how the documented names are found again", {KEY: entries}


def restored(document: Node) -> tuple[Node, list[Adaptation]]:
    """Return a patched document by the documented names, and the adaptations that it agrees to.

    Raises KeyError, TypeError or IndexError for entries that no overlay of ours contains.
    """
    document = deepcopy(document)
    entries = document.pop(KEY, [])
    for entry in reversed(entries):
        for original in reversed(entry["originals"]):
            _put(document, tuple(original["at"]), original["node"])
    return document, [kinds.read(entry, agreed=True) for entry in entries]


def _replaced(place: Place, before: Any, node: Any, words: str) -> Iterator[Action]:
    """Yield how a node is replaced: an update alone would merge it into what is there."""
    if before is not None:
        yield place, words, None
    yield place[:-1], words, {place[-1]: node}


def _put(document: Node, place: Place, node: Any) -> None:
    """Set a node of a document; None takes it out."""
    home = at(document, place[:-1])
    if node is None:
        home.pop(place[-1], None)
    else:
        home[place[-1]] = node
