"""Responses of operations, validated against the contract."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson
from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.sansio.utils import get_host

from mockserver.api.assets.files import with_addresses
from mockserver.api.operations.registry import HANDLERS, Result
from mockserver.api.pagination import links_and_meta
from mockserver.api.request import OperationRequest
from mockserver.contract.choices import Choices
from mockserver.contract.errors import ApiError, ContractBroken
from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract
from mockserver.contract.response_check import Check, Compiled, PageCheck
from mockserver.seed.serializer import Shapes, Writer
from mockserver.store import Page

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-cache, private"}

_COMPACT = (401, 422)
"""Errors that the framework writes on one line; the others it indents."""


class ResponseBuilder:
    """Builds the responses of one operation and validates each."""

    def __init__(
        self,
        contract: Contract,
        operation: Operation,
        choices: Choices,
        compiled: Compiled,
        *,
        check: bool,
    ) -> None:
        """`compiled` is shared by the operations."""
        self._operation = operation
        self._choices = choices
        self._wrapper = next(iter(contract.success(operation.id)), "").encode()
        self._write = _writer(contract, operation, choices)
        self._check = check
        self._checks = {
            status: schema and Check(contract, schema, f"{operation.id}: {status}", compiled)
            for status, schema in operation.responses.items()
        }
        success = operation.responses[operation.success] or {}
        label = f"{operation.id}: {operation.success}"
        self._page_check = PageCheck(contract, success, label, compiled)

    def success(self, result: Result, call: OperationRequest, request: Request) -> bytes:
        """Return the body of the reply; raises ContractBroken."""
        if isinstance(result, Page):
            body = self._page(result, call, request)
        elif self._operation.responses[self._operation.success] is None:
            return b""
        elif isinstance(result, bytes):
            body = b'{"%s":%s}' % (self._wrapper, result)
            self._pass(self._operation.success, body)
        else:
            body = b"" if result is None else orjson.dumps(self._write(result))
            self._pass(self._operation.success, body)
        return with_addresses(body, _root(request))

    def error(self, error: ApiError) -> bytes:
        """Return the body of a refusal; raises ContractBroken."""
        body = error_body(error)
        self._pass(error.status, body)
        return body

    def _page(self, page: Page, call: OperationRequest, request: Request) -> bytes:
        around = links_and_meta(page, _address(request), call.query, self._choices)
        body = b'{"data":[' + b",".join(page.rows) + b"]," + orjson.dumps(around)[1:]
        if self._check:
            self._page_check.page(page.rows, around, body)
        return body

    def _pass(self, status: int, body: bytes) -> None:
        if not self._check:
            return
        if status not in self._checks:
            if self._operation.id not in HANDLERS:
                return  # another contract need not repeat the errors of every operation
            raise ContractBroken(f"{self._operation.id}: status {status} is not documented")
        if check := self._checks[status]:
            check.body(body)


def _writer(contract: Contract, operation: Operation, choices: Choices) -> Writer:
    """Return what writes records in the form of the contract; an example is written as it is."""
    schema = operation.responses[operation.success]
    if operation.id not in HANDLERS or schema is None:
        return lambda document: document
    return Shapes(contract, choices.ulid_case).writer(schema)


def _address(request: Request) -> str:
    """Return the URL of a request without its query; its path is the contract's own."""
    return _root(request) + request.path


def _root(request: Request) -> str:
    """Return the URL of the mock, without a slash at its end."""
    host = _host(request.scheme, request.environ.get("HTTP_HOST"), request.server)
    return f"{request.scheme}://{host}{request.root_path}"


_host = lru_cache(maxsize=100)(get_host)


def error_body(error: ApiError) -> bytes:
    """Write a refusal as the framework does."""
    if error.status in _COMPACT:
        return orjson.dumps(error.body())
    return orjson.dumps(error.body(), option=orjson.OPT_INDENT_2).replace(b"\n  ", b"\n    ")


class _Complete(Response):
    """A response whose headers are complete, so that Werkzeug need not go through them again."""

    def get_wsgi_response(
        self, environ: "WSGIEnvironment"
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        body = () if environ["REQUEST_METHOD"] == "HEAD" else self.iter_encoded()
        return body, self.status, self.headers.to_wsgi_list()


def respond_error(error: ApiError) -> Response:
    return respond(error.status, error_body(error), error.headers)


def respond(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Response:
    own = HEADERS | {"Content-Length": str(len(body))} if status != 204 else {}
    written = Headers([*own.items(), *(headers or {}).items()])
    return _Complete([body], status, written)
