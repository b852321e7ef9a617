"""The life of a request: which function answers which route, and in which order things happen."""

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext

from flask import Flask, Request, Response, request

from mockserver.api.authentication import authenticate, open_private_world
from mockserver.api.operations import HANDLERS, Handler
from mockserver.api.rate_limit import RateLimit
from mockserver.api.request import CallReader
from mockserver.api.response import Answer, Replies, respond
from mockserver.contract.choices import Choices
from mockserver.contract.errors import ApiError, SpecError
from mockserver.contract.operations import Contract, Operation
from mockserver.store import FILTERS, SORTS, Store

Answering = Callable[..., Answer]
"""Takes a request, and the parameters of its path by name."""


class Routes:
    """Adds the contract's operations to an app."""

    def __init__(
        self,
        contract: Contract,
        store: Store,
        choices: Choices,
        rate: RateLimit | None,
        check: bool,
    ) -> None:
        self._contract = contract
        self._store = store
        self._choices = choices
        self._rate = rate
        self._check = check
        self.answers: dict[str, Answering] = {}
        """By operationId."""

    def add_to(self, app: Flask) -> None:
        """Add every operation; raises SpecError where contract and code do not fit."""
        _match(self._contract)
        for operation in self._contract.operations.values():
            rule = re.sub(r"{(\w+)}", r"<\1>", operation.path)
            answer = self.answers[operation.id] = self._answer(operation, HANDLERS[operation.id])
            app.add_url_rule(
                rule,
                operation.id,
                _view(answer),
                methods=[operation.method],
                strict_slashes=False,
            )

    def _answer(self, operation: Operation, handler: Handler) -> Answering:
        reader = CallReader(operation, self._store, self._choices)
        replies = Replies(self._contract, operation, self._choices, check=self._check)

        reads = operation.method == "GET"
        looking = self._store.read if reads else nullcontext

        def carried_out(asked: Request, path: Mapping[str, str]) -> bytes:
            with looking():
                caller = authenticate(asked, self._store)
                call = reader.read(asked, path, caller)
                result = handler(call)
            return replies.success(result, call, asked)

        def answer(asked: Request, **path: str) -> Answer:
            headers: dict[str, str] = {}
            try:
                open_private_world(asked, self._store)
                if self._rate:  # which writes, and so is no part of the reading
                    headers = self._rate.count(authenticate(asked, self._store))
                body = carried_out(asked, path)
                return Answer(operation.success, body, headers)
            except ApiError as error:
                return Answer(error.status, replies.error(error), headers | error.headers)

        return answer


def _view(answer: Answering) -> Callable[..., Response]:
    """Make an answer what Flask calls a view."""

    def view(**path: str) -> Response:
        return respond(*answer(request._get_current_object(), **path))  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own name

    return view


def _match(contract: Contract) -> None:
    """Refuse a contract that names what no code knows, and code that no contract names."""
    _compare("operation", set(contract.operations), set(HANDLERS))
    query = contract.operations["listTickets"].query
    filters = {match[1] for name in query if (match := re.fullmatch(r"filter\[(\w+)\]", name))}
    _compare("filter", filters, set(FILTERS))
    sort = query.get("sort")
    keys = {key.removeprefix("-") for key in sort.choices} if sort else set()
    _compare("sort key", keys, set(SORTS))


def _compare(kind: str, documented: set[str], known: set[str]) -> None:
    if unknown := sorted(documented - known):
        raise SpecError(f"openapi.yaml: {kind} {unknown[0]!r}: no code carries it out")
    if missing := sorted(known - documented):
        raise SpecError(f"openapi.yaml: {kind} {missing[0]!r} is carried out but not documented")
