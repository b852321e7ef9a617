"""The line in the contract's files where a requirement is documented."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from mockserver.contract import resources
from mockserver.contract.document.references import steps


@dataclass(frozen=True)
class Location:
    """A file, relative to the folder that holds openapi.yaml, and a line and column from 1."""

    file: str
    line: int
    column: int


def reachable(location: Location, root: Path | None = None) -> str | None:
    """Return the path of the file from the working directory; None if it is not below it.

    A reader has the files of the working directory, in CI a checkout, but not those of an
    installed package.
    """
    path = ((root or resources.root()) / location.file).resolve()
    here = Path.cwd().resolve()
    if not path.is_relative_to(here) or "site-packages" in path.parts:
        return None
    return path.relative_to(here).as_posix()


def locate(where: str, root: Path | None = None) -> Location:
    """Return the place of an operation, a parameter, a schema, a field, or a JSON pointer.

    `where` is `listTickets`, `listTickets.filter[search]`, `Ticket`, `Ticket.subject`, or
    `file#/json/pointer`, of which the deepest step that exists is returned.
    Raises LookupError when the contract has no operation, parameter, schema or field of the name.
    """
    root = root or resources.root()
    if "#" in where:
        return _at_pointer(where, root)
    owner, _, member = where.partition(".")
    for file, mark in _named(owner, member, root):
        return Location(file, mark.line + 1, mark.column + 1)
    raise LookupError(f"{where!r} names nothing in openapi.yaml or schemas/")


def _at_pointer(where: str, root: Path) -> Location:
    file, _, pointer = where.partition("#")
    node: yaml.Node | None = _compose(root / file)
    mark = node.start_mark if node else None
    for step in steps(pointer):
        key, node = _child(node, step)
        if key is None:
            break
        mark = key.start_mark
    return Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1, 1)


def _named(owner: str, member: str, root: Path) -> Iterator[tuple[str, yaml.Mark]]:
    """Yield the file and place of an operation or schema, or of its parameter or field."""
    for file, operation in _operations(root):
        if _text(operation, "operationId") == owner:
            parameters = _items(_child(operation, "parameters")[1])
            found = [p for p in parameters if _text(p, "name") == member] if member else [operation]
            yield from ((file, node.start_mark) for node in found)
    for path in sorted((root / "schemas").glob("*.yaml")):
        schema = _compose(path)
        if schema is not None and _text(schema, "title") == owner:
            keys = _fields(schema, member) if member else [schema]
            yield from ((f"schemas/{path.name}", key.start_mark) for key in keys)


def _operations(root: Path) -> Iterator[tuple[str, yaml.Node]]:
    """Yield each operation with its file; a path may be a reference to a file of its own."""
    paths = _child(_compose(root / "openapi.yaml"), "paths")[1]
    for _, path in paths.value if isinstance(paths, yaml.MappingNode) else ():
        file = _text(path, "$ref")
        node = path if file is None else _compose(root / file)
        for _, operation in node.value if isinstance(node, yaml.MappingNode) else ():
            yield file or "openapi.yaml", operation


def _fields(schema: yaml.Node, name: str) -> Iterator[yaml.Node]:
    for part in [schema, *_items(_child(schema, "allOf")[1])]:
        key, _ = _child(_child(part, "properties")[1], name)
        if key is not None:
            yield key


def _text(node: yaml.Node, name: str) -> str | None:
    value = _child(node, name)[1]
    return value.value if isinstance(value, yaml.ScalarNode) else None


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return node.value if isinstance(node, yaml.SequenceNode) else []


@cache
def _compose(path: Path) -> yaml.Node | None:
    return yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)


def _child(node: yaml.Node | None, step: str) -> tuple[yaml.Node | None, yaml.Node | None]:
    """Return the key node of a step, and the node that it leads to."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key, value
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        return node.value[int(step)], node.value[int(step)]
    return None, None
