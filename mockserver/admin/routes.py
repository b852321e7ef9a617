"""The levers as routes: guarded, read, pulled, and answered in JSON."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, request
from flask_swagger_ui import get_swaggerui_blueprint

from mockserver.admin.access import Guard
from mockserver.admin.context import Mock
from mockserver.admin.openapi import Lever, levers, load_document
from mockserver.admin.registry import LEVERS, Pull, Puller
from mockserver.admin.request import read_body, read_path, read_query
from mockserver.api.authentication import authenticate
from mockserver.contract.bundle import Node
from mockserver.contract.errors import ApiError, Invalid, MockError, SpecError, StoreUnavailable

_PREFIX = "/_mock"
_INTERFACE = {"app_name": "There There mock, the levers", "validatorUrl": None}
_JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def add_levers(app: Flask, mock: Mock) -> None:
    """Add every lever to an app; raises SpecError where document and code do not fit."""
    document = load_document()
    found = levers(document)
    _match({lever.id for lever in found})
    guard = Guard(mock.config)
    control = Blueprint("levers", __name__)
    for lever in found:
        rule = re.sub(r"{(\w+)}", r"<\1>", lever.path)
        view = _view(lever, LEVERS[lever.id], mock, guard)
        control.add_url_rule(rule, lever.id, view, methods=[lever.method])
    _add_reference(control, document)
    app.register_blueprint(control)
    docs = get_swaggerui_blueprint(
        f"{_PREFIX}/docs",
        f"{_PREFIX}/openapi.json",
        config=_INTERFACE,
        blueprint_name="lever_docs",
    )
    app.register_blueprint(docs)


def _view(lever: Lever, puller: Puller, mock: Mock, guard: Guard) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        try:
            pull = _read(lever, mock, guard, path)
            return _answer(lever.success, puller(pull))
        except ApiError as error:
            return _respond(error.status, error.body(), error.headers)
        except StoreUnavailable:
            raise
        except MockError as error:
            return _respond(422, Invalid({"body": [str(error)]}).body())

    return view


def _read(lever: Lever, mock: Mock, guard: Guard, path: dict[str, str]) -> Pull:
    if lever.secured_by == "worldToken":
        return Pull(mock, {"world": authenticate(request, mock.store).world.name})
    guard.check(request)
    return Pull(mock, read_path(lever, path), read_query(lever, request), read_body(lever, request))


def _answer(status: int, result: dict[str, Any] | Response | None) -> Response:
    if isinstance(result, Response):
        return result
    return Response(status=204) if result is None else _respond(status, result)


def _respond(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body) + b"\n", status, {**_JSON, **(headers or {})})


def _add_reference(control: Blueprint, document: Node) -> None:
    @control.get(f"{_PREFIX}/openapi.json", endpoint="document")
    def openapi_json() -> Response:
        here = {"url": request.host_url.rstrip("/"), "description": "This mock"}
        return _respond(200, {**document, "servers": [here]})


def _match(documented: set[str]) -> None:
    """Refuse a lever that no function pulls, and a function that no document names."""
    if unknown := sorted(documented - set(LEVERS)):
        raise SpecError(f"mockserver/control: lever {unknown[0]!r}: no code pulls it")
    if missing := sorted(set(LEVERS) - documented):
        raise SpecError(f"mockserver/control: lever {missing[0]!r} is not documented")
