"""Generated writes: bodies by schemathesis, to one ticket that may be written, each looked at.

The ticket's id is no parameter of what schemathesis is given: its paths name the ticket. What a
write may change is in the undo journal before it leaves, and the ticket is read after each one,
so that the laws of update can judge it, also where a body was refused.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from typing import Any

import requests

from contract_tests.cases import Document, Send, drop_links, run, settings_of
from contract_tests.desk import Pen, pens
from contract_tests.exchange import get
from contract_tests.scout import Scout
from contract_tests.seen import LIST_PATH
from contract_tests.undo import Field
from contract_tests.writing import KEYS

EXAMPLES = 25
"""Generated bodies for each operation, beside those that cover its schema."""
_FIELDS: tuple[Field, ...] = ("status", "assignee")


def write(scout: Scout, seed: int) -> None:
    """Send generated bodies to the first ticket that may be written."""
    if scout.desk is None or scout.forbidden:
        return
    for pen in pens(scout, scout.desk)[:1]:
        fields = [name for name in _FIELDS if name != "assignee" or pen.may_return()]
        document = _pinned(scout.seen.contract.document, pen.ticket, fields)
        run(scout, document, settings_of(seed, examples=EXAMPLES), partial(_watched, pen))


def _pinned(contract: Document, ticket: int, fields: list[Field]) -> Document:
    """Return the contract with the writes to one ticket and nothing else."""
    document = deepcopy(contract)
    nodes = {name: document["paths"][f"{LIST_PATH}/{{id}}/{name}"]["put"] for name in fields}
    document["paths"] = {
        f"{LIST_PATH}/{ticket}/{name}": {"put": {**node, "parameters": []}}
        for name, node in nodes.items()
    }
    drop_links(document)
    return document


def _watched(pen: Pen, send: Send) -> Send:
    """Return a way to send that notes a write before it leaves, and reads the ticket after it."""
    target, naming = pen.scout.target, pen.scout.naming
    look = get(f"{LIST_PATH}/{pen.ticket}", purpose="the ticket after a generated write")

    def watched(request: requests.PreparedRequest, **options: Any) -> requests.Response:
        name = _field_of(pen, request)
        if name is None:
            return send(request, **options)
        pen.note(name, _value(name, request.body))
        with _named(pen, request):
            response = send(request, **options)
        target.ask(naming.spelled(look))
        return response

    return watched


@contextmanager
def _named(pen: Pen, request: requests.PreparedRequest) -> Iterator[None]:
    """Let a write leave under the name that the deployment takes; we know it by the integer."""
    door, naming = pen.scout.target.door, pen.scout.naming
    meant = naming.spelled(door.read(request))
    if meant.spelling:
        door.name(*naming.pair(meant))
        request.url = f"{pen.scout.target.base_url}{meant.target}"
    with door.meaning(meant):
        yield


def _field_of(pen: Pen, request: requests.PreparedRequest) -> Field | None:
    """Return what a request may change of the ticket; None: it is no write to it."""
    for name in _FIELDS:
        if request.method == "PUT" and request.path_url == f"{LIST_PATH}/{pen.ticket}/{name}":
            return name
    return None


def _value(name: Field, body: Any) -> Any:
    """Return the value that a body asks for; None for a body that is no object."""
    try:
        found = json.loads(body or b"")
    except ValueError:
        return None
    return found.get(KEYS[name]) if isinstance(found, dict) else None
