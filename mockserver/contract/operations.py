"""The contract as Python sees it: openapi.yaml turned into operations."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

from mockserver.contract import resources
from mockserver.contract.choices import Choices
from mockserver.contract.document.bundle import bundle
from mockserver.contract.document.references import Node, resolve
from mockserver.contract.errors import SpecError, located
from mockserver.contract.extension import with_choices, without_extension
from mockserver.contract.operation import Field, Operation, Parameter

PAGE_OPERATIONS = frozenset(
    {"listTickets", "getTicket", "updateTicketStatus", "updateTicketAssignee"}
)
"""The operations of the documentation page; a contract may leave out those of its extension."""


_PATH_PARAMETER = re.compile(r"\{([A-Za-z_]\w*)\}", re.ASCII)


class Contract:
    """The whole document: `document` is bundled, `operations` are by operationId.

    `file` is its name in errors.
    """

    def __init__(self, document: Node, file: str = "openapi.yaml") -> None:
        """Raises SpecError."""
        self.document = document
        self.file = file
        with located(file):
            self.operations = {o.id: o for o in _operations(document)}

    @classmethod
    def load(
        cls, path: Path | None = None, choices: Choices | None = None, *, only_page: bool = False
    ) -> "Contract":
        """Read openapi.yaml (the product's own by default) in a variant; raises SpecError."""
        path = path or resources.contract()
        document = bundle(path)
        page = without_extension(document) if only_page else document
        return cls(with_choices(page, choices or Choices()), path.name)

    def error(self, problem: str) -> SpecError:
        """Return an error that names the file."""
        return SpecError(f"{self.file}: {problem}")

    @cached_property
    def page(self) -> "Contract":
        """The contract of the documentation page alone, without its extension."""
        if not any(operation.evidence == "vendor" for operation in self.operations.values()):
            return self
        return Contract(without_extension(self.document), self.file)

    def operation_at(self, method: str, path: str) -> Operation | None:
        """Return the operation of a method on a path such as `/api/tickets/42`, if there is one."""
        found = (
            operation
            for pattern, operation in self._paths
            if operation.method == method and pattern.fullmatch(path)
        )
        return next(found, None)

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], Operation]]:
        return [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", operation.path)), operation)
            for operation in self.operations.values()
        ]

    def standalone(self, schema: Node) -> Node:
        """Return `schema` with the components that its references need."""
        schemas = self.document.get("components", {}).get("schemas", {})
        return {**schema, "components": {"schemas": schemas}}

    def resolve(self, schema: Node) -> Node:
        """Return `schema`, or what its reference points to."""
        found: Node = resolve(self.document, schema)
        return found

    def properties(self, schema: Node) -> dict[str, Node]:
        """Return the properties of an object schema, those of its `allOf` first."""
        node = self.resolve(schema)
        inherited = [self.properties(part) for part in node.get("allOf", ())]
        return {k: v for part in [*inherited, node.get("properties", {})] for k, v in part.items()}

    def success(self, operation_id: str) -> dict[str, Node]:
        """Return the properties of an operation's successful reply; raises SpecError."""
        if operation_id not in self.operations:
            raise self.error(f"no operation {operation_id!r}")
        operation = self.operations[operation_id]
        return self.properties(operation.responses[operation.success] or {})


def _operations(document: Node) -> list[Operation]:
    paths = document.get("paths", {})
    for path in paths:
        _check_path(path)
    operations = [
        _operation(document, path, method, item)
        for path, item in paths.items()
        for method in item
        if method != "parameters"
    ]
    names = [operation.id for operation in operations]
    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"operationId {name!r} is used twice")
    return operations


def _check_path(path: str) -> None:
    if not path.startswith("/"):
        raise SpecError(f"paths: {path!r} does not begin with /; write /{path}")
    names = _PATH_PARAMETER.findall(path)
    if len(set(names)) < len(names) or re.search(r"[{}<>]", _PATH_PARAMETER.sub("", path)):
        raise SpecError(
            f"paths: {path}: write each parameter once, with letters, digits and _, as {{team_id}}"
        )


def _operation(document: Node, path: str, method: str, item: Node) -> Operation:
    node = item[method]
    where = f"{method.upper()} {path}"
    if "operationId" not in node:
        raise SpecError(f"{where}: no operationId")
    responses = {
        _status(where, code): _json_schema(resolve(document, response))
        for code, response in node.get("responses", {}).items()
    }
    successes = [status for status in responses if 200 <= status < 300]
    if len(successes) != 1:
        raise SpecError(f"{where}: expected one success status, found {len(successes)}")
    parameters = item.get("parameters", []) + node.get("parameters", [])
    return Operation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        summary=node.get("summary", ""),
        parameters=tuple(_parameter(document, where, p) for p in parameters),
        body=_fields(document, where, node.get("requestBody")),
        success=successes[0],
        responses=responses,
        evidence=node.get("x-source", {}).get("evidence", ""),
    )


def _parameter(document: Node, where: str, node: Node) -> Parameter:
    node = resolve(document, node)
    if node.get("in") not in ("query", "path"):
        raise SpecError(f"{where}: parameter {node.get('name')!r}: in must be query or path")
    schema = resolve(document, node.get("schema", {}))
    items = resolve(document, schema.get("items", {}))
    parameter = Parameter(name=node["name"], place=node["in"], schema=schema, items=items)
    if parameter.kind not in ("integer", "boolean", "string", "array"):
        raise SpecError(f"{where}: parameter {parameter.name!r}: cannot read a {parameter.kind}")
    return parameter


def _fields(document: Node, where: str, body: Node | None) -> tuple[Field, ...]:
    if body is None:
        return ()
    schema = resolve(document, _json_schema(resolve(document, body)) or {})
    if schema.get("type") != "object":
        raise SpecError(f"{where}: the request body must be a JSON object")
    required = schema.get("required", [])
    return tuple(
        _field(name, resolve(document, node), name in required)
        for name, node in schema.get("properties", {}).items()
    )


def _field(name: str, schema: Node, required: bool) -> Field:
    kinds = schema.get("type", [])
    return Field(
        name=name,
        kinds=(kinds,) if isinstance(kinds, str) else tuple(kinds),
        choices=tuple(schema.get("enum", ())),
        required=required,
        items_format=schema.get("items", {}).get("format", ""),
    )


def _json_schema(node: Node) -> Node | None:
    content = node.get("content")
    if content is None:
        return None
    if "application/json" not in content:
        raise SpecError("only application/json bodies can be served")
    schema: Node = content["application/json"].get("schema", {})
    return schema


def _status(where: str, code: Any) -> int:
    if not str(code).isdigit():
        raise SpecError(f"{where}: response {code!r}: a status must be a number")
    return int(code)
