"""The client for JavaScript and TypeScript, generated from the document of the admin API.

client.js is written once for both languages: its types stand in comments, such as `/*: string*/`.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from mockserver.admin.openapi.document import AdminOperation, load_document, read_operations
from mockserver.contract.document.references import Node, resolve

_TEMPLATE = Path(__file__).with_name("client.js")
_PLACE = "  // OPERATIONS\n"
_OTHERS = ("resetOwnWorld", "streamJournal")
"""Operations that need a token of the tickets API, or whose response does not end."""

_MARKED = re.compile(r"[ ]?/\*(: |\?: |as! |! |<)(.*?)\*/", re.DOTALL)
_NAMES = {"integer": "number", "number": "number", "boolean": "boolean", "string": "string"}


@cache
def client(*, typed: bool) -> str:
    """Return the client: TypeScript if `typed`, otherwise JavaScript."""
    document = load_document()
    operations = "".join(
        _method(document, operation)
        for operation in read_operations(document)
        if operation.id not in _OTHERS
    )
    marked = _TEMPLATE.read_text("utf-8").replace(_PLACE, operations)
    if not typed:
        return re.sub(r"\n\n\n+", "\n\n", _MARKED.sub("", marked))
    schemas = document["components"]["schemas"]
    types = "".join(f"export type {name} = {_type(schemas[name])};\n" for name in schemas)
    return f"{_MARKED.sub(_unmarked, marked)}\n{types}"


def _unmarked(found: re.Match[str]) -> str:
    sign, text = found.groups()
    if sign == "<":
        return f"<{text}"
    if sign == "! ":
        return f" {text.strip()}"
    return f" as {text}" if sign == "as! " else f"{sign}{text}"


def _method(document: Node, operation: AdminOperation) -> str:
    node, parameters = operation.node, operation.parameters
    query = [each for each in parameters if each["in"] == "query"]
    body = node.get("requestBody")
    paths = [each for each in parameters if each["in"] == "path"]
    taken = [f"{each['name']}/*: {_type(each['schema'])}*/" for each in paths]
    if body:
        sign = ": " if body.get("required") else "?: "
        taken.append(f"body/*{sign}{_body(body)}*/")
    if query:
        fields = "; ".join(f"{each['name']}?: {_type(each['schema'])}" for each in query)
        taken.append(f"query/*?: {{ {fields} }}*/")
    target = re.sub(r"{(\w+)}", r"${encodeURIComponent(\1)}", operation.path)
    passed = [json.dumps(operation.method), f"`{target}`", *_rest(bool(query), bool(body))]
    return (
        f"\n  /** {node['summary']} */\n"
        f"  {operation.id}({', '.join(taken)})/*: Promise<{_result(document, node)}>*/ {{\n"
        f"    return this.send({', '.join(passed)});\n  }}\n"
    )


def _rest(query: bool, body: bool) -> list[str]:
    if body:
        return ["query" if query else "undefined", "body"]
    return ["query"] if query else []


def _body(body: Node) -> str:
    schemas = body["content"]
    text = " | string" if "application/yaml" in schemas else ""
    return _type(schemas["application/json"]["schema"]) + text


def _result(document: Node, node: Node) -> str:
    response = resolve(document, node["responses"][min(node["responses"])])
    content = response.get("content")
    if not content:
        return "void"
    as_json = content.get("application/json")
    return _type(as_json["schema"]) if as_json else "string"


def _type(schema: Node) -> str:
    """Return a JSON schema as a TypeScript type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(each) for each in schema.get("enum", [schema.get("const")]))
    if "allOf" in schema:
        return " & ".join(map(_type, schema["allOf"]))
    if "oneOf" in schema:
        return " | ".join(map(_type, schema["oneOf"]))
    kinds = schema.get("type", "object")
    return " | ".join(
        _kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)
    )


def _kind(kind: str, schema: Node) -> str:
    if kind == "array":
        return f"({_type(schema.get('items', {}))})[]"
    if kind != "object":
        return _NAMES.get(kind, "null")
    more: Any = schema.get("additionalProperties")
    if "properties" not in schema:
        return f"Record<string, {_type(more) if isinstance(more, dict) else 'any'}>"
    needed = schema.get("required", ())
    fields = "; ".join(
        f"{json.dumps(name)}{'' if name in needed else '?'}: {_type(each)}"
        for name, each in schema["properties"].items()
    )
    return f"{{ {fields} }}"
