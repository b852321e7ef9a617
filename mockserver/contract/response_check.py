"""Validation of responses against the contract, cached by their bytes."""

import json
from collections.abc import Iterable
from typing import Any

import jsonschema_rs
import orjson

from mockserver.contract.document.references import Node
from mockserver.contract.errors import ContractBroken
from mockserver.contract.operations import Contract

_REMEMBERED = 10_000
"""Maximum number of cached bodies; the cache is cleared when it is full."""

_ROWS = 5_000
"""The same of the rows of pages: those that changed stay until then, too."""

_BEGINNING = 64
"""Bytes at the start of a body that identify it by its id and ULID."""


Compiled = dict[str, Any]
"""Compiled schemas of one contract by their JSON: operations share those of their refusals."""


class Check:
    """Checks bodies against one schema; raises ContractBroken, `label` in front.

    What passed is remembered: found by its beginning and compared as a whole, which
    costs a tenth of a hash.
    """

    def __init__(
        self, contract: Contract, schema: Node, label: str, compiled: Compiled | None = None
    ) -> None:
        self._label = label
        self._passed: dict[bytes, bytes] = {}
        self._validator = _validator(contract, schema, label, {} if compiled is None else compiled)

    def body(self, body: bytes) -> None:
        beginning = body[:_BEGINNING]
        if self._passed.get(beginning) == body:
            return
        self.value(orjson.loads(body))
        if len(self._passed) >= _REMEMBERED:
            self._passed.clear()
        self._passed[beginning] = body

    def value(self, value: Any) -> None:
        if self._validator.is_valid(value):
            return
        fault = next(iter(self._validator.iter_errors(value)))
        where = "/".join(str(part) for part in fault.instance_path)
        raise ContractBroken(f"{self._label}: /{where}: {fault.message}")


def _validator(contract: Contract, schema: Node, label: str, compiled: Compiled) -> Any:
    key = json.dumps(schema, sort_keys=True)
    if key not in compiled:
        try:
            compiled[key] = jsonschema_rs.Draft202012Validator(
                contract.standalone(schema), validate_formats=True
            )
        except jsonschema_rs.ValidationError as error:
            raise contract.error(f"{label}: {error.message}") from None
    return compiled[key]


class PageCheck:
    """Checks the rows of a page, and the rest of it without them.

    That is as good as checking the whole only where the schema asks nothing of the
    rows together; where it does, the whole is checked. A ticket that did not change
    since the last list is not validated again.
    """

    def __init__(self, contract: Contract, schema: Node, label: str, compiled: Compiled) -> None:
        rows = contract.resolve(contract.properties(schema).get("data", {}))
        self._apart = not set(rows) - {"type", "items", "title", "description", "x-source"}
        self._row = Check(contract, rows.get("items", {}), f"{label}: /data", compiled)
        self._passed: set[bytes] = set()
        self._whole = Check(contract, schema, label, compiled)

    def page(self, rows: Iterable[bytes], around: dict[str, Any], body: bytes) -> None:
        if not self._apart:
            self._whole.body(body)
            return
        self._whole.value({"data": [], **around})
        passed = self._passed
        for row in rows:  # mostly the very objects that passed before, whose hash is known
            if row not in passed:
                self._row.value(orjson.loads(row))
                if len(passed) >= _ROWS:
                    passed.clear()
                passed.add(row)
