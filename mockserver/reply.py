"""A handler's result turned into a response that is known to obey the contract."""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs
import orjson
from flask import Request, Response

from mockserver.call import Call
from mockserver.choices import Choices
from mockserver.errors import ApiError, ContractBroken, SpecError
from mockserver.paging import envelope
from mockserver.spec import Contract, Operation
from mockserver.store import Page

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-cache, private"}

_COMPACT = (401, 422)
"""Errors that the framework writes on one line; the others it indents."""


class Replies:
    """Builds the replies of one operation, and checks each before it leaves."""

    def __init__(
        self, contract: Contract, operation: Operation, choices: Choices, *, check: bool
    ) -> None:
        self._operation = operation
        self._choices = choices
        self._wrapper = _wrapper(contract, operation)
        self._validators = _validators(contract, operation) if check else None

    def success(self, result: Page | bytes, call: Call, request: Request) -> bytes:
        """Return the body of the reply; raises ContractBroken."""
        if isinstance(result, Page):
            body = envelope(result, request.base_url, call.query, self._choices)
        else:
            body = b'{"%s":%s}' % (self._wrapper, result)
        self._check(self._operation.success, body)
        return body

    def error(self, error: ApiError) -> bytes:
        """Return the body of a refusal; raises ContractBroken."""
        body = error_body(error)
        self._check(error.status, body)
        return body

    def _check(self, status: int, body: bytes) -> None:
        if self._validators is None:
            return
        if status not in self._validators:
            raise ContractBroken(f"{self._operation.id}: status {status} is not documented")
        validator = self._validators[status]
        if validator is None:
            return
        found = orjson.loads(body)
        if not validator.is_valid(found):
            fault = next(iter(validator.iter_errors(found)))
            where = "/".join(str(part) for part in fault.instance_path)
            raise ContractBroken(f"{self._operation.id}: {status}: /{where}: {fault.message}")


def error_body(error: ApiError) -> bytes:
    """Write a refusal as the framework does."""
    if error.status in _COMPACT:
        return orjson.dumps(error.body())
    return orjson.dumps(error.body(), option=orjson.OPT_INDENT_2).replace(b"\n  ", b"\n    ")


def respond(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, {**HEADERS, **(headers or {})})


def _wrapper(contract: Contract, operation: Operation) -> bytes:
    """Return the one property that a single ticket comes under; a page has several."""
    return next(iter(contract.success(operation.id)), "").encode()


def _validators(contract: Contract, operation: Operation) -> dict[int, Any]:
    try:
        return {
            status: schema
            and jsonschema_rs.Draft202012Validator(
                contract.standalone(schema), validate_formats=True
            )
            for status, schema in operation.responses.items()
        }
    except jsonschema_rs.ValidationError as error:
        raise SpecError(f"openapi.yaml: {operation.id}: {error.message}") from None
