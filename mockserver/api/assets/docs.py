"""The contract over HTTP: /openapi.json, /openapi.yaml, and a reference to try it at /docs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flask_swagger_ui
import orjson
from flask import Blueprint, Flask, Response, render_template, request, send_from_directory

from mockserver.contract.document.bundle import write_yaml
from mockserver.contract.document.references import Node
from mockserver.contract.operations import Contract

_SWAGGER_UI = Path(flask_swagger_ui.__file__).with_name("dist")
_TITLE = "There There Tickets API"
_OPTIONS = {
    "deepLinking": True,
    "persistAuthorization": True,
    "tryItOutEnabled": True,
    "validatorUrl": None,  # else the page would send the document to a service
}

# The page of Swagger UI has its script and styles in the document.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)


def add_reference(app: Flask, contract: Contract, token: str | None) -> None:
    """Serve the document with this server listed first, so that the reference tries it here.

    The reference is authorized with `token`, if there is one.
    """

    @app.get("/openapi.json")
    def openapi_json() -> Response:
        return Response(orjson.dumps(_here(contract)), mimetype="application/json")

    @app.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        text = write_yaml(_here(contract))
        return Response(text, mimetype="application/yaml")

    docs = swagger_ui("docs", _TITLE, "openapi.json", {"bearer": token})

    @docs.get("/openapi.json", endpoint="document")
    def document() -> Response:
        return Response(orjson.dumps(_for_page(_here(contract))), mimetype="application/json")

    app.register_blueprint(docs, url_prefix="/docs")


def swagger_ui(name: str, title: str, document: str, tokens: Mapping[str, str | None]) -> Blueprint:
    """Return a blueprint with Swagger UI.

    `document` is the address of the OpenAPI document, relative to the page; `tokens` maps security
    schemes to the tokens that the page is authorized with, if any.
    """
    blueprint = Blueprint(name, __name__, template_folder="templates")
    options = {**_OPTIONS, "url": document}
    known = {scheme: token for scheme, token in tokens.items() if token}

    @blueprint.get("/")
    def page() -> str:
        return render_template("swagger_ui/page.html", title=title, options=options, tokens=known)

    @blueprint.get("/<path:file>")
    def file(file: str) -> Response:
        return send_from_directory(_SWAGGER_UI, file)

    blueprint.after_request(_protected)
    return blueprint


def _for_page(document: Node) -> Node:
    """Return the document with the examples of query parameters in their descriptions.

    The page would send all of them with the first request, and no ticket meets all.
    """
    paths = {
        path: {name: _operation(node) for name, node in item.items()}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


def _operation(node: Any) -> Any:
    if not isinstance(node, dict) or "parameters" not in node:
        return node
    return {**node, "parameters": [_parameter(parameter) for parameter in node["parameters"]]}


def _parameter(node: Node) -> Node:
    if node.get("in") != "query" or "example" not in node:
        return node
    example = node["example"]
    items = example if isinstance(example, list) else [example]
    text = ",".join(
        item if isinstance(item, str) else orjson.dumps(item).decode() for item in items
    )
    kept = {name: value for name, value in node.items() if name != "example"}
    return {**kept, "description": f"{node.get('description', '')} Example: `{text}`."}


def _protected(response: Response) -> Response:
    """Let no other page show this one in a frame, where a click could change a world."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _here(contract: Contract) -> Node:
    here = {"url": request.url_root.rstrip("/"), "description": "This mock"}
    others = [server for server in contract.document["servers"] if server["url"] != here["url"]]
    return {**contract.document, "servers": [here, *others]}
