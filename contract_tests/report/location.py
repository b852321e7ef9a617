"""Where a statement stands in the contract's files: a JSON pointer turned into a line."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from mockserver.contract import resources


@dataclass(frozen=True)
class Location:
    """A file, relative to the folder that holds openapi.yaml, and a line and column from 1."""

    file: str
    line: int
    column: int


def locate(where: str, root: Path | None = None) -> Location:
    """Return the place of `file#/json/pointer`; the deepest step that exists, when not all do."""
    file, _, pointer = where.partition("#")
    node: yaml.Node | None = _compose((root or resources.root()) / file)
    mark = node.start_mark if node else None
    for step in pointer.split("/")[1:]:
        key, node = _child(node, step.replace("~1", "/").replace("~0", "~"))
        if key is None:
            break
        mark = key.start_mark
    return Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1, 1)


@cache
def _compose(path: Path) -> yaml.Node | None:
    return yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)


def _child(node: yaml.Node | None, step: str) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Return the node that names a step, and the node that it leads to."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key, value
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        return node.value[int(step)], node.value[int(step)]
    return None, None
