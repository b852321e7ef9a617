"""openapi.yaml and schemas/ read into one self-contained document.

Every key must be one this module names: a key that nobody reads would promise
what nothing keeps.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mockserver.contract.document.references import METHODS, Node, references, resolve
from mockserver.contract.errors import SpecError, located

_DESCRIBED = {"description", "summary", "x-source"}
_KEYS: dict[str, set[str]] = {
    "document": {"openapi", "info", "servers", "security", "tags", "paths", "components"}
    | {"x-adaptations"},  # read by contract_tests: how a patched document differs
    "path": {*METHODS, "parameters"},
    "operation": _DESCRIBED
    | {"operationId", "tags", "parameters", "requestBody", "responses", "security"},
    "parameter": _DESCRIBED
    | {"name", "in", "required", "schema", "style", "explode", "example", "examples"},
    "request body": _DESCRIBED | {"required", "content"},
    "response": _DESCRIBED | {"headers", "content", "links"},
    "header": _DESCRIBED | {"required", "schema", "example"},
    "media type": {"schema", "example", "examples"},
    "link": _DESCRIBED | {"operationId", "parameters", "requestBody"},
    "components": {"schemas", "responses", "headers", "parameters", "securitySchemes", "links"},
    "security scheme": _DESCRIBED | {"type", "scheme", "bearerFormat"},
    "schema": _DESCRIBED
    | {"$schema", "$id", "title", "type", "enum", "const", "format", "pattern"}
    | {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"}
    | {"items", "properties", "required", "additionalProperties", "default", "example", "examples"}
    | {"anyOf", "allOf", "oneOf"},
}
_OF_A_WORLD = {"workspaces", "extends"}
_MAPS_OF = {
    ("document", "paths"): "path",
    ("operation", "responses"): "response",
    ("request body", "content"): "media type",
    ("response", "content"): "media type",
    ("response", "headers"): "header",
    ("response", "links"): "link",
    ("components", "schemas"): "schema",
    ("components", "responses"): "response",
    ("components", "headers"): "header",
    ("components", "parameters"): "parameter",
    ("components", "links"): "link",
    ("components", "securitySchemes"): "security scheme",
    ("schema", "properties"): "schema",
}
_LISTS_OF = {
    ("path", "parameters"): "parameter",
    ("operation", "parameters"): "parameter",
    ("schema", "anyOf"): "schema",
    ("schema", "allOf"): "schema",
    ("schema", "oneOf"): "schema",
}
_ONE = {
    ("document", "components"): "components",
    **{("path", method): "operation" for method in METHODS},
    ("operation", "requestBody"): "request body",
    ("parameter", "schema"): "schema",
    ("header", "schema"): "schema",
    ("media type", "schema"): "schema",
    ("schema", "items"): "schema",
}
_SOURCED = {"operation", "parameter", "request body", "response", "header"}


class Place(NamedTuple):
    """Where a part of the contract is written, and the source of the part around it."""

    file: Path
    pointer: str = ""
    source: Node | None = None

    def inside(self, key: str) -> "Place":
        return self._replace(pointer=f"{self.pointer}/{key}")

    def error(self, problem: str) -> SpecError:
        return SpecError(f"{self.file.name}: {self.pointer or '/'}: {problem}")


def bundle(path: Path) -> Node:
    """Return the document at `path` with every schema file under components/schemas.

    A part without x-source has that of the part around it, unless the page is that source: what
    the page states or shows has its place on the page, part by part.

    Raises SpecError, naming file and place, for unreadable YAML, an unknown key,
    a reference that leads nowhere, or two schemas of one title.
    """
    document = Bundler(path).document()
    with located(path.name):
        for pointer in references(document):
            resolve(document, pointer)
    return document


class Bundler:
    """Reads one document and the schema files it refers to, each once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: dict[Path, str] = {}
        self._schemas: dict[str, Node] = {}

    def document(self) -> Node:
        written = _read(self._path)
        if isinstance(written, dict) and _OF_A_WORLD.intersection(written):
            raise SpecError(f"{self._path.name} is a world file; pass it as --world")
        document: Node = self._walk(written, "document", Place(self._path))
        components = document.setdefault("components", {})
        components["schemas"] = {**components.get("schemas", {}), **self._schemas}
        return document

    def _walk(self, node: Any, kind: str, place: Place) -> Any:
        if not isinstance(node, dict):
            return node
        if kind == "path" and "$ref" in node:
            path = self._file(node["$ref"], place)
            return self._walk(_read(path), "path", Place(path))
        for key in node:
            if key not in _KEYS[kind] and key != "$ref":
                raise place.error(f"nothing reads {key!r} in a {kind}")
        inner = place._replace(source=_inherited(node) or place.source)
        walked = {key: self._child(kind, key, node[key], inner) for key in node}
        return _with_source(walked, place) if kind in _SOURCED and set(node) != {"$ref"} else walked

    def _child(self, kind: str, key: str, value: Any, parent: Place) -> Any:
        if key == "$ref":
            return self._reference(value, parent)
        place = parent.inside(key)
        if (inner := _ONE.get((kind, key))) is not None:
            return self._walk(value, inner, place)
        if (inner := _MAPS_OF.get((kind, key))) is not None:
            walked = {k: self._walk(v, inner, place.inside(k)) for k, v in value.items()}
            return _with_sources(walked, place) if key == "properties" else walked
        if (inner := _LISTS_OF.get((kind, key))) is not None:
            return [self._walk(v, inner, place.inside(str(i))) for i, v in enumerate(value)]
        return value

    def _reference(self, target: str, place: Place) -> str:
        if target.startswith("#/"):
            return target
        name, _, pointer = target.partition("#")
        path = self._file(name, place)
        if pointer and path != self._path.resolve():
            raise place.error(
                f"$ref {target!r}: only parts of {self._path.name} can be referred to"
            )
        return f"#{pointer}" if pointer else f"#/components/schemas/{self._schema(path)}"

    def _file(self, target: str, place: Place) -> Path:
        path = (place.file.parent / target).resolve()
        if not path.is_file():
            raise place.error(f"$ref {target!r}: there is no such file")
        return path

    def _schema(self, path: Path) -> str:
        if path in self._names:
            return self._names[path]
        schema = _read(path)
        title = schema.get("title")
        if not title:
            raise SpecError(f"{path.name}: a schema needs a title, its name in the document")
        if title in self._names.values():
            raise SpecError(f"{path.name}: another schema is titled {title!r} too")
        self._names[path] = title
        self._schemas[title] = {}  # keeps the order of first mention
        self._schemas[title] = self._walk(schema, "schema", Place(path))
        return str(title)


def _inherited(node: Node) -> Node | None:
    """Return the source that the parts of `node` have, too."""
    source = node.get("x-source")
    if not isinstance(source, dict) or source.get("evidence") not in {"vendor", "inferred"}:
        return None
    return {key: value for key, value in source.items() if key != "limits"}


def _with_source(node: Any, place: Place) -> Any:
    if place.source is None or not isinstance(node, dict) or "x-source" in node:
        return node
    return {**node, "x-source": place.source}


def _with_sources(properties: Node, place: Place) -> Node:
    return {name: _with_source(field, place) for name, field in properties.items()}


class _Plain(yaml.SafeDumper):
    """Writes a value that stands in two places twice, for people to read."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def write_yaml(document: Node) -> str:
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)


def _read(path: Path) -> Node:
    try:
        content = _parsed(path.read_bytes())
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise SpecError(f"{path.name}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise SpecError(f"{path.name}: expected a mapping, found {type(content).__name__}")
    return content


@lru_cache(maxsize=200)
def _parsed(data: bytes) -> Any:
    """Parse YAML; the same text, as after a reload, gives the same value."""
    return yaml.load(data, yaml.CSafeLoader)
