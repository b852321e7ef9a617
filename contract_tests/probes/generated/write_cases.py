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

from contract_tests.observations.exchange import LIST_PATH, get
from contract_tests.observations.write import KEYS
from contract_tests.probes.explorer import Explorer
from contract_tests.probes.generated.read_cases import Document, Send, drop_links, run, settings_of
from contract_tests.writes.ticket_writer import TicketWriter, open_ticket_writers
from contract_tests.writes.undo_journal import Field

EXAMPLES = 25
"""Generated bodies for each operation, beside those that cover its schema."""
_FIELDS: tuple[Field, ...] = ("status", "assignee")


def write(explorer: Explorer, seed: int) -> None:
    """Send generated bodies to the first ticket that may be written."""
    if explorer.write_session is None or explorer.writes_forbidden:
        return
    for writer in open_ticket_writers(explorer, explorer.write_session)[:1]:
        fields = [name for name in _FIELDS if name != "assignee" or writer.rewrite_assignee()]
        document = _pinned(explorer.history.contract.document, writer.ticket, fields)
        run(explorer, document, settings_of(seed, examples=EXAMPLES), partial(_watched, writer))


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


def _watched(writer: TicketWriter, send: Send) -> Send:
    """Return a way to send that notes a write before it leaves, and reads the ticket after it."""
    target, ticket_ids = writer.session.target, writer.session.ticket_ids
    look = get(f"{LIST_PATH}/{writer.ticket}", purpose="the ticket after a generated write")

    def watched(request: requests.PreparedRequest, **options: Any) -> requests.Response:
        name = _field_of(writer, request)
        if name is None:
            return send(request, **options)
        writer.note(name, _value(name, request.body))
        with _named(writer, request):
            response = send(request, **options)
        target.ask(ticket_ids.spelled(look))
        return response

    return watched


@contextmanager
def _named(writer: TicketWriter, request: requests.PreparedRequest) -> Iterator[None]:
    """Let a write leave under the name that the deployment takes; we know it by the integer."""
    transport, ticket_ids = writer.session.target.transport, writer.session.ticket_ids
    meant = ticket_ids.spelled(transport.read(request))
    if meant.spelling:
        ulid, ticket = ticket_ids.pair(meant)
        transport.guard.names[ulid] = ticket
        request.url = f"{writer.session.target.base_url}{meant.target}"
    with transport.meaning(meant):
        yield


def _field_of(writer: TicketWriter, request: requests.PreparedRequest) -> Field | None:
    """Return what a request may change of the ticket; None if the request does not write to it."""
    for name in _FIELDS:
        if request.method == "PUT" and request.path_url == f"{LIST_PATH}/{writer.ticket}/{name}":
            return name
    return None


def _value(name: Field, body: Any) -> Any:
    """Return the value that a body asks for; None if the body is not an object."""
    try:
        found = json.loads(body or b"")
    except ValueError:
        return None
    return found.get(KEYS[name]) if isinstance(found, dict) else None
