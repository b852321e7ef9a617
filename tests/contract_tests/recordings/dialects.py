"""HAR as recorders write it: an entry of each, made from one exchange, and entries cut short.

Each writer returns the entry and the files that are recorded beside it.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]
HOST = "https://helpdesk.example"


@dataclass(frozen=True)
class Sent:
    """One exchange: `body` as it came, `posted` as it was sent."""

    second: int
    method: str
    target: str
    status: int
    body: str
    posted: str | None = None
    bearer: str = "Bearer"

    @property
    def request(self) -> Node:
        headers = [{"name": "Authorization", "value": f"{self.bearer} jane"}]
        node = {
            "method": self.method, "url": HOST + self.target, "httpVersion": "HTTP/1.1",
            "headers": headers, "cookies": [], "queryString": [], "headersSize": -1,
            "bodySize": len(self.posted or ""),
        }  # fmt: skip
        if self.posted is not None:
            node["postData"] = {"mimeType": "application/json", "text": self.posted}
        return node

    def response(self, **content: Any) -> Node:
        return {
            "status": self.status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"size": len(self.body), "mimeType": "application/json", **content},
            "redirectURL": "", "headersSize": -1, "bodySize": -1,
        }  # fmt: skip

    def entry(self, response: Node, started: str, **more: Any) -> Node:
        """Return an entry; `started` is a pattern for the seconds."""
        return {
            "startedDateTime": started.format(f"{self.second:02}"), "time": 12.5,
            "request": self.request, "response": response, "cache": {}, "timings": {}, **more,
        }  # fmt: skip


def chrome(sent: Sent) -> tuple[Node, dict[str, bytes]]:
    entry = sent.entry(sent.response(text=sent.body), "2026-05-01T12:00:{}.123Z")
    entry["request"]["headers"] += [{"name": ":authority", "value": "helpdesk.example"}]
    entry["request"]["headers"][0]["name"] = "authorization"
    entry["response"] |= {"_transferSize": 400, "_error": None, "_fetchedViaServiceWorker": False}
    entry |= {"_initiator": {"type": "script"}, "_priority": "High", "_resourceType": "fetch"}
    return entry, {}


def firefox(sent: Sent) -> tuple[Node, dict[str, bytes]]:
    entry = sent.entry(sent.response(text=sent.body), "2026-05-01T14:00:{}.123+02:00")
    entry |= {"_securityState": "secure", "serverIPAddress": "127.0.0.1", "pageref": "page_1"}
    return entry, {}


def safari(sent: Sent) -> tuple[Node, dict[str, bytes]]:
    entry = sent.entry(sent.response(text=sent.body), "2026-05-01T12:00:{}.123Z")
    entry |= {"_fetchType": "Network Load", "_priority": "high"}
    entry["response"]["content"]["compression"] = 10
    return entry, {}


def playwright(sent: Sent) -> tuple[Node, dict[str, bytes]]:
    """Bodies are files beside the HAR file, as in a .zip."""
    name = f"{hashlib.sha1(sent.body.encode()).hexdigest()}.json"
    entry = sent.entry(sent.response(_file=name), "2026-05-01T12:00:{}.123Z")
    entry |= {"_frameref": "frame@1", "_monotonicTime": 12.5}
    files = {name: sent.body.encode()}
    if sent.posted is not None:
        posted = f"{sent.second}-posted.json"
        entry["request"]["postData"] = {"mimeType": "application/json", "_file": posted}
        files[posted] = sent.posted.encode()
    return entry, files


def charles(sent: Sent) -> tuple[Node, dict[str, bytes]]:
    text = base64.b64encode(sent.body.encode()).decode()
    response = sent.response(text=text, encoding="base64")
    entry = sent.entry(response, "2026-05-01T12:00:{}.123+0000".replace("+0000", "+00:00"))
    response["_charlesStatus"] = "COMPLETE"
    return entry, {}


def fiddler(sent: Sent) -> tuple[Node, dict[str, bytes]]:
    """Times have seven digits behind the second."""
    entry = sent.entry(sent.response(text=sent.body), "2026-05-01T12:00:{}.1234567+00:00")
    entry |= {"comment": f"[#{sent.second}]", "connection": "ClientPort:1;EgressPort:2"}
    return entry, {}


def mitmproxy(sent: Sent) -> tuple[Node, dict[str, bytes]]:
    entry = sent.entry(sent.response(text=sent.body), "2026-05-01T12:00:{}.123456+00:00")
    entry["request"]["queryString"] = [{"name": "per_page", "value": "5"}]
    return entry, {}


WRITERS = {
    "Chrome": chrome, "Firefox": firefox, "Safari": safari, "Playwright": playwright,
    "Charles": charles, "Fiddler": fiddler, "mitmproxy": mitmproxy,
}  # fmt: skip


def changed(entry: Node, path: str, **values: Any) -> Node:
    """Return a copy of an entry with values set at a path such as response.content."""
    copy: Node = json.loads(json.dumps(entry))
    node = copy
    for step in path.split(".") if path else ():
        node = node[step]
    node.update(values)
    return copy


def odd_entries(entry: Node) -> dict[str, tuple[Any, str]]:
    """Return entries that cannot be judged, by what happened, with the reason that is reported."""
    bare = {"content": {"size": 0, "mimeType": "x-unknown"}, "headers": []}
    failed = "cancelled or failed"
    half = '{"data": [{"id": 1, "sub'
    cached = "answered from a cache"
    return {
        "Chrome: cancelled": (
            changed(entry, "response", status=0, _error="net::ERR_ABORTED", **bare), failed),
        "Chrome: failed after the head": (
            changed(entry, "response", _error="net::ERR_INCOMPLETE_CHUNKED_ENCODING"), failed),
        "Chrome: from the disk cache": (changed(entry, "", _fromCache="disk"), cached),
        "Chrome: from a service worker": (
            changed(entry, "response", _fetchedViaServiceWorker=True), cached),
        "Firefox: blocked": (changed(entry, "response", status=0, **bare), failed),
        "Firefox: an empty response": (changed(entry, "", response={}), "without a response"),
        "Safari: from memory": (changed(entry, "", _fetchType="Memory Cache"), cached),
        "Playwright: aborted": (
            changed(entry, "response", status=-1, _failureText="net::ERR_ABORTED", **bare), failed),
        "Playwright: aborted, by its flag": (changed(entry, "", _wasAborted=True), failed),
        "Charles: exception": (changed(entry, "response", _charlesStatus="EXCEPTION"), failed),
        "mitmproxy: no response": (
            changed(entry, "response", status=0, _error="connection closed", **bare), failed),
        "not modified": (changed(entry, "response", status=304), cached),
        "redirected": (changed(entry, "response", status=302, redirectURL="/login"), "redirected"),
        "a gateway": (changed(entry, "response", status=502),
                      "answered by a gateway (502, 503 or 504)"),
        "a body cut off": (
            changed(entry, "response.content", text=half, size=4000, encoding="", _file=None),
            "with a truncated body"),
        "no body": (
            changed(entry, "response", content={"size": 900, "mimeType": "application/json"}),
            "without a body"),
        "no headers of the request": (
            changed(entry, "request", headers=[]), "without the headers of the request"),
        "no headers of the response": (
            changed(entry, "response", headers=[]), "without the headers of the response"),
        "null as headers of the response": (
            changed(entry, "response", headers=None), "without the headers of the response"),
        "no content": (changed(entry, "response", content=None), "without a body"),
        "a body that is an object": (
            changed(entry, "response.content", text={"data": []}, _file=None),
            "with a body that is not a text"),
        "invalid base64": (
            changed(entry, "response.content", text="%%%", encoding="base64", _file=None),
            "with a body that is not valid base64"),
        "a file that is missing": (
            changed(entry, "response", content={"size": 900, "_file": "missing.json"}),
            "without a body"),
        "a preflight": (changed(entry, "request", method="OPTIONS"),
                        "preflight requests of a browser"),
        "no URL": (changed(entry, "request", url=None), "without a request"),
        "an invalid URL": (changed(entry, "request", url="http://[::1"), "without a request"),
        "no request": (changed(entry, "", request=None), "without a request"),
        "a number": (7, "without a request"),
        "null": (None, "without a request"),
    }  # fmt: skip
