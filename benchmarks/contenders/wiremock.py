"""WireMock: recorded replies to what the mix asks, a template for changes, stubs for refusals."""

import json
from pathlib import Path
from typing import Any

from benchmarks.contenders.contender import Contender, Site
from benchmarks.desk import Desk, record
from benchmarks.dialect import Documented
from benchmarks.mix import mix
from benchmarks.packages import Package

_JSON = {"Content-Type": "application/json"}
_KNOWN = {"Authorization": {"matches": "Bearer jane.*"}}


class WireMock(Contender):
    """The standalone jar of the npm package, with stub mappings."""

    key = "wiremock"
    title = "WireMock"
    setup = (
        "a recorded stub for every list of the mix and every ticket, one templated stub a ticket "
        "for changes, stubs for 401 and 422; request journal off"
    )
    needs = ("npm", "java")
    package = Package("wiremock", "3.13.2")
    largest = 100
    limit = "needs a stub for every ticket, and tries them one after another"

    def prepare(self, desk: Desk, folder: Path) -> None:
        (folder / "mappings").mkdir()
        (folder / "__files").mkdir()
        stubs = [*_reads(desk), *_changes(desk), _unauthenticated(), _invalid()]
        (folder / "mappings" / "all.json").write_text(json.dumps({"mappings": stubs}))

    def command(self, site: Site) -> list[str]:
        jar = self.installed(f"wiremock/build/wiremock-standalone-{self.version}.jar")
        address = ["--bind-address", "127.0.0.1", "--port", str(site.port)]
        options = ["--no-request-journal", "--disable-banner"]
        return ["java", "-jar", jar, "--root-dir", str(site.folder), *address, *options]


def _reads(desk: Desk) -> list[dict[str, Any]]:
    words = Documented()
    reads = [call.path for call in mix(desk, words) if call.method == "GET"]
    details = [words.detail(id).path for id in desk.by_id]
    return [
        _stub({"method": "GET", "url": path, "headers": _KNOWN}, 200, reply)
        for path, reply in record(len(desk), [*reads, *details]).items()
    ]


def _changes(desk: Desk) -> list[dict[str, Any]]:
    """A stub a ticket, which answers with the ticket under the status asked for."""
    known = {"matchesJsonPath": {"expression": "$.status", "matches": "open|closed|spam"}}
    asked = "{{jsonPath request.body '$.status'}}"
    stubs = []
    for ticket in desk.items:
        path = Documented().change(ticket["id"], "open").path
        request = {"method": "PUT", "url": path, "headers": _KNOWN, "bodyPatterns": [known]}
        stubs.append(_stub(request, 200, {"ticket": ticket | {"status": asked}}, template=True))
    return stubs


def _unauthenticated() -> dict[str, Any]:
    nobody = {"urlPathPattern": "/api/.*", "headers": {"Authorization": {"absent": True}}}
    return _stub({"method": "ANY", **nobody}, 401, {"message": "Unauthenticated."})


def _invalid() -> dict[str, Any]:
    request = {"method": "PUT", "urlPathPattern": "/api/tickets/[0-9]+/status", "headers": _KNOWN}
    reply = {
        "message": "The selected status is invalid.",
        "errors": {"status": ["The selected status is invalid."]},
    }
    return _stub(request, 422, reply, priority=9)  # where no other stub of a change fits


def _stub(
    request: dict[str, Any], status: int, body: Any, *, template: bool = False, priority: int = 5
) -> dict[str, Any]:
    response = {"status": status, "headers": _JSON, "body": json.dumps(body)}
    if template:
        response["transformers"] = ["response-template"]
    return {"request": request, "response": response, "priority": priority}
