"""Mocks that differ from the documentation: each difference is a small middleware over the mock."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import EnvironBuilder, run_wsgi_app

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.contract.choices import Choices
from tests.support.drift_middleware import Drift, DriftMiddleware, Json

CAMEL_FILTERS = {
    "channel_ids": "channelIds",
    "tag_ids": "tagIds",
    "assigned_to_me": "assignedToMe",
}
DRIFTS = {
    "envelope": Drift(ticket="data", data="result", meta=""),
    "ulids": Drift(ulids=True),
    "names": Drift(
        fields={"user_id": "assignee_id"},
        filters={"channel_ids": "channels", "tag_ids": "tags"},
    ),
    "header": Drift(header="X-Workspace"),
    "version": Drift(base="/api/v2"),
    "page size": Drift(parameters={"per_page": "perPage"}),
}
DRIFTS["all"] = replace(
    DRIFTS["envelope"],
    ulids=True,
    fields=DRIFTS["names"].fields,
    filters=DRIFTS["names"].filters,
    header="X-Workspace",
    base="/api/v2",
    parameters={"per_page": "perPage"},
)
NEIGHBORS = {
    "items": Drift(data="items"),
    "tickets": Drift(data="tickets"),
    "camel case": Drift(camel=True),
    "pagination": Drift(meta="pagination"),
    "bare filters": Drift(bare_filters=True),
    "patch": Drift(method="PATCH"),
    "state": Drift(fields={"status": "state", "user_id": "userId"}),
    "no base path": Drift(base=""),
    "camel parameters": Drift(
        parameters={"per_page": "perPage"}, filters=CAMEL_FILTERS, silent=True
    ),
}
"""Differences beside those above."""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        pass


@dataclass(frozen=True)
class Drifting:
    """A mock with a difference, and what a client of the documented API sees of it."""

    url: str
    middleware: DriftMiddleware

    def tickets(self) -> Json:
        """Return every ticket's status and assignee, read behind the difference."""
        found = {}
        for page in (1, 2, 3):
            row = self._get(f"/api/tickets?per_page=100&sort=created_at&page={page}")
            found |= {r["id"]: (r["status"], r["assignee"]) for r in row["data"]}
        return found

    def _get(self, target: str) -> Json:
        builder = EnvironBuilder(path=target, headers={"Authorization": "Bearer jane"})
        chunks, _, _ = run_wsgi_app(self.middleware.app, builder.get_environ(), buffered=True)
        return json.loads(b"".join(chunks))


@cache
def only_read(choices: Choices) -> Flask:
    """Return a mock for tests that write nothing; it is made once."""
    return create_app(Config(choices=choices))


@contextmanager
def drifting(drift: Drift, app: Flask | None = None) -> Iterator[Drifting]:
    """Serve the demo world with a difference on a free port of loopback."""
    app = app or create_app(Config(choices=drift.choices))
    middleware = DriftMiddleware(app.wsgi_app, drift)
    server = make_server("127.0.0.1", 0, middleware, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield Drifting(f"http://127.0.0.1:{server.server_port}", middleware)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
