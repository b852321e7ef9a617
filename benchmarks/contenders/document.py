"""Mocks without state, generated from the OpenAPI document: Prism and Scalar's mock server."""

import json
from pathlib import Path
from typing import Any

from benchmarks.contenders.contender import Contender, Site
from benchmarks.contenders.dialect import Documented
from benchmarks.contenders.packages import Package
from benchmarks.dataset.dataset import Dataset, Query
from benchmarks.dataset.export import record
from mockserver.contract.document.references import resolve
from mockserver.contract.operations import Contract


class FromDocument(Contender):
    """Reads openapi.yaml with real replies as examples."""

    largest = 100
    limit = "keeps no data: the number of tickets makes no difference"

    def prepare(self, dataset: Dataset, folder: Path) -> None:
        document = json.loads(json.dumps(Contract.load().document))
        for path, reply in _examples(dataset).items():
            _success(document, path)["example"] = reply
        (folder / "openapi.json").write_text(json.dumps(document))


class Prism(FromDocument):
    """`prism mock`, static: the examples."""

    key = "prism"
    title = "Prism"
    setup = "`prism mock` on openapi.yaml with real replies as examples, logging off"
    package = Package("@stoplight/prism-cli", "5.16.0")

    def command(self, site: Site) -> list[str]:
        program = self.installed(".bin/prism")
        options = ["--port", str(site.port), "--verboseLevel", "silent"]
        return ["node", program, "mock", *options, str(site.folder / "openapi.json")]


class Scalar(FromDocument):
    """@scalar/mock-server behind @hono/node-server, as on its getting-started page."""

    key = "scalar"
    title = "Scalar mock server"
    setup = "`createMockServer` on openapi.yaml with real replies as examples"
    package = Package("@scalar/mock-server", "0.14.4")

    def prepare(self, dataset: Dataset, folder: Path) -> None:
        super().prepare(dataset, folder)
        (folder / "node_modules").symlink_to(self.installed(""))
        (folder / "start.mjs").write_text(_SCALAR)

    def command(self, site: Site) -> list[str]:
        files = [str(site.folder / "start.mjs"), str(site.folder / "openapi.json")]
        return ["node", *files, str(site.port)]


_SCALAR = """\
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { createMockServer } from '@scalar/mock-server'

const [document, port] = process.argv.slice(2)
const app = await createMockServer({ document: JSON.parse(readFileSync(document, 'utf8')) })
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' })
"""


def _examples(dataset: Dataset) -> dict[tuple[str, str], Any]:
    """Return a real reply for each success response, by path and method."""
    dialect = Documented()
    paths = [dialect.listing(Query()).path, dialect.detail(dataset.page(Query())[0]).path]
    page, detail = record(len(dataset), paths).values()
    return {
        ("/api/tickets", "get"): page,
        ("/api/tickets/{id}", "get"): detail,
        ("/api/tickets/{id}/status", "put"): {"ticket": page["data"][0]},
    }


def _success(document: dict[str, Any], place: tuple[str, str]) -> dict[str, Any]:
    path, method = place
    response = resolve(document, document["paths"][path][method]["responses"]["200"])
    content: dict[str, Any] = response["content"]["application/json"]
    return content
