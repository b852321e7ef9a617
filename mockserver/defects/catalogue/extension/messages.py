"""Defects of replies, forwarded messages and notes."""

from collections.abc import Callable
from typing import Any

from mockserver.defects.changes.exchange import LIST, Exchange, Reply, Row
from mockserver.defects.changes.requests import change_request
from mockserver.defects.changes.responses import amended, change_json, of_rows
from mockserver.defects.changes.writes import set_status
from mockserver.defects.defect import Behavior, Family

REPLY, FORWARD, NOTE = "replyToTicket", "forwardTicket", "addNote"
MESSAGES = frozenset({REPLY, FORWARD, NOTE})
messages = Family("messages", on=MESSAGES, visible="writing")


def _said(**fields: Any) -> Behavior:
    """Change fields of the message in the response."""
    return change_json(lambda body: {"message": body["message"] | fields})


def _not_stored(exchange: Exchange) -> Reply:
    """Answer with the last message of the ticket, and store none."""
    ticket = exchange.ticket(exchange.request.ticket)
    body = exchange.request.fields.get("body")
    refused = not isinstance(body, str) or not body.strip()
    if ticket is None or refused or not ticket["messages"] or not _may_write(exchange):
        return exchange.send()
    shown = ticket["messages"][-1] | {"body_html": body, "id": ticket["messages"][-1]["id"] + 9}
    return _created(exchange, shown | {"type": "outbound"})


def _created(exchange: Exchange, message: Row) -> Reply:
    ready = exchange.get("/api/me")
    return ready.with_status(201).with_json({"message": message})


def _may_write(exchange: Exchange) -> bool:
    token = exchange.request.token
    return bool(token) and not exchange.tokens.reads_only(token)


def _twice(exchange: Exchange) -> Reply:
    exchange.send()
    return exchange.send()


