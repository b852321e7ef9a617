"""A strict YAML reader without the implicit types of YAML 1.1."""

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from mockserver.contract.errors import FixtureError

_KEY_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")
_DEEPEST = 30
_MOST_REPEATED = 100_000
"""Values that the aliases of a file may repeat in all."""


class _Loader(yaml.CSafeLoader):
    """Reads `no`, `010`, `10:30` and `2026-01-31` as strings, and rejects duplicate keys."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]  # of PyYAML

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag not in _KEY_TAGS:
                raise _fault(key, "keys must be strings; quote this one")
            if key.value in seen and key.tag == "tag:yaml.org,2002:str":
                raise _fault(key, f"{key.value!r} is a duplicate key; keep one")
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _fault(place: Any, problem: str) -> yaml.MarkedYAMLError:
    """Return a fault at a node or an event of the document."""
    return yaml.MarkedYAMLError(problem=problem, problem_mark=place.start_mark)


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(f"^(?:{_pattern})$"),
        ["" if first == "\0" else first for first in _first],
    )


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; raises FixtureError with file, line and remedy."""
    try:
        content = path.read_bytes()
        _check_size(content)
        return yaml.load(content, Loader=_Loader)  # noqa: S506 - a safe loader, made stricter
    except OSError as error:
        raise FixtureError(f"{path}: {error.strerror}; give a readable YAML file") from None
    except (yaml.YAMLError, ValueError) as error:
        raise FixtureError(f"{path.name}: not valid YAML: {_one_line(error, content)}") from None


def _check_size(content: bytes) -> None:
    """Raise FixtureError for deep nesting, and for aliases that repeat very many values.

    The former would overflow the stack of libyaml's parser. The latter is found before a
    document is built, as each alias in it may repeat further ones.
    """
    sizes: dict[str | None, int] = {}
    anchors: list[str | None] = []
    counts = [0]
    repeated = 0
    for event in yaml.parse(content, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            anchors.append(event.anchor)
            counts.append(1)
        elif isinstance(event, yaml.CollectionEndEvent):
            size = counts.pop()
            counts[-1] += size
            sizes[anchors.pop()] = size
        elif isinstance(event, yaml.AliasEvent):
            repeated += sizes.get(event.anchor, 1)
            counts[-1] += sizes.get(event.anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            counts[-1] += 1
        if len(anchors) > _DEEPEST:
            raise _fault(event, f"nested more than {_DEEPEST} levels; remove the nesting")
        if repeated > _MOST_REPEATED:
            raise _fault(event, f"aliases repeat more than {_MOST_REPEATED:,} values; write fewer")


def _one_line(error: Exception, content: bytes) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return " ".join(str(error).split())
    problem = getattr(error, "problem", None) or "unexpected end"
    lines = content.splitlines()
    if mark.line < len(lines) and lines[mark.line][mark.column :].startswith(b"\t"):
        problem = "a tab; indent with spaces"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}"
