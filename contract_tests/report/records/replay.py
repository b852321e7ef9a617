"""A run record read back as exchanges, so that reports and later commands can look again."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from contract_tests.adaptations import kinds
from contract_tests.adaptations.adapter import Adapter
from contract_tests.adaptations.requests import identifier
from contract_tests.observations.exchange import RARE, Exchange, Request

Node = dict[str, Any]


def adapter(record: Node) -> Adapter:
    """Return what reads the responses of a record as its run did; it learns nothing."""
    found = [(kinds.read(node), node) for node in record["differences"]]
    words = {each.label: node["server_words"] for each, node in found}
    active = [kinds.read(node) for node in record["run"]["adaptations"]]
    agreed = [replace(each, agreed=True) if each.label not in words else each for each in active]
    presumed = {each.label for each, node in found if each.severe and node["severity"] == "drift"}
    return Adapter(
        active=agreed,
        words=words,
        shown={each.label: min(node["exchanges"]) for each, node in found if node["exchanges"]},
        presumed={each for each in agreed if each.label in presumed},
    )


def exchanges(record: Node) -> list[Exchange]:
    reader = adapter(record)
    found = [_read_again(reader, node) for node in record["exchanges"]]
    names = identifier.names_shown(found)
    return [identifier.by_integer(exchange, names) for exchange in found]


def _read_again(reader: Adapter, node: Node) -> Exchange:
    """Return an exchange with its body as documented; the record says what it went through."""
    return replace(reader.incoming(exchange(node)), through=tuple(node.get("through", ())))


def exchange(node: Node) -> Exchange:
    """Return an exchange of a record; its strings are as the record masks them."""
    sent = _request(node, node)
    return Exchange(
        number=node["number"],
        request=_request(node["documented"], node) if "documented" in node else sent,
        sent=sent if "documented" in node else None,
        status=node["status"],
        headers=tuple((name, value) for name, value in node["headers"]),
        body=_body(node),
        started=datetime.fromisoformat(node["started"]).timestamp(),
        elapsed=node["milliseconds"] / 1000,
        notes=tuple(node["notes"]),
        phase=node["phase"],
        **{name: node[name] for name in RARE if name in node},
    )


def _request(form: Node, node: Node) -> Request:
    """Return the request of an exchange in one of its forms: as it left, or as documented."""
    path, _, query = form["target"].partition("?")
    body = form["request_body"]
    return Request(
        method=form["method"],
        path=path,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        who=node["token"],
        body=None if body is None else body.encode(),
        purpose=node["purpose"],
    )


def _body(node: Node) -> bytes:
    """Return the body as bytes; the record keeps what was not JSON as text."""
    kind = next((v for k, v in node["headers"] if k.lower() == "content-type"), "")
    text = node["body"]
    if isinstance(text, str) and "json" not in kind:
        return text.encode()
    return json.dumps(text).encode()
