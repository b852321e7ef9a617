"""What replies, notes and forwarded messages change in a ticket, and what no write changes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.laws.extension.history import ExtensionHistory, rows
from contract_tests.laws.finding import Finding, holds, law, violated
from contract_tests.observations.exchange import Exchange, Request
from contract_tests.observations.ticket import Row, moment, sender_of

MESSAGES = {
    "replyToTicket": ("extension.reply", "outbound", False),
    "forwardTicket": ("extension.forward", "outbound", True),
    "addNote": ("extension.note", "note", False),
}
"""The requirement, the type and `is_forward` of the message that an operation adds."""

SEARCH_FOR_REPLY = "search for a new reply of"
"""The purpose of such a request, before the id of the ticket."""

ADD_TAG, REMOVE_TAG, _TEAM = "addTicketTag", "removeTicketTag", "updateTicketTeam"
_TOUCHED = {"updated_at", "last_activity_at", "activities", "summary"}
"""What any write may change: a summary is written by the product itself."""

_CHANGED = {
    **dict.fromkeys(MESSAGES, _TOUCHED | {"messages", "latest_message_preview"}),
    **dict.fromkeys((ADD_TAG, REMOVE_TAG), _TOUCHED | {"tags"}),
    _TEAM: _TOUCHED | {"team"},
}
"""What a write may change, by operation."""


@dataclass(frozen=True)
class Write:
    """A write with the ticket before and after it."""

    operation: str
    exchange: Exchange
    before: Exchange
    after: Exchange

    @property
    def then(self) -> Row:
        ticket: Row = self.before.document["ticket"]
        return ticket

    @property
    def now(self) -> Row:
        ticket: Row = self.after.document["ticket"]
        return ticket

    @property
    def proof(self) -> tuple[Exchange, Exchange, Exchange]:
        return self.before, self.exchange, self.after

    @property
    def new_messages(self) -> list[Row]:
        known = {message.get("id") for message in self.then.get("messages") or ()}
        return [m for m in self.now.get("messages") or () if m.get("id") not in known]

    @property
    def tag(self) -> str:
        return self.exchange.request.path.rpartition("/")[2]


def writes(history: ExtensionHistory) -> Iterator[Write]:
    """Yield the writes whose ticket was read before and after, with no other write between."""
    for operation in _CHANGED:
        for exchange in [] if history.why_absent(operation) else history.sent(operation, who=None):
            details = history.details_of(exchange.request.path.split("/")[3])
            before = [d for d in details if d.number == exchange.number - 1]
            after = [d for d in details if d.number == exchange.number + 1]
            if before and after:
                yield Write(operation, exchange, before[0], after[0])


@law("extension.reply", "extension.forward", "extension.note")
def contents(history: ExtensionHistory) -> Iterator[Finding]:
    """The message returned is the one sent, by the user of the token, and of the right type."""
    for operation, (requirement, kind, forward) in MESSAGES.items():
        for exchange in history.bodies(operation):
            said = exchange.document.get("message")
            if not isinstance(said, dict):
                continue
            due: dict[str, Any] = {"type": kind, "is_forward": forward}
            if history.me is not None:
                due["sender"] = ("user", history.me["id"])
            fault = _fault_of_message(said, due, _text_of(exchange))
            if fault:
                yield violated(requirement, fault, exchange)
            else:
                yield holds(requirement, exchange)


def _fault_of_message(said: Row, due: dict[str, Any], sent: str) -> str:
    shown = {**said, "sender": sender_of(said)}
    for name, value in due.items():
        if shown.get(name) != value:
            return f"{name} is {shown.get(name)!r}, not {value!r}"
    return "" if sent in str(said.get("body_html")) else "body_html is not what was sent"


@law("extension.messages.stored", "extension.messages.activity")
def stored(history: ExtensionHistory) -> Iterator[Finding]:
    """The thread has exactly the new message more, as its last one, and the log an entry."""
    for write in writes(history):
        if write.operation not in MESSAGES or write.exchange.status not in (200, 201):
            continue
        new, sent = write.new_messages, _text_of(write.exchange)
        last = (write.now.get("messages") or [{}])[-1]
        if len(new) != 1 or sent not in str(last.get("body_html")):
            message = (
                f"{len(new)} new messages, the last one {'not ' * (last not in new)}the one sent"
            )
            yield violated("extension.messages.stored", message, *write.proof)
        else:
            yield holds("extension.messages.stored", *write.proof)
        grown = len(write.now.get("activities") or ()) > len(write.then.get("activities") or ())
        if grown:
            yield holds("extension.messages.activity", *write.proof)
        else:
            message = "the activity log has no new entry"
            yield violated("extension.messages.activity", message, *write.proof)


@law("extension.messages.effects")
def effects(history: ExtensionHistory) -> Iterator[Finding]:
    """A message moves `updated_at`, and a reply becomes the preview and is found by search."""
    for write in writes(history):
        if write.operation not in MESSAGES or not write.new_messages:
            continue
        before, after = (moment(row.get("updated_at")) for row in (write.then, write.now))
        written = moment(write.new_messages[-1].get("created_at"))
        if before and after and written and (after < before or after < written):
            message = "updated_at is before the new message"
            yield violated("extension.messages.effects", message, *write.proof)
        else:
            yield holds("extension.messages.effects", *write.proof)
    for exchange in history.lists("listTickets"):
        wanted = replied_ticket(exchange.request)
        if wanted is None or history.why_absent("replyToTicket"):
            continue
        if shows_ticket(exchange, wanted):
            yield holds("extension.messages.effects", exchange)
        else:
            message = f"search does not find ticket {wanted} by its new reply"
            yield violated("extension.messages.effects", message, exchange)


def replied_ticket(request: Request) -> str | None:
    """Return the ticket whose new reply a request searches for; None for other requests."""
    purpose, _, ticket = request.purpose.rpartition(" ")
    return ticket if purpose == SEARCH_FOR_REPLY else None


def shows_ticket(exchange: Exchange, ticket: str) -> bool:
    """Return whether a list that was answered shows a ticket."""
    return ticket in [str(row.get("id")) for row in rows(exchange)]


@law("extension.messages.validation", "extension.team.validation")
def refused(history: ExtensionHistory) -> Iterator[Finding]:
    """Invalid input is refused with 422, and nothing is written."""
    for write in writes(history):
        exchange = write.exchange
        if "invalid" not in exchange.request.purpose or (exchange.status or 0) >= 500:
            continue
        team = write.operation == _TEAM
        requirement = "extension.team.validation" if team else "extension.messages.validation"
        what = exchange.request.purpose
        if exchange.status != 422:
            yield violated(requirement, f"{what}: answered {exchange.status}", *write.proof)
        elif write.then != write.now:
            yield violated(requirement, f"{what}: refused, but the ticket changed", *write.proof)
        else:
            yield holds(requirement, *write.proof)


@law("extension.write.nothing_else")
def nothing_else(history: ExtensionHistory) -> Iterator[Finding]:
    """A write leaves the rest of the ticket, and its other tags and messages, as they were."""
    for write in writes(history):
        allowed = _CHANGED[write.operation]
        names = [name for name in write.then if name not in allowed]
        changed = [name for name in names if write.then[name] != write.now.get(name)]
        lost = set(tag_ids(write.then)) - set(tag_ids(write.now)) - {write.tag}
        messages = write.now.get("messages") or []
        gone = [m for m in write.then.get("messages") or () if m not in messages]
        if changed or (lost and "tags" in allowed) or gone:
            what = ", ".join(changed) or ("other tags" if lost else "earlier messages")
            message = f"{write.operation} changed {what}"
            yield violated("extension.write.nothing_else", message, *write.proof)
        else:
            yield holds("extension.write.nothing_else", *write.proof)


def tag_ids(ticket: Row) -> list[str]:
    return [str(tag.get("id")) for tag in ticket.get("tags") or () if isinstance(tag, dict)]


def _text_of(exchange: Exchange) -> str:
    """Return the HTML that was sent, without its blanks at both ends."""
    sent = json.loads(exchange.request.body or b"{}")
    return str(sent.get("body") or "").strip()
