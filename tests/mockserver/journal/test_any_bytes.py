"""Every view of the journal shows a request of any bytes, and its JSON tells which they were."""

import json
import os
from base64 import b64decode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from mockserver.app import create_app
from mockserver.config import Config
from mockserver.journal.masking import mask_text
from mockserver.journal.server_sent_events import EventStream
from mockserver.journal.verify import complaints
from mockserver.server.request_log import RequestLog

HEADERS = {
    "HTTP_ACCEPT": "Accept",
    "CONTENT_TYPE": "Content-Type",
    "HTTP_ORIGIN": "Origin",
    "HTTP_USER_AGENT": "User-Agent",
}


@dataclass(frozen=True)
class Sent:
    """A request, as the server passes it on: its path is decoded, its query is not."""

    method: str
    path: bytes
    query: bytes
    header: bytes
    body: bytes

    def environ(self) -> dict[str, Any]:
        environ = EnvironBuilder(method=self.method).get_environ()
        return environ | {
            "PATH_INFO": f"/api/{self.path.decode('latin-1')}",
            "QUERY_STRING": self.query.decode("latin-1"),
            "HTTP_AUTHORIZATION": "Bearer jane",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.input": BytesIO(self.body),
            **dict.fromkeys(HEADERS, self.header.decode("latin-1")),
        }


PIECES = st.sampled_from([
    b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3\xa9",
    b"\xe9", b"\xef\xbf\xbd", b"\xf0\x9f\x93\xa6", b"\x1b[2J", b"\r\n", b"\t ", b"\\ud800",
    b"%", b"%00", b"%FF", b"%ED%A0%80", b"%EF%BB%BF", b"%C3%A9", b"/", b"?", b"#", b"=", b"&",
    b"[", b"+", b";", b'"', b"<!--", b"*", b"..", b"{", b'{"status": "', b'"}', b"tickets",
    b"/42/status", b"filter[status]=", b"application/json", '{"status": 1}'.encode("utf-16"),
])  # fmt: skip
"""Bytes that are no text, or that some reader of addresses, headers or JSON treats otherwise."""


def not_masked(data: bytes) -> bool:
    return all(mask_text(text) == text for text in (data.decode("latin-1"), str(data.lower())))


BYTES = st.lists(PIECES | st.binary(max_size=8), max_size=6).map(b"".join).filter(not_masked)
LINES = BYTES.map(lambda data: data.translate(None, b"\r\n"))  # a server passes on nothing else
REQUESTS = st.builds(Sent, st.sampled_from(["GET", "PUT", "POST"]), BYTES, BYTES, LINES, BYTES)
LONE = b'{"status": "\\ud800", "\\udfff": 1, "\xed\xa0\x80": 2}'


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    opened = create_app(Config(tickets=5))
    yield opened
    opened.extensions["store"].close()


def test_any_request_is_shown_everywhere_and_told_apart(app: Flask, tmp_path: Path) -> None:
    """The logs are read at the end: they are written by threads."""
    shown: list[tuple[str, str]] = []

    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
    @given(REQUESTS)
    @example(Sent("PUT", b"tickets/42/status", b"\xff=%FF&page=%00", b"\xe9", LONE))
    @example(Sent("PUT", b"tickets/42/status", b"", b"application/json", LONE))
    @example(
        Sent("GET", b"tickets/\xff%FF%25/\xc3\xa9", b"filter[search]=\xc3\xa9", b"\x00", b"\xff")
    )
    def shows(sent: Sent) -> None:
        shown.append(check(app, sent))

    with logs(app, tmp_path):
        shows()
    plain, structured = ((tmp_path / form).read_bytes() for form in ("text", "json"))
    lines = [json.loads(line) for line in structured.splitlines()]
    assert [(line["path"], line["query"]) for line in lines] == shown
    assert all(line.isprintable() for line in plain.decode().split("\n"))
    assert plain.count(b" ms [shared]") == len(shown)


def check(app: Flask, sent: Sent) -> tuple[str, str]:
    """Send a request, look at it in every view, and return its path and query as shown."""
    client = app.test_client()
    client.delete("/_mock/journal")
    before = app.extensions["journal"].newest
    _, status, _ = run_wsgi_app(app.wsgi_app, sent.environ(), buffered=True)
    assert int(status[:3]) < 500
    (listed,) = get(client, "/_mock/journal")["exchanges"]
    whole = get(client, f"/_mock/journal/{listed['number']}")["exchange"]
    assert whole | listed == whole
    request = whole["request"]
    body = request["body"].encode() if request["base64"] is None else b64decode(request["base64"])
    assert unquote_to_bytes(whole["path"]) == b"/api/" + sent.path
    assert unquote_to_bytes(whole["query"]) == unquote_to_bytes(sent.query)
    assert body == sent.body
    for name in HEADERS.values() if sent.header else ():
        assert request["headers"][name].encode("latin-1") == sent.header
    (entry,) = get(client, "/_mock/journal.har")["log"]["entries"]
    address, _, query = entry["request"]["url"].partition("?")
    assert unquote_to_bytes(address).endswith(b"/api/" + sent.path)
    assert unquote_to_bytes(query) == unquote_to_bytes(sent.query)
    assert entry["request"]["bodySize"] == len(sent.body)
    _, event = islice(EventStream(app.extensions["journal"], None, before), 2)
    assert json.loads(event.partition(b"data: ")[2]) == listed
    get(client, "/_mock/journal/coverage")
    "\n".join(complaints(get(client, "/_mock/journal/verdict"), ())).encode()
    page = client.get("/", query_string=sent.query.decode("latin-1"))
    assert page.status_code < 500
    page.data.decode()
    return listed["path"], listed["query"]


def get(client: Any, path: str) -> Any:
    reply = client.get(path)
    assert reply.status_code == 200
    return json.loads(reply.data.decode())


@contextmanager
def logs(app: Flask, folder: Path) -> Iterator[None]:
    """Write the log of requests, in both forms, to the files `text` and `json`."""
    with ExitStack() as stack:
        for form in ("text", "json"):
            descriptor = os.open(folder / form, os.O_WRONLY | os.O_CREAT)
            stack.callback(os.close, descriptor)
            log = RequestLog(descriptor, form)
            stack.callback(log.close)
            stack.enter_context(app.extensions["journal"].listening(log.add))
        yield
