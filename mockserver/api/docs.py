"""The contract over HTTP: /openapi.json, /openapi.yaml, and a reference to try it at /docs."""

import orjson
from flask import Flask, Response, request
from flask_swagger_ui import get_swaggerui_blueprint

from mockserver.contract.bundle import Node, write_yaml
from mockserver.contract.operations import Contract

_DOCS = "/docs"
_INTERFACE = {
    "app_name": "There There Tickets API",
    "validatorUrl": None,  # else the page would send the document to a service
    "persistAuthorization": True,
    "tryItOutEnabled": True,
}

# The page of Swagger UI has its script and styles in the document.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
)


def add_reference(app: Flask, contract: Contract) -> None:
    """Serve the document with this server listed first, so that the reference tries it here."""

    @app.get("/openapi.json")
    def openapi_json() -> Response:
        return Response(orjson.dumps(_here(contract)), mimetype="application/json")

    @app.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        text = write_yaml(_here(contract))
        return Response(text, mimetype="application/yaml")

    docs = get_swaggerui_blueprint(_DOCS, "/openapi.json", config=_INTERFACE)
    docs.after_request(without_frames)
    app.register_blueprint(docs)


def without_frames(response: Response) -> Response:
    """Let no other page show this one in a frame, where a click could change a world."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _here(contract: Contract) -> Node:
    here = {"url": request.host_url.rstrip("/"), "description": "This mock"}
    others = [server for server in contract.document["servers"] if server["url"] != here["url"]]
    return {**contract.document, "servers": [here, *others]}
