"""A run record read back as exchanges, so that reports and later commands can look again."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from contract_tests.observations.exchange import RARE, Exchange, Request

Node = dict[str, Any]


def exchanges(record: Node) -> list[Exchange]:
    return [exchange(node) for node in record["exchanges"]]


def exchange(node: Node) -> Exchange:
    """Return an exchange of a record; its strings are as the record masks them."""
    path, _, query = node["target"].partition("?")
    body = node["request_body"]
    request = Request(
        method=node["method"],
        path=path,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        who=node["token"],
        body=None if body is None else body.encode(),
        purpose=node["purpose"],
    )
    return Exchange(
        number=node["number"],
        request=request,
        status=node["status"],
        headers=tuple((name, value) for name, value in node["headers"]),
        body=_body(node),
        started=datetime.fromisoformat(node["started"]).timestamp(),
        elapsed=node["milliseconds"] / 1000,
        notes=tuple(node["notes"]),
        phase=node["phase"],
        **{name: node[name] for name in RARE if name in node},
    )


def _body(node: Node) -> bytes:
    """Return the body as bytes; the record keeps what was not JSON as text."""
    kind = next((v for k, v in node["headers"] if k.lower() == "content-type"), "")
    text = node["body"]
    if isinstance(text, str) and "json" not in kind:
        return text.encode()
    return json.dumps(text).encode()
