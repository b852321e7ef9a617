"""JSON that is too deep, too large, in the wrong encoding, or holds what readers stumble over."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from tests.hostile.server import TOKEN, Call, Way, head, healthy, message
from tests.support.fake_deployment import FakeDeployment

Node = dict[str, Any]


def text(call: Call, body: bytes, kind: str = "application/json") -> None:
    call.send(message(body, kind=kind))


def changed(change: Callable[[Node], None]) -> Callable[[Call], None]:
    """Return a behavior that changes each page of tickets before it is sent."""

    def behave(call: Call) -> None:
        status, headers, body = call.healthy()
        document = json.loads(body or b"{}")
        if status != 200 or "data" not in document:
            healthy(call)
            return
        change(document)
        own = [f"{k}: {v}" for k, v in headers if k.lower() != "content-length"]
        body = json.dumps(document).encode()
        call.send(head("200 OK", *own, f"Content-Length: {len(body)}"), body)

    return behave


def encoded(call: Call, codec: str, kind: str = "application/json") -> None:
    """Send the healthy body in another encoding."""
    body = call.healthy()[2]
    text = json.dumps(json.loads(body), ensure_ascii=False) if body else ""  # HEAD
    call.send(message(text.encode(codec), kind=kind))


def subjects(value: str) -> Callable[[FakeDeployment], None]:
    """Return a function that gives some tickets a subject."""

    def prepare(fake: FakeDeployment) -> None:
        for ticket in fake.tickets[::10]:
            ticket["subject"] = value

    return prepare


def long_messages(fake: FakeDeployment) -> None:
    for ticket in fake.tickets:
        ticket["messages"][0]["body_html"] = f"<p>{'a' * 50_000}</p>"


def _many_values(page: Node) -> None:
    page["data"][:1] = [{**row, "log": [[]] * 60_000} for row in page["data"][:1]]


def _key(name: str) -> Callable[[Node], None]:
    return lambda page: page["data"] and page["data"][0].update({name: name})


def _last_page(page: Node) -> None:
    page["meta"]["last_page"] = 10**9
    page["links"]["next"] = page["links"]["first"]


def _foreign_links(page: Node) -> None:
    for name, link in page["links"].items():
        page["links"][name] = link and f"http://collector.invalid/?token={quote(TOKEN)}"


def _huge(page: Node) -> None:
    page["data"] = page["data"][:1] * 100_000


VIOLATED = r"[1-9]\d* violated"

WAYS = [
    Way("100,000 brackets deep", partial(text, body=b"[" * 100_000), 2, "levels deep"),
    Way("100,000 objects deep", partial(text, body=b'{"a":' * 100_000), 2, "levels deep"),
    Way("a page of 100,000 tickets", changed(_huge), 2, "values|larger"),
    Way(
        "an integer of 100,000 digits",
        partial(text, body=b'{"data":%s}' % (b"7" * 10**5)),
        1,
        VIOLATED,
    ),
    Way("1e999999", partial(text, body=b'{"data": 1e999999}'), 1, VIOLATED),
    Way("NaN", partial(text, body=b'{"data": NaN}'), 1, VIOLATED),
    Way("null", partial(text, body=b"null"), 1, VIOLATED),
    Way("an empty list", partial(text, body=b"[]"), 1, VIOLATED),
    Way("an empty object", partial(text, body=b"{}"), 1, VIOLATED),
    Way("an empty body declared as JSON", partial(text, body=b""), 1, VIOLATED),
    Way("JSON as text/html", lambda call: text(call, call.healthy()[2], "text/html"), 1, VIOLATED),
    Way("UTF-16", partial(encoded, codec="utf-16"), 1, VIOLATED),
    Way("a byte order mark", partial(encoded, codec="utf-8-sig"), 1, VIOLATED),
    Way("bytes that are not UTF-8", partial(text, body=b'{"data": "\xff\xfe"}'), 1, VIOLATED),
    Way("a lone surrogate in some subjects", healthy, 0, "CONFORMING", prepare=subjects("\ud800")),
    Way("a NUL in some subjects", healthy, 0, "CONFORMING", prepare=subjects("a\0b")),
    Way("a subject of 50,000 letters", healthy, 0, "CONFORMING", prepare=subjects("a" * 50_000)),
    Way("a subject of 20,000 at signs", healthy, 0, "CONFORMING", prepare=subjects("a.@" * 20_000)),
    Way(
        "60,000 empty lists in each page",
        changed(_many_values),
        0,
        "over 1 MB, and not judged",
        max_time=30,
    ),
    Way("messages of 50,000 letters", healthy, 0, "CONFORMING", prepare=long_messages),
    Way("a field named by the token", changed(_key(f"debug_{quote(TOKEN)}")), 0, "CONFORMING"),
    Way("a field named by an ESC sequence", changed(_key("\x1b[2Jcleared")), 0, "CONFORMING"),
    Way("a last page of 10^9", changed(_last_page), 1, VIOLATED),
    Way("links to another host", changed(_foreign_links), 1, VIOLATED),
]
