"""json-server, stable and beta: a db.json with tickets and threads."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.contenders.contender import Contender, Site
from benchmarks.contenders.dialect import JsonServer0, JsonServer1
from benchmarks.contenders.packages import Package
from benchmarks.dataset.dataset import Dataset


class JsonServer(Contender):
    """`json-server db.json`; messages and activities are collections that refer to their ticket."""

    key_type: type = int
    """Of the reference to a ticket."""

    setup = "`db.json` with tickets, messages and activities; details by `_embed`"

    def prepare(self, dataset: Dataset, folder: Path) -> None:
        database = {
            "tickets": dataset.items,
            "messages": _children(dataset, "messages", self.key_type),
            "activities": _children(dataset, "activities", self.key_type),
        }
        (folder / "db.json").write_text(json.dumps(database))
        (folder / "public").mkdir()  # the beta does not start without a folder of static files

    def command(self, site: Site) -> list[str]:
        program = self.installed(".bin/json-server")
        address = ["--host", "127.0.0.1", "--port", str(site.port)]
        return ["node", program, *address, str(site.folder / "db.json")]


class Stable(JsonServer):
    """json-server 0.17."""

    key = "json-server"
    title = "json-server 0.17"
    dialect = JsonServer0()
    package = Package("json-server", "0.17.4")

    def command(self, site: Site) -> list[str]:
        return [*super().command(site), "--quiet"]


class Beta(JsonServer):
    """json-server 1.0, a beta."""

    key = "json-server-beta"
    title = "json-server 1.0 beta"
    # Without it json-server reloads its file after each of its own writes, and loses changes.
    environment: Mapping[str, str] = {"NODE_ENV": "production"}
    key_type = str  # it reads every id as text
    dialect = JsonServer1()
    package = Package("json-server", "1.0.0-beta.15")


def _children(dataset: Dataset, name: str, key_type: type) -> list[dict[str, Any]]:
    pairs = [(key_type(ticket["id"]), row) for ticket in dataset.details for row in ticket[name]]
    return [{"id": number, **row, "ticketId": key} for number, (key, row) in enumerate(pairs, 1)]
