"""The routes of the operations, and what happens to a request of one, in which order."""

import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from flask import Flask, Request, Response, request

from mockserver.api.authentication import (
    find_caller,
    open_private_world,
    reason_of_refusal,
    unauthenticated,
)
from mockserver.api.faults import FaultInjector
from mockserver.api.operations import HANDLERS, Handler
from mockserver.api.operations.declared import DeclaredOperations
from mockserver.api.rate_limit import RateLimit
from mockserver.api.request import RequestParser
from mockserver.api.response import ResponseBuilder, respond
from mockserver.contract.choices import Choices
from mockserver.contract.errors import ApiError, SpecError, located
from mockserver.contract.operation import Operation
from mockserver.contract.operations import PAGE_OPERATIONS, Contract
from mockserver.journal import exchange_of
from mockserver.store import FILTERS, SORTS, Caller, Store

_PAGING = {
    "listTickets": {"page", "per_page", "sort"},
    "listContacts": {"page", "per_page", "sort"},
    "listTicketActivities": {"page"},
}
"""The parameters of a list besides its filters."""


def add_operations(
    app: Flask,
    contract: Contract,
    store: Store,
    choices: Choices,
    rate: RateLimit | None,
    faults: FaultInjector,
    *,
    check: bool,
) -> DeclaredOperations:
    """Add the contract's operations to an app, and return those without code.

    Raises SpecError where the code does not fit.
    """
    _check_contract(contract)
    declared = DeclaredOperations(contract)
    compiled: dict[str, Any] = {}  # schemas, shared by the operations
    ticket = contract.operations["getTicket"].path
    for operation in contract.operations.values():
        view = _View(
            operation,
            HANDLERS.get(operation.id) or declared.handler(operation),
            store,
            faults,
            rate,
            RequestParser(operation, store, choices, of_ticket=operation.path.startswith(ticket)),
            ResponseBuilder(contract, operation, choices, compiled, check=check),
            None if operation.id in HANDLERS else declared,
        )
        app.add_url_rule(
            re.sub(r"{(\w+)}", r"<\1>", operation.path),
            operation.id,
            view.answer,
            methods=[operation.method],
            strict_slashes=False,
        )
    return declared


@dataclass(frozen=True, slots=True)
class _View:
    """Answers the requests of one operation."""

    operation: Operation
    handler: Handler
    store: Store
    faults: FaultInjector
    rate: RateLimit | None
    parser: RequestParser
    builder: ResponseBuilder
    declared: DeclaredOperations | None
    """What carries out the operation, if it has no code of its own."""

    def answer(self, **path: str) -> Response:
        """Answer a request; the order of the refusals is that of the vendor's framework."""
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own name
        exchange_of(asked.environ).recorded = True
        forced = self.faults.prefer(asked, self.operation)
        if forced is not None:
            return forced
        open_private_world(asked, self.store)  # before anything is counted or drawn
        with self.store.read() if self.operation.method == "GET" else nullcontext():
            caller = find_caller(asked, self.store)
            exchange = exchange_of(asked.environ)
            exchange.caller = caller
            if caller is None:
                exchange.reason = reason_of_refusal(asked, self.store)
            failed = self.faults.apply(asked, self.operation, caller)
            return self._carry_out(asked, path, caller) if failed is None else failed

    def _carry_out(self, asked: Request, path: dict[str, str], caller: Caller | None) -> Response:
        headers: dict[str, str] = {}
        try:
            if caller is None:
                raise unauthenticated(asked)
            if self.rate:
                headers = self.rate.count(caller, self.store.now(caller.world))  # 429
            call = self.parser.parse(asked, path, caller)  # 404, 403, 400, 422
            result = self.handler(call)
            body = self.builder.success(result, call, asked)
            if self.declared is not None:
                exchange_of(asked.environ).source = source = self.declared.source(self.operation)
                headers |= {"X-Mock-Source": source}
            return respond(self.operation.success, body, headers)
        except ApiError as error:
            if error.hint:
                exchange_of(asked.environ).reason = error.hint
            if caller is not None and caller.readonly and error.status == 403:
                exchange_of(asked.environ).reason = "this token may only read"
            return respond(error.status, self.builder.error(error), headers | error.headers)


def _check_contract(contract: Contract) -> None:
    """Refuse a contract that names what no code knows, and code that no contract names."""
    if missing := sorted(PAGE_OPERATIONS - set(contract.operations)):
        raise contract.error(f"operation {missing[0]!r} is carried out but not documented")
    with located(contract.file):
        for operation in contract.operations.values():
            if operation.id in HANDLERS:
                _compare_parameters(operation)
            if operation.id in FILTERS:
                _compare_list(operation)


def _compare_list(operation: Operation) -> None:
    names = operation.query
    _compare("filter", set(operation.filters), set(FILTERS[operation.id]))
    sort = names.get("sort")
    keys = {key.removeprefix("-") for key in sort.choices} if sort else set()
    _compare("sort key", keys, set(SORTS[operation.id]))


def _compare_parameters(operation: Operation) -> None:
    """Refuse a query parameter that would be ignored, and paging without defaults."""
    paging = _PAGING.get(operation.id, set())
    for name in operation.query:
        if name not in paging and not name.startswith("filter["):
            raise SpecError(f"{operation.id}: parameter {name!r}: no code carries it out")
    for name in sorted(paging):
        if name not in operation.query or not operation.query[name].default:
            raise SpecError(f"{operation.id}: parameter {name!r} needs a default")


def _compare(kind: str, documented: set[str], known: set[str]) -> None:
    if unknown := sorted(documented - known):
        raise SpecError(f"{kind} {unknown[0]!r}: no code carries it out")
    if missing := sorted(known - documented):
        raise SpecError(f"{kind} {missing[0]!r} is carried out but not documented")
