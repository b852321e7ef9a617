"""Writing probes of the extension: messages, tags and a team, on tickets that were named for it."""

import json
from typing import Any

from contract_tests.laws.extension.extension_writes import SEARCH_FOR_REPLY
from contract_tests.laws.extension.history import rows
from contract_tests.observations.exchange import LIST_PATH, Request, Who
from contract_tests.probes.extension.explorer import ExtensionExplorer
from contract_tests.probes.extension.reading import ID_OFFSET, extension_probe

RECIPIENTS = ["contract-tests@example.com"]
"""A reserved domain: nobody gets an e-mail that is sent as asked."""

_INVALID: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("reply", "invalid reply without text", {}),
    ("reply", "invalid reply of blanks", {"body": "   ", "to_recipients": RECIPIENTS}),
    ("reply", "invalid address", {"body": "<p>x</p>", "to_recipients": ["no address"]}),
    ("forward", "invalid forward to nobody", {"body": "<p>x</p>", "to_recipients": []}),
    ("note", "invalid note without text", {"body": None}),
)


@extension_probe(
    "POST /api/tickets/{id}/reply to contract-tests@example.com",
    "GET /api/tickets?filter[search]={its text}",
    "POST /api/tickets/{id}/forward to contract-tests@example.com",
    "POST /api/tickets/{id}/note",
    "GET /api/tickets/{id} before and after each",
    phase="extension writing",
)
def messages(explorer: ExtensionExplorer) -> None:
    for ticket in explorer.tickets:
        before = explorer.ticket(ticket)
        word = f"Contract check {explorer.rng.randrange(10**9)}"
        body = f"<p>{word}</p>"
        _write(explorer, ticket, "reply", {"body": body, "to_recipients": RECIPIENTS})
        if not explorer.tickets:
            return  # the token may not write
        explorer.read("tickets", f"{SEARCH_FOR_REPLY} {ticket}", filters={"search": word})
        explorer.ticket(ticket)
        thread = before.get("messages") or [{}]
        first = thread[0].get("id")
        forward = {"body": body, "to_recipients": RECIPIENTS, "forwarded_from_message_id": first}
        _write(explorer, ticket, "forward", forward)
        _write(explorer, ticket, "note", {"body": body})


@extension_probe(
    "POST /api/tickets/{id}/reply, /forward, /note {without text, with invalid recipients}",
    "POST /api/tickets/{id}/note without a token, and with a read-only one if given",
    phase="extension writing",
)
def invalid_messages(explorer: ExtensionExplorer) -> None:
    for ticket in explorer.tickets:
        explorer.ticket(ticket)
        for path, purpose, body in _INVALID:
            _write(explorer, ticket, path, body, purpose)
        unknown = _highest_message(explorer) + ID_OFFSET
        foreign: dict[str, Any] = {"body": "<p>x</p>", "to_recipients": RECIPIENTS}
        foreign["forwarded_from_message_id"] = unknown
        _write(explorer, ticket, "forward", foreign, "invalid forward of an unknown message")
        callers: list[Who] = ["none"]
        callers += ["readonly"] if "readonly" in explorer.history.others else []
        callers += ["other"] if "other" in explorer.history.others else []
        for who in callers:
            _write(explorer, ticket, "note", {"body": "<p>x</p>"}, who=who)


@extension_probe(
    "POST /api/tickets/{id}/tags/{two that it does not have}, one of them twice",
    "DELETE /api/tickets/{id}/tags/{the same}, one of them twice",
    "POST /api/tickets/{id}/tags/{unknown id}",
    "PUT /api/tickets/{id}/team {unknown team, then none}",
    phase="extension writing",
)
def tags_and_team(explorer: ExtensionExplorer) -> None:
    known = [row["id"] for page in explorer.known.lists("listTags") for row in rows(page)]
    for ticket in explorer.tickets:
        has = [tag["id"] for tag in explorer.ticket(ticket).get("tags") or ()]
        free = [tag for tag in known if tag not in has]
        if len(free) > 1:
            first, second = (f"tags/{tag}" for tag in explorer.rng.sample(free, 2))
            _add_and_remove(explorer, ticket, first, second)
            _write(explorer, ticket, f"tags/{max(known) + ID_OFFSET}", None, "an unknown tag")
        _write(explorer, ticket, "team", {"team_id": ID_OFFSET**2}, "invalid team", method="PUT")
        _write(explorer, ticket, "team", {"team_id": None}, method="PUT")


def _add_and_remove(explorer: ExtensionExplorer, ticket: int, first: str, second: str) -> None:
    """Add two tags and remove them, whatever ends the run in between."""
    left = [first, second]
    try:
        for path in (first, first, second):
            _write(explorer, ticket, path, None)
        for path in (second, second, first):
            _write(explorer, ticket, path, None, method="DELETE")
        left.clear()
    finally:
        with explorer.target.phase("undo", limits="none"):
            for path in left:
                explorer.send(Request("DELETE", f"{LIST_PATH}/{ticket}/{path}", purpose="undo"))


def _write(
    explorer: ExtensionExplorer,
    ticket: int,
    path: str,
    body: dict[str, Any] | None,
    purpose: str = "",
    *,
    method: str = "POST",
    who: Who = "main",
) -> None:
    """Send a write, and read the ticket after it."""
    raw = None if body is None else json.dumps(body).encode()
    request = Request(method, f"{LIST_PATH}/{ticket}/{path}", body=raw, purpose=purpose, who=who)
    answer = explorer.ask(request)
    if who == "main" and answer.status == 403:
        explorer.tickets = ()
        explorer.note("the token may not write with the extension (403)")
    else:
        explorer.ticket(ticket)


def _highest_message(explorer: ExtensionExplorer) -> int:
    details = (e.document["ticket"] for e in explorer.known.bodies("getTicket"))
    ids = [m.get("id") for ticket in details for m in ticket.get("messages") or ()]
    return max((id for id in ids if isinstance(id, int)), default=0)
