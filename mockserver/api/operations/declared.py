"""Operations that the contract declares without code: answered from collections or examples."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson

from mockserver.api.operations.registry import HANDLERS, Handler
from mockserver.api.request import OperationRequest
from mockserver.contract.document.references import Node
from mockserver.contract.errors import ContractBroken, FixtureError, NotFound
from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract
from mockserver.contract.response_check import Check
from mockserver.contract.sample import Sampler, documented
from mockserver.seed import WorldFile
from mockserver.store import Page

Row = dict[str, Any]
Collections = Mapping[str, list[Row]]
"""Path of an operation → its rows."""


class DeclaredOperations:
    """Answers the operations of a contract that no function carries out.

    A GET of the path of a collection lists it; below it, the last part of the path selects a
    row by its id. Every other operation returns its example, or a value made from its schema.
    """

    def __init__(self, contract: Contract) -> None:
        """Raises SpecError for an example that does not fit its schema."""
        self._contract = contract
        self._collections: Collections = {}
        self._sampler = Sampler(contract)
        self._operations = [o for o in contract.operations.values() if o.id not in HANDLERS]
        self._samples = {o.id: self._sample(o) for o in self._operations}

    def use(self, world: WorldFile) -> None:
        """Answer from the collections of a world; raises FixtureError for what does not fit."""
        self._collections = world.collections
        lists = {o.path: o for o in self._operations if o.method == "GET"}
        for path, rows in world.collections.items():
            place = f"{world.source}: collections: {path}"
            if path not in lists:
                raise FixtureError(
                    f"{place}: the contract has no GET operation there that is "
                    "without code; declare one (--contract)"
                )
            self._check_rows(place, lists[path], rows)

    def handler(self, operation: Operation) -> Handler:
        return partial(self._answer, operation)

    def source(self, operation: Operation) -> str:
        """Return what an operation is answered from: collection, example or schema."""
        if self._collection(operation) is not None:
            return "collection"
        return "example" if documented(self._media_type(operation)) else "schema"

    def _answer(self, operation: Operation, call: OperationRequest) -> Any:
        path = self._collection(operation)
        if path is None:
            return self._samples[operation.id]
        rows = self._collections[path]
        if path == operation.path:
            return self._list(operation, rows, call)
        key = list(call.path.values())[-1].text
        for row in rows:
            if str(row.get("id")) == key:
                return self._wrapped(operation, row)
        raise NotFound(f"There is no {key} in {path}.")

    def _collection(self, operation: Operation) -> str | None:
        """Return the path of the collection that a GET operation reads."""
        parent, _, last = operation.path.rpartition("/")
        path = parent if last.startswith("{") else operation.path
        return path if operation.method == "GET" and path in self._collections else None

    def _list(self, operation: Operation, rows: list[Row], call: OperationRequest) -> Any:
        properties = self._contract.success(operation.id)
        if "data" in properties and "meta" in properties:
            number, size = call.numbers.get("page", 1), call.numbers.get("per_page", 25)
            page = rows[(number - 1) * size : number * size]
            return Page([orjson.dumps(row) for row in page], number, size, len(rows))
        return self._wrapped(operation, rows)

    def _check_rows(self, place: str, operation: Operation, rows: list[Row]) -> None:
        check = Check(self._contract, self._row_schema(operation), place)
        for row in rows:
            try:
                check.value(row)
            except ContractBroken as error:
                raise FixtureError(f"{error} (in the row with id {row.get('id')!r})") from None

    def _wrapped(self, operation: Operation, value: Any) -> Any:
        """Return a value under the key that the response has for it, if it has one."""
        kind = "array" if isinstance(value, list) else "object"
        for name, schema in self._contract.success(operation.id).items():
            node = self._contract.resolve(schema)
            if node.get("type") == kind or (kind == "object" and self._contract.properties(node)):
                return {name: value}
        return value

    def _row_schema(self, operation: Operation) -> Node:
        """Return the schema of a row: of the items of an array, or of the response's object."""
        schema = self._contract.resolve(operation.responses[operation.success] or {})
        for node in (schema, *self._contract.properties(schema).values()):
            solid = self._contract.resolve(node)
            if "items" in solid:
                return self._contract.resolve(solid["items"])
            if node is not schema and self._contract.properties(solid):
                return solid
        return schema

    def _sample(self, operation: Operation) -> Any:
        schema = operation.responses[operation.success]
        if schema is None:
            return None
        stated = documented(self._media_type(operation))
        value = stated[0] if stated else self._sampler.value(schema)
        where = f"{operation.method} {operation.path}: example of {operation.success}"
        try:
            Check(self._contract, schema, where).value(value)
        except ContractBroken as error:
            raise self._contract.error(f"{error}; state an example that fits") from None
        return value

    def _media_type(self, operation: Operation) -> Node:
        item = self._contract.document["paths"][operation.path][operation.method.lower()]
        responses = {int(code): node for code, node in item["responses"].items()}
        response = self._contract.resolve(responses[operation.success])
        found: Node = response.get("content", {}).get("application/json", {})
        return found
