"""One operation of the contract: its parameters, the fields of its body, its responses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from mockserver.contract.document.references import Node

Kind = Literal["integer", "boolean", "string", "array"]

_WILDCARD = re.compile(r"[*?[]")
FILTER = re.compile(r"filter\[([^\]]*)\]")
"""The query parameter of a filter, whose name stands in the brackets."""


@dataclass(frozen=True)
class Parameter:
    """A query or path parameter; `schema` has its references resolved one level deep."""

    name: str
    place: Literal["query", "path"]
    schema: Node
    items: Node

    @cached_property
    def kind(self) -> Kind:
        kind: Kind = self.schema.get("type", "string")
        return kind

    @property
    def default(self) -> Any:
        return self.schema.get("default")

    @property
    def minimum(self) -> int | None:
        return self.schema.get("minimum")

    @property
    def maximum(self) -> int | None:
        return self.schema.get("maximum")

    @cached_property
    def choices(self) -> list[Any]:
        """The values an item, or the parameter itself, is limited to; none: unlimited."""
        values: list[Any] = self.items.get("enum") or self.schema.get("enum") or []
        return values


@dataclass(frozen=True)
class Field:
    """A property of a request body."""

    name: str
    kinds: tuple[str, ...]
    choices: tuple[Any, ...]
    required: bool
    items_format: str = ""
    """Of an array: the format of its items, such as `email`."""

    @property
    def nullable(self) -> bool:
        return "null" in self.kinds


@dataclass(frozen=True)
class Operation:
    """One method on one path, with everything the document says of it."""

    id: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    body: tuple[Field, ...]
    success: int
    responses: Mapping[int, Node | None]
    """Status → JSON schema of the body (self-contained), or None for no body."""
    evidence: str = ""
    """Where the operation is documented: `stated` on the page, `vendor` in another document."""

    def may_have(self, path: str) -> bool:
        """Return whether requests may have a path; what follows a wildcard is not looked at."""
        start = _WILDCARD.split(path, maxsplit=1)[0]
        asked, own = start.split("/"), self.path.split("/")
        whole = start == path
        if len(asked) > len(own) or (whole and len(asked) < len(own)):
            return False
        last = None if whole else len(asked) - 1
        return all(
            "{" in part or (part.startswith(given) if index == last else part == given)
            for index, (part, given) in enumerate(zip(own, asked, strict=False))
        )

    @cached_property
    def query(self) -> dict[str, Parameter]:
        return {p.name: p for p in self.parameters if p.place == "query"}

    @cached_property
    def filters(self) -> dict[str, Parameter]:
        """The query parameters `filter[…]`, by the name in the brackets."""
        found = ((filter_name(name), each) for name, each in self.query.items())
        return {name: each for name, each in found if name}


def filter_name(parameter: str) -> str | None:
    """Return the name of a filter without `filter[…]`; None for another parameter."""
    match = FILTER.fullmatch(parameter)
    return match[1] if match else None
