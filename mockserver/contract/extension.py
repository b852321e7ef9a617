"""The extension of the page: operations from other documents of the vendor, and their variants."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from mockserver.contract.choices import Choices
from mockserver.contract.document.references import METHODS, Node, resolve

_ASSIGNEE = "/api/tickets/{id}/assignee"
_DEFAULTS, _VARIANTS = Choices(), ("assignee_field", "me", "tag_removal", "pagination")
_TAG = "/api/tickets/{id}/tags/{tag}"


def is_extension(operation: Node) -> bool:
    """Return whether an operation is not on the page, but in another document of the vendor."""
    source = operation.get("x-source")
    return isinstance(source, dict) and source.get("evidence") == "vendor"


def without_extension(document: Node) -> Node:
    """Return the document of the page alone, without the tags and components that remain unused."""
    paths = {path: _page_only(item) for path, item in document.get("paths", {}).items()}
    paths = {path: item for path, item in paths.items() if set(item) & set(METHODS)}
    used = {tag for item in paths.values() for tag in _tags(item)}
    tags = [tag for tag in document.get("tags", ()) if tag["name"] in used]
    page = {**document, "paths": paths} | ({"tags": tags} if "tags" in document else {})
    return _without_unused(page)


def with_choices(document: Node, choices: Choices) -> Node:
    """Return the document in the variants that differ among the vendor's documents."""
    if all(getattr(choices, name) == getattr(_DEFAULTS, name) for name in _VARIANTS):
        return document
    changed = deepcopy(document)
    paths = changed.get("paths", {})
    if choices.assignee_field != "user_id" and _ASSIGNEE in paths:
        _rename_assignee(changed, paths[_ASSIGNEE]["put"], choices.assignee_field)
    if choices.me == "wrapped" and "/api/me" in paths:
        _wrap_me(paths["/api/me"]["get"])
    if choices.tag_removal == "empty" and _TAG in paths:
        _empty_tag_removal(paths[_TAG]["delete"])
    if choices.pagination == "flat":
        for schema in changed.get("components", {}).get("schemas", {}).values():
            _flatten_page(changed, schema)
    return changed


def _page_only(item: Node) -> Node:
    return {
        key: value for key, value in item.items() if key not in METHODS or not is_extension(value)
    }


def _tags(item: Node) -> Iterator[str]:
    for method in METHODS:
        yield from item.get(method, {}).get("tags", ())


def _without_unused(document: Node) -> Node:
    """Return a document without components that nothing refers to any more."""
    while True:
        text = json.dumps(document)
        components = {
            kind: {
                name: node
                for name, node in entries.items()
                if kind == "securitySchemes" or f'"#/components/{kind}/{name}"' in text
            }
            for kind, entries in document.get("components", {}).items()
        }
        smaller = {**document, "components": components}
        if smaller == document:
            return document
        document = smaller


def _rename_assignee(document: Node, operation: Node, name: str) -> None:
    content = operation["requestBody"]["content"]["application/json"]
    schema = resolve(document, content["schema"])
    schema["properties"] = {name: schema["properties"]["user_id"]}
    schema["required"] = [name]
    for example in content.get("examples", {}).values():
        example["value"] = {name: example["value"]["user_id"]}


def _wrap_me(operation: Node) -> None:
    response = operation["responses"]["200"]
    media_type = response["content"]["application/json"]
    source = response["x-source"]
    summary = {
        "type": "object",
        "required": ["id", "name", "slug"],
        "properties": {
            "id": {"type": "integer", "x-source": source},
            "name": {"type": "string", "x-source": source},
            "slug": {"type": "string", "x-source": source},
        },
        "x-source": source,
    }
    media_type["schema"] = {
        "type": "object",
        "required": ["user", "workspace"],
        "properties": {"user": {**media_type["schema"], "x-source": source}, "workspace": summary},
    }


def _empty_tag_removal(operation: Node) -> None:
    source = {"evidence": "vendor", "where": "spatie/there-there-cli, March 2026 (A35)"}
    removed = {"204": {"description": "The tag was removed.", "x-source": source}}
    del operation["responses"]["200"]
    operation["responses"] = removed | operation["responses"]


def _flatten_page(document: Node, schema: Node) -> None:
    properties: dict[str, Any] = schema.get("properties", {})
    if not {"data", "links", "meta"} <= set(properties):
        return
    meta = resolve(document, properties["meta"])
    schema["properties"] = {"data": properties["data"], **meta["properties"]}
    schema["required"] = ["data", *meta["required"]]
