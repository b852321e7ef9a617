"""A middleware over the mock that makes it differ from the documentation."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from mockserver.contract.choices import Choices

Json = Any
_ALLOWED = ("status", "channel_ids", "tag_ids", "search", "assigned_to_me", "unassigned")
_PAGING = ("page", "per_page", "sort")


@dataclass(frozen=True)
class Drift:
    """How a deployment differs; each mapping is documented name → its own name."""

    ticket: str = "ticket"
    data: str = "data"
    meta: str = "meta"
    """The key of the page numbers; empty for the top of the answer."""
    filters: dict[str, str] = field(default_factory=dict)
    bare_filters: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    camel: bool = False
    header: str = ""
    method: str = "PUT"
    ulids: bool = False
    base: str = "/api"
    """The path of the operations; empty for none."""
    lost: str = "Not found."
    """What is said below other paths; {base} stands for the own one."""
    redirects: bool = False
    """Whether the documented paths lead to the own ones instead of to a 404."""
    parameters: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    """Whether a documented name that is not its own has no effect, instead of being refused."""

    @property
    def choices(self) -> Choices:
        return Choices(path_id="ulid") if self.ulids else Choices()


class DriftMiddleware:
    """Takes requests and answers as the drift says; the app behind it keeps the contract."""

    def __init__(self, app: Callable[..., Any], drift: Drift) -> None:
        self.app, self.drift = app, drift
        self.received: list[str] = []
        """Set once a write was carried out whose body differs, a moment before it is answered."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        if not request.path.startswith(("/api/", f"{self.drift.base}/tickets")):
            return self.app(environ, start_response)
        self.received.append(f"{request.method} {request.full_path.rstrip('?')}")
        answer = self._refused(request) or self._answered(environ, request)
        return answer(environ, start_response)

    def _refused(self, request: Request) -> Response | None:
        drift = self.drift
        if not request.path.startswith(f"{drift.base}/tickets"):
            return self._elsewhere(request)
        if drift.header and not request.headers.get(drift.header):
            return self._refusal(400, f"The {drift.header} header is required.")
        is_write = request.path.endswith(("/status", "/assignee"))
        if is_write and request.method != drift.method:
            return self._refusal(405, "Method not allowed.", Allow=drift.method)
        unknown = None if drift.silent else self._unknown_parameter(request)
        return unknown or self._unknown_field(request)

    def _elsewhere(self, request: Request) -> Response:
        if not self.drift.redirects:
            return self._refusal(404, self.drift.lost.format(base=self.drift.base))
        place = request.full_path.rstrip("?").replace("/api", self.drift.base, 1)
        return self._refusal(308, "Moved.", Location=place)

    def _refusal(self, status: int, message: str, **headers: str) -> Response:
        if message.startswith("<"):
            return Response(message, status, headers, mimetype="text/html")
        body = json.dumps({"message": message})
        return Response(body, status, headers, mimetype="application/json")

    def _unknown_parameter(self, request: Request) -> Response | None:
        unknown = next((name for name in request.args if name in self.drift.parameters), None)
        if unknown:
            return self._refusal(400, f"Unknown parameter {unknown}.")
        own = {name: self.drift.filters.get(name, name) for name in _ALLOWED}
        allowed = ", ".join(own.values())
        for name in request.args:
            inner = name.removeprefix("filter[").removesuffix("]")
            if self.drift.bare_filters and inner != name:
                message = f"Unknown parameter {name}. Allowed: page, per_page, sort, {allowed}."
                return self._refusal(400, message)
            if inner in own and inner not in own.values():
                message = f"Requested filter(s) `{inner}` are not allowed."
                return self._refusal(400, f"{message} Allowed filter(s) are `{allowed}`.")
        return None

    def _unknown_field(self, request: Request) -> Response | None:
        body = request.get_json(silent=True)
        for documented, own in self.drift.fields.items():
            of_path = request.path.endswith("/assignee" if documented == "user_id" else "/status")
            if of_path and isinstance(body, dict) and documented in body and own not in body:
                message = f"The {own.replace('_', ' ')} field is required."
                errors = {"message": message, "errors": {own: [message]}}
                return Response(json.dumps(errors), 422, mimetype="application/json")
        return None

    def _answered(self, environ: Any, request: Request) -> Response:
        documented = dict(environ)
        documented["PATH_INFO"] = f"/api{environ['PATH_INFO'].removeprefix(self.drift.base)}"
        documented["QUERY_STRING"] = urlencode(
            [
                (self._documented_parameter(name), value)
                for name, value in parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
                if not self._is_ignored(name)
            ]
        )
        if request.method == self.drift.method:
            documented["REQUEST_METHOD"] = "PUT"
            self._rename_body(documented, request)
        chunks, status, headers = run_wsgi_app(self.app, documented, buffered=True)
        return self._as_own(b"".join(chunks), status, headers)

    def _is_ignored(self, name: str) -> bool:
        inner = name.removeprefix("filter[").removesuffix("]")
        return inner in self.drift.filters or name in self.drift.parameters

    def _documented_parameter(self, name: str) -> str:
        for documented, own in self.drift.parameters.items():
            if name == own:
                return documented
        inner = name.removeprefix("filter[").removesuffix("]")
        back = {own: documented for documented, own in self.drift.filters.items()}
        bare = self.drift.bare_filters and inner in _ALLOWED
        return f"filter[{back.get(inner, inner)}]" if inner != name or bare else name

    def _rename_body(self, environ: Any, request: Request) -> None:
        raw = request.get_data()
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if isinstance(body, dict):
            back = {own: documented for documented, own in self.drift.fields.items()}
            raw = json.dumps({back.get(k, k): v for k, v in body.items()}).encode()
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(raw), str(len(raw))

    def _as_own(self, body: bytes, status: str, headers: Headers) -> Response:
        try:
            document = json.loads(body)
        except ValueError:
            return Response(body, status, headers)
        raw = json.dumps(self._own_document(document)).encode()
        headers["Content-Length"] = str(len(raw))
        return Response(raw, status, headers)

    def _own_document(self, document: Json) -> Json:
        drift = self.drift
        if isinstance(document, dict) and "ticket" in document:
            document = {drift.ticket: document["ticket"]}
        if isinstance(document, dict) and "meta" in document:
            meta = document.pop("meta")
            document.update({drift.meta: meta} if drift.meta else meta)
            rows = document.pop("data")
            links = document["links"]
            document["links"] = {k: v and self._own_link(v) for k, v in links.items()}
            document[drift.data] = rows
        if isinstance(document, dict) and "errors" in document:
            errors = document["errors"]
            document["errors"] = {drift.fields.get(k, k): v for k, v in errors.items()}
        return _camel(document) if drift.camel else document

    def _own_link(self, link: str) -> str:
        """Return a link with the path and the names of the deployment."""
        parts = urlsplit(link)
        pairs = [
            (self._own_parameter(name), value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        ]
        path = parts.path.replace("/api", self.drift.base, 1)
        return parts._replace(path=path, query=urlencode(pairs)).geturl()

    def _own_parameter(self, name: str) -> str:
        inner = name.removeprefix("filter[").removesuffix("]")
        if inner == name:
            return self.drift.parameters.get(name, name)
        own = self.drift.filters.get(inner, inner)
        return own if self.drift.bare_filters else f"filter[{own}]"


def _camel(node: Json) -> Json:
    if isinstance(node, list):
        return [_camel(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {re.sub(r"_(\w)", lambda m: m[1].upper(), k): _camel(v) for k, v in node.items()}
