"""Forced responses: a documented error, or a named example of success."""

import json
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import Request, Response

from mockserver.api.faults.error_response import make_error
from mockserver.api.faults.prefer import Preference
from mockserver.api.pagination import links_and_meta
from mockserver.api.response import respond, respond_error
from mockserver.contract import resources
from mockserver.contract.choices import Choices
from mockserver.contract.document.references import Node
from mockserver.contract.errors import BadQuery
from mockserver.contract.operation import Operation
from mockserver.contract.operations import Contract
from mockserver.contract.sample import Sampler
from mockserver.journal import exchange_of
from mockserver.store import Page, Store

DOCUMENTED = "documented"


class Forced:
    """Answers what a preference asks for; raises BadQuery for what the contract does not have."""

    def __init__(self, contract: Contract, choices: Choices, store: Store) -> None:
        self._contract = contract
        self._choices = choices
        self._store = store
        self._host = contract.document["servers"][0]["url"]
        self._page = _read("list-tickets.json")
        self._ticket = _read("get-ticket.json")["ticket"]
        self._sampler = Sampler(contract)

    def answer(
        self, operation: Operation, request: Request, preference: Preference
    ) -> Response | None:
        """Return the answer; None when only a delay was asked for."""
        code = preference.code
        if code is None and preference.example is None:
            return None
        if code is not None and code not in operation.responses:
            documented = ", ".join(map(str, sorted(operation.responses)))
            message = f"{operation.id} documents no status {code}; ask for one of {documented}."
            if code >= 400:
                message += f" A fault such as error={code} answers others."
            raise BadQuery(message)
        if code in (None, operation.success):
            body = self._example(operation, request, preference.example or DOCUMENTED)
            return respond(operation.success, body)
        if preference.example is not None:
            raise BadQuery(
                f"The examples of {operation.id} are of status {operation.success}, not {code}."
            )
        return self.error_response(operation, request, code)

    def error_response(
        self, operation: Operation, request: Request, status: int, wait: int | None = None
    ) -> Response:
        """Return a refusal with any status, and after how many seconds to try again."""
        missing = self._store.not_found_message((request.view_args or {}).get("id", ""))
        entry = self._store.worlds.entry(exchange_of(request.environ).world)
        now = self._store.now(entry.world) if entry else self._store.clock.now()
        error = make_error(status, operation, missing, now, wait)
        return respond_error(error)

    def examples(self, operation: Operation) -> tuple[str, ...]:
        """Return the names of an operation's examples."""
        lists = "data" in self._contract.success(operation.id)
        return (DOCUMENTED, "empty") if lists else (DOCUMENTED,)

    def _example(self, operation: Operation, request: Request, name: str) -> bytes:
        names = self.examples(operation)
        if name not in names:
            raise BadQuery(
                f"{operation.id} has no example {name[:40]!r}; there are {' and '.join(names)}."
            )
        if name == "empty":
            return self._empty(operation, request)
        schema = operation.responses[operation.success]
        if schema is None:
            return b""
        body = self._body(operation, schema)
        here = request.url_root.rstrip("/")
        return orjson.dumps(body).replace(self._host.encode(), here.encode())

    def _body(self, operation: Operation, schema: Node) -> Any:
        """Return the documented example of a success, or a value made from its schema."""
        parts = self._contract.properties(schema)
        if operation.id == "listTickets" and self._choices.pagination == "nested":
            return self._page
        if "ticket" in parts:
            shown = self._contract.properties(parts["ticket"])
            return {"ticket": {key: self._ticket[key] for key in shown}}
        return self._sampler.value(schema)

    def _empty(self, operation: Operation, request: Request) -> bytes:
        if self._contract.success(operation.id).keys() == {"data"}:
            return b'{"data":[]}'
        size = operation.query["per_page"].default if "per_page" in operation.query else 25
        query = parse_qsl(request.query_string.decode("latin-1"), keep_blank_values=True)
        page = Page([], 1, size, 0)
        beside = links_and_meta(page, request.base_url, query, self._choices)
        return orjson.dumps({"data": [], **beside})


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((resources.examples() / name).read_text("utf-8"))
    return found
