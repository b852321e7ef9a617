"""AdminClient: the admin API and the tickets API of one app in this process."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.harness import Api


@dataclass(frozen=True)
class AdminClient:
    app: Flask

    def request(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        given = {"json": body} if body is not None else {}
        return self.app.test_client().open(f"/_mock{path}", method=method, **given, **options)

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed, and return its JSON."""
        reply = self.request(method, path, body)
        assert reply.status_code < 300, reply.text
        return reply.json

    def open(self, name: str, **fields: Any) -> Any:
        return self.json("POST", "/worlds", {"name": name, **fields})

    def export(self, world: str, query: str = "") -> bytes:
        return self.request("GET", f"/worlds/{world}/export{query}").data

    def api(self, token: str) -> Api:
        return Api(self.app, token)


def everything(api: Api) -> list[bytes]:
    """Return every page under every sort, and every ticket, as bytes."""
    sorts = ["created_at", "-updated_at", "-last_activity_at"]
    pages = [
        api.get(f"/api/tickets?per_page=100&sort={sort}&page={page}")
        for sort in sorts
        for page in range(1, 4)
    ]
    ids = [ticket["id"] for page in pages[:3] for ticket in page.json["data"]]
    return [page.data for page in pages] + [api.get(f"/api/tickets/{id}").data for id in ids]
