"""The admin API's OpenAPI document, merged from its files, and its operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from mockserver.contract.document.references import METHODS, Node, resolve
from mockserver.contract.errors import SpecError

_FOLDER = Path(__file__).parent
_HEAD = "admin.yaml"


@cache
def load_document() -> Node:
    """Return the document, merged from admin.yaml and the other files in this folder.

    Nobody changes it. Raises SpecError if two files define the same thing.
    """
    document = _read(_FOLDER / _HEAD)
    document["paths"] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        if file.name != _HEAD:
            _add(document, file)
    return document


def _add(document: Node, file: Path) -> None:
    group = _read(file)
    _merge(file, document["paths"], group.get("paths", {}))
    document["tags"] += group.get("tags", [])
    for kind, entries in group.get("components", {}).items():
        _merge(file, document["components"].setdefault(kind, {}), entries)


def _merge(file: Path, into: Node, entries: Node) -> None:
    for name, entry in entries.items():
        if name in into:
            raise SpecError(f"{file.name}: {name!r} is already defined in another file; keep one")
        into[name] = entry


def _read(file: Path) -> Node:
    content: Node = yaml.load(file.read_bytes(), yaml.CSafeLoader)
    return content


@dataclass(frozen=True)
class AdminOperation:
    """One operation: its node in the document, its route, its success status, its input."""

    id: str
    node: Node
    method: str
    path: str
    success: int
    secured_by: str
    parameters: tuple[Node, ...]
    bodies: Mapping[str, Node]
    body_required: bool
    components: Node

    def names(self, place: str) -> list[str]:
        return [node["name"] for node in self.parameters if node["in"] == place]

    @cached_property
    def validators(self) -> dict[str, Any]:
        """Validators of the parameters, by name."""
        return {node["name"]: self._validator(node["schema"]) for node in self.parameters}

    @cached_property
    def body_schema(self) -> Node:
        """The schema of a JSON body, self-contained."""
        return {**self.bodies["application/json"], "components": self.components}

    @cached_property
    def body_validator(self) -> Any:
        return self._validator(self.body_schema)

    def schema(self, name: str) -> Node:
        """Return the schema of a parameter."""
        schema = next(node["schema"] for node in self.parameters if node["name"] == name)
        found: Node = resolve({"components": self.components}, schema)
        return found

    def kind(self, name: str) -> str:
        """Return the JSON type of a parameter."""
        kind: str = self.schema(name).get("type", "string")
        return kind

    def _validator(self, schema: Node) -> Any:
        whole = {**schema, "components": self.components}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _secured_by(security: list[Node]) -> str:
    """Return what an operation asks for: "worldToken", "adminToken", or "" for nothing."""
    if not security:
        return ""
    return "worldToken" if "worldToken" in security[-1] else "adminToken"


def read_operations(document: Node) -> list[AdminOperation]:
    """Return every operation of the document."""
    return [
        _operation(document, path, method, item)
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    ]


def _operation(document: Node, path: str, method: str, item: Node) -> AdminOperation:
    node = item[method]
    listed = [*item.get("parameters", []), *node.get("parameters", [])]
    body = node.get("requestBody", {})
    security = node.get("security", document["security"])
    return AdminOperation(
        id=node["operationId"],
        node=node,
        method=method.upper(),
        path=path,
        success=min(int(code) for code in node["responses"]),
        secured_by=_secured_by(security),
        parameters=tuple(resolve(document, parameter) for parameter in listed),
        bodies={media: kind.get("schema", {}) for media, kind in body.get("content", {}).items()},
        body_required=body.get("required", False),
        components=document["components"],
    )
