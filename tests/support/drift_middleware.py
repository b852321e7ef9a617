class DriftMiddleware:
    """Takes requests and answers as the drift says; the app behind it keeps the contract."""

    def __init__(self, app: Callable[..., Any], drift: Drift) -> None:
        self.app, self.drift = app, drift
        self.received: list[str] = []
        self.written = threading.Event()
        """Set once a write was carried out whose body differs, a moment before it is answered."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        if not request.path.startswith("/api/"):
            return self.app(environ, start_response)
        self.received.append(f"{request.method} {request.full_path.rstrip('?')}")
        answer = self._refused(request) or self._answered(environ, request)
        return answer(environ, start_response)

    def _refused(self, request: Request) -> Response | None:
        drift = self.drift
        if not request.path.startswith(f"{drift.base}/"):
            return self._refusal(404, f"There is nothing here. The API is at {drift.base}/tickets.")
        if drift.header and not request.headers.get(drift.header):
            return self._refusal(400, f"The {drift.header} header is required.")
        is_write = request.path.endswith(("/status", "/assignee"))
        if is_write and request.method != drift.method:
            return self._refusal(405, "Method not allowed.", Allow=drift.method)
        return self._unknown_filter(request) or self._unknown_field(request)

    def _refusal(self, status: int, message: str, **headers: str) -> Response:
        body = json.dumps({"message": message})
        return Response(body, status, headers, mimetype="application/json")

    def _unknown_filter(self, request: Request) -> Response | None:
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
        documented["PATH_INFO"] = environ["PATH_INFO"].replace(self.drift.base, "/api", 1)
        documented["QUERY_STRING"] = urlencode(
            [
                (self._documented_parameter(name), value)
                for name, value in parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
            ]
        )
        if request.method == self.drift.method:
            documented["REQUEST_METHOD"] = "PUT"
            self._rename_body(documented, request)
        chunks, status, headers = run_wsgi_app(self.app, documented, buffered=True)
        interesting = "/assignee" if "user_id" in self.drift.fields else "/status"
        done = documented["REQUEST_METHOD"] == "PUT" and status.startswith("200")
        if done and request.path.endswith(interesting):
            self._hold()
        return self._as_own(b"".join(chunks), status, headers)

    def _hold(self) -> None:
        if not self.written.is_set():
            self.written.set()
            time.sleep(0.3)

    def _documented_parameter(self, name: str) -> str:
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
            document[drift.data] = rows
        if isinstance(document, dict) and "errors" in document:
            errors = document["errors"]
            document["errors"] = {drift.fields.get(k, k): v for k, v in errors.items()}
        return _camel(document) if drift.camel else document


def _camel(node: Json) -> Json:
    if isinstance(node, list):
        return [_camel(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {re.sub(r"_(\w)", lambda m: m[1].upper(), k): _camel(v) for k, v in node.items()}
