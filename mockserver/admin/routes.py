"""Flask routes of the admin API: access, input, endpoint function, JSON response."""

import re
from collections.abc import Callable
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, request

from mockserver.admin.access import AccessControl
from mockserver.admin.context import AdminContext
from mockserver.admin.openapi.document import AdminOperation, load_document, read_operations
from mockserver.admin.openapi.javascript import client
from mockserver.admin.registry import ENDPOINTS, AdminRequest, Endpoint
from mockserver.admin.request import read_body, read_path, read_query
from mockserver.api.assets.docs import swagger_ui
from mockserver.api.authentication import authenticate
from mockserver.contract.document.references import Node
from mockserver.contract.errors import ApiError, Invalid, MockError, SpecError, StoreUnavailable

_PREFIX = "/_mock"
_TITLE = "There There mock, admin API"
_JSON = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register_admin(app: Flask, context: AdminContext, token: str | None) -> None:
    """Add the admin API to an app; its reference is authorized with `token`, if there is one.

    Raises SpecError if its document and code do not match.
    """
    document = load_document()
    found = read_operations(document)
    _check_contract({operation.id for operation in found})
    access = AccessControl(context.config)
    blueprint = Blueprint("admin", __name__)
    for operation in found:
        rule = re.sub(r"{(\w+)}", r"<\1>", operation.path)
        view = _view(operation, ENDPOINTS[operation.id], context, access)
        blueprint.add_url_rule(rule, operation.id, view, methods=[operation.method])
    _add_document(blueprint, document)
    app.register_blueprint(blueprint)
    docs = swagger_ui("admin_docs", _TITLE, "../openapi.json", {"worldToken": token})
    app.register_blueprint(docs, url_prefix=f"{_PREFIX}/docs")


def _view(
    operation: AdminOperation, endpoint: Endpoint, context: AdminContext, access: AccessControl
) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        try:
            result = endpoint(_read(operation, context, access, path))
            return _answer(operation.success, result)
        except ApiError as error:
            return _respond(error.status, error.body(), error.headers)
        except StoreUnavailable:
            raise
        except MockError as error:
            return _respond(422, Invalid({"body": [str(error)]}).body())

    return view


def _read(
    operation: AdminOperation, context: AdminContext, access: AccessControl, path: dict[str, str]
) -> AdminRequest:
    if operation.secured_by == "worldToken":
        access.check_page(request)
        return AdminRequest(context, {"world": authenticate(request, context.store).world.name})
    if operation.secured_by:
        access.check(request)
    return AdminRequest(
        context,
        read_path(operation, path),
        read_query(operation, request),
        read_body(operation, request),
    )


def _answer(status: int, result: dict[str, Any] | Response | None) -> Response:
    if isinstance(result, Response):
        return result
    return Response(status=204) if result is None else _respond(status, result)


def _respond(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body) + b"\n", status, {**_JSON, **(headers or {})})


def _add_document(blueprint: Blueprint, document: Node) -> None:
    @blueprint.get(f"{_PREFIX}/openapi.json", endpoint="document")
    def openapi_json() -> Response:
        here = {"url": request.url_root.rstrip("/"), "description": "This mock"}
        return _respond(200, {**document, "servers": [here]})

    @blueprint.get(f"{_PREFIX}/client.<any(js, ts):language>", endpoint="client")
    def client_file(language: str) -> Response:
        media_type = "text/javascript" if language == "js" else "text/plain"
        headers = {**_JSON, "Content-Type": f"{media_type}; charset=utf-8"}
        return Response(client(typed=language == "ts"), 200, headers)


def _check_contract(documented: set[str]) -> None:
    """Raise SpecError unless every documented operation has one endpoint, and vice versa."""
    if unknown := sorted(documented - set(ENDPOINTS)):
        raise SpecError(f"mockserver/admin/openapi: operation {unknown[0]!r} has no endpoint")
    if missing := sorted(set(ENDPOINTS) - documented):
        raise SpecError(f"mockserver/admin/openapi: endpoint {missing[0]!r} is not documented")