def _and_closes(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if reply.good:
        set_status(exchange, exchange.request.ticket, "closed")
    return reply


def _on_another_ticket(exchange: Exchange) -> Reply:
    page = exchange.get("/api/tickets")
    if not page.good:
        return exchange.send()
    other = next(
        row["id"] for row in page.json["data"] if str(row["id"]) != exchange.request.ticket
    )
    path = exchange.request.path.replace(exchange.request.ticket, str(other), 1)
    return exchange.send(exchange.request.with_path(path))


def _accepting(repair: Callable[[dict[str, Any]], dict[str, Any]]) -> Behavior:
    """Accept a body that is refused, in the form that `repair` gives it."""

    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        if reply.status != 422:
            return reply
        return exchange.send(exchange.request.with_json(repair(exchange.request.fields)))

    return behavior


def _with_text(body: dict[str, Any]) -> dict[str, Any]:
    given = body.get("body")
    text = given if isinstance(given, str) and given.strip() else "(empty)"
    return body | {"body": text}


def _without_bad_addresses(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"to_recipients": ["someone@example.com"]}


def _without_message(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"forwarded_from_message_id": None}


def _refused_but_written(exchange: Exchange) -> Reply:
    reply = exchange.send()
    if reply.status == 422:
        exchange.send(
            exchange.request.with_json(_without_bad_addresses(_with_text(exchange.request.fields)))
        )
    return reply


def _for_readers(exchange: Exchange) -> Reply:
    reply, token = exchange.send(), exchange.request.token
    other = exchange.tokens.of_other_user(token) if reply.status == 403 else None
    return exchange.send(exchange.request.with_token(other)) if other else reply


def _for_strangers(exchange: Exchange) -> Reply:
    reply = exchange.send()
    token = exchange.tokens.first() if reply.status == 401 else None
    return exchange.send(exchange.request.with_token(token)) if token else reply


def _server_error(exchange: Exchange) -> Reply:
    reply = exchange.send()
    return reply.with_status(500).with_json({"message": "Server Error"}) if reply.good else reply


def _escaped(exchange: Exchange) -> Reply:
    def change(text: str) -> str:
        return text.replace("<", "&lt;").replace(">", "&gt;")

    fields = exchange.request.fields
    if not isinstance(fields.get("body"), str):
        return exchange.send()
    return exchange.send(exchange.request.with_json(fields | {"body": change(fields["body"])}))


def _status(status: int) -> Behavior:
    def behavior(exchange: Exchange) -> Reply:
        reply = exchange.send()
        return reply.with_status(status) if reply.good else reply

    return behavior


def _as(kind: str) -> Behavior:
    return change_request(lambda asked: asked.with_path(f"{asked.path.rpartition('/')[0]}/{kind}"))


def _without_replies(exchange: Exchange) -> Reply:
    """Find a term in subjects and in what contacts wrote, not in what members did."""
    term = (exchange.request.param("filter[search]") or "").lower()

    def found(row: Row) -> bool:
        ticket = exchange.ticket(row["id"]) or {"messages": []}
        written = [m["body_html"] for m in ticket["messages"] if m["type"] == "inbound"]
        return any(term in text.lower() for text in (row["subject"], *written))

    keep = of_rows(lambda rows: [row for row in rows if found(row)])
    return keep(exchange) if term else exchange.send()


def _whole_ticket(exchange: Exchange) -> Reply:
    return amended(exchange.send(), lambda _: {"ticket": exchange.ticket(exchange.request.ticket)})


DEFECTS = (
    messages("reply-not-stored", "extension.messages.stored", _not_stored, on=frozenset({REPLY})),
    messages("reply-stored-twice", "extension.messages.stored", _twice, on=frozenset({REPLY})),
    messages(
        "reply-on-another-ticket",
        "extension.messages.stored",
        _on_another_ticket,
        on=frozenset({REPLY}),
    ),
    messages("reply-escaped", "extension.reply", _escaped, on=frozenset({REPLY})),
    messages("reply-as-note", "extension.reply", _as("note"), on=frozenset({REPLY})),
    messages("reply-inbound", "extension.reply", _said(type="inbound"), on=frozenset({REPLY})),
    messages("reply-200", "extension.reply", _status(200), on=frozenset({REPLY})),
    messages("reply-returns-ticket", "extension.reply", _whole_ticket, on=frozenset({REPLY})),
    messages("reply-closes", "extension.write.nothing_else", _and_closes, on=frozenset({REPLY})),
    messages(
        "reply-fails", "extension.answer.no_server_error", _server_error, on=frozenset({REPLY})
    ),
    messages(
        "reply-without-text-accepted",
        "extension.messages.validation",
        _accepting(_with_text),
        on=frozenset({REPLY}),
    ),
    messages(
        "reply-bad-address-accepted",
        "extension.messages.validation",
        _accepting(_without_bad_addresses),
        on=frozenset({REPLY}),
    ),
    messages("note-as-reply", "extension.note", _as("reply"), on=frozenset({NOTE})),
    messages("note-without-sender", "extension.note", _said(sender=None), on=frozenset({NOTE})),
    messages("note-not-stored", "extension.messages.stored", _not_stored, on=frozenset({NOTE})),
    messages(
        "note-without-text-accepted",
        "extension.messages.validation",
        _accepting(_with_text),
        on=frozenset({NOTE}),
    ),
    messages("note-for-readers", "extension.access.forbidden", _for_readers, on=frozenset({NOTE})),
    messages(
        "note-for-strangers", "extension.access.required", _for_strangers, on=frozenset({NOTE})
    ),
    messages(
        "forward-not-marked", "extension.forward", _said(is_forward=False), on=frozenset({FORWARD})
    ),
    messages(
        "forward-not-stored", "extension.messages.stored", _not_stored, on=frozenset({FORWARD})
    ),
    messages(
        "forward-without-recipients-accepted",
        "extension.messages.validation",
        _accepting(_without_bad_addresses),
        on=frozenset({FORWARD}),
    ),
    messages(
        "forward-of-foreign-message-accepted",
        "extension.messages.validation",
        _accepting(_without_message),
        on=frozenset({FORWARD}),
    ),
    messages(
        "search-without-replies",
        "extension.messages.effects",
        _without_replies,
        on=frozenset({LIST}),
    ),
    messages("refused-but-written", "extension.messages.validation", _refused_but_written),
)
